/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HEADER.FIELDS and HEADER.FIELDS.NOT: together they are the header, in whatever pieces it comes. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "basic/buffer.h"
#include "imapd/header-filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "Subject", "From" };

static void on_octets(void *userdata, const char *data, size_t size) {
        buffer_append(userdata, data, size);
}

static void filter_all(const char *data, size_t size, bool inverted, size_t step, Buffer *target) {
        HeaderFilter filter;

        header_filter_init(&filter, names, ELEMENTSOF(names), inverted);
        for (size_t at = 0; at < size; at += step)
                header_filter_feed(&filter, data + at, MIN(step, size - at), on_octets, target);
        header_filter_finish(&filter, on_octets, target);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        for (int inverted = 0; inverted < 2; inverted++) {
                _cleanup_buffer_ Buffer whole = { 0 }, pieces = { 0 };

                filter_all((const char *) data, size, inverted, size + 1, &whole);
                filter_all((const char *) data, size, inverted, 3, &pieces);
                assert(whole.size == pieces.size && whole.size <= size + 2);
                assert(whole.size == 0 || memcmp(whole.data, pieces.data, whole.size) == 0);
        }
        return 0;
}
