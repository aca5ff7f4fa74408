/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailbox names: what comes from the wire goes back as it came; any octets can be written. */
#include <assert.h>
#include <stdint.h>

#include "basic/modified-utf7.h"
#include "basic/text.h"
#include "imap-proto/mailbox-name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_wire(const char *wire, size_t size, bool utf8) {
        _cleanup_free_ char *name = NULL, *again = NULL;
        _cleanup_buffer_ Buffer back = { 0 };

        if (mailbox_name_from_wire(wire, size, utf8, &name) != MAILBOX_NAME_DONE)
                return;
        assert(text_is_utf8(name, strlen(name)) && !strchr(name, '.') && !strstr(name, "//"));
        mailbox_name_append_wire(name, utf8, &back);
        assert(back.size == size);
        for (size_t i = 0; i < size; i++) /* only INBOX may come back in other letters */
                assert(back.data[i] == wire[i] || (i < 5 && back.data[i] == char_to_upper(wire[i])));
        assert(mailbox_name_from_wire(back.data, back.size, utf8, &again) == MAILBOX_NAME_DONE);
        assert(text_equal(name, again));
}

static void check_written(const char *octets, size_t size) {
        _cleanup_free_ char *name = text_dup_range(octets, size);
        _cleanup_buffer_ Buffer wire = { 0 }, back = { 0 }, plain = { 0 };

        mailbox_name_append_wire(name, false, &wire);
        assert(modified_utf7_decode(wire.data, wire.size, &back));
        if (text_is_utf8(name, strlen(name)) && !strchr(name, '/'))
                assert(text_equal(back.data ? back.data : "", name));
        mailbox_name_append_wire(name, true, &plain);
        assert(text_is_utf8(plain.data, plain.size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        const char *octets = (const char *) data;

        check_wire(octets, size, false);
        check_wire(octets, size, true);
        check_written(octets, size);
        return 0;
}
