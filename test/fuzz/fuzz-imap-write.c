/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written is read as it was, and no text breaks out of its line. */
#include <assert.h>
#include <stdint.h>

#include "basic/text.h"
#include "imap-proto/date-time.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/imap-write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_strings(const char *text, bool utf8) {
        _cleanup_buffer_ Buffer out = { 0 };
        ImapWriter writer = { .out = &out, .utf8 = utf8 };
        _cleanup_free_ char *first = NULL, *second = NULL, *third = NULL;
        ImapArgs args;

        imap_write_astring(&writer, text);
        imap_write_raw(&writer, " ");
        imap_write_nstring(&writer, text);
        imap_write_raw(&writer, " ");
        imap_write_atom(&writer, text);
        imap_write_raw(&writer, "\r\n");
        imap_args_init(&args, out.data, out.size, NULL);
        assert(imap_args_take_astring(&args, &first) && text_equal(first, text));
        assert(imap_args_take_nstring(&args, &second) && text_equal(second, text));
        assert(imap_args_take_atom(&args, &third) && imap_args_at_end(&args));
}

static void check_line(const char *text, bool utf8) {
        _cleanup_buffer_ Buffer out = { 0 };
        ImapWriter writer = { .out = &out, .utf8 = utf8 };

        imap_write_tagged(&writer, text, "OK", text, text);
        assert(strcspn(out.data, "\r\n") == out.size - 2 && text_ends_with(out.data, "\r\n"));
        assert(text_is_utf8(out.data, out.size));
        buffer_clear(&out);
        imap_write_continuation(&writer, text);
        imap_write_mailbox(&writer, text);
        assert(strcspn(strchr(out.data, '\n') + 1, "\r\n") == strlen(strchr(out.data, '\n') + 1));
}

static void check_date(const char *text) {
        _cleanup_buffer_ Buffer out = { 0 };
        int64_t sec, again;
        int16_t zone, zone_again;

        if (!date_time_parse(text, strlen(text), &sec, &zone))
                return;
        date_time_append(sec, zone, &out);
        assert(date_time_parse(out.data, out.size, &again, &zone_again) && zone == zone_again);
        assert(sec - again <= 2 * 86400 && again - sec <= 2 * 86400); /* years stay within four digits */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_free_ char *text = NULL;

        if (size > 4096)
                return 0;
        text = text_dup_range((const char *) data, size);
        for (int utf8 = 0; utf8 < 2; utf8++) {
                check_strings(text, utf8);
                check_line(text, utf8);
        }
        check_date(text);
        return 0;
}
