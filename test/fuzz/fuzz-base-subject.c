/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base subjects lie within the subject, and are their own base. */
#include <assert.h>
#include <stdint.h>

#include "imap-proto/base-subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_buffer_ Buffer subject = { 0 }, again = { 0 };
        BaseSubject base, same;

        buffer_append(&subject, data, size);
        base_subject_find(&subject, &base);
        assert(base.text >= subject.data && base.text + base.size <= subject.data + subject.size);
        buffer_append(&again, base.text, base.size);
        base_subject_find(&again, &same);
        assert(same.size == base.size && !same.is_reply);
        return 0;
}
