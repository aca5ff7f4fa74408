/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "basic/text.h"
#include "imap-proto/imap-limits.h"
#include "imap-proto/imap-write.h"

static char *taken(Buffer *buffer) {
        static char text[4096];

        snprintf(text, sizeof(text), "%s", buffer->data ? buffer->data : "");
        buffer_clear(buffer);
        return text;
}

TEST("strings are quoted when they can be and literals when they cannot") {
        static const struct {
                const char *text, *written, *written_in_utf8;
        } examples[] = {
                { "", "\"\"", "\"\"" },
                { "hello", "\"hello\"", "\"hello\"" },
                { "a\"b\\c", "\"a\\\"b\\\\c\"", "\"a\\\"b\\\\c\"" },
                { "two\r\nlines", "{10}\r\ntwo\r\nlines", "{10}\r\ntwo\r\nlines" },
                { "\xc3\xbc", "{2}\r\n\xc3\xbc", "\"\xc3\xbc\"" },
                { "\xff", "{1}\r\n\xff", "{1}\r\n\xff" },
                { "bell\a", "{5}\r\nbell\a", "{5}\r\nbell\a" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                for (int utf8 = 0; utf8 < 2; utf8++) {
                        _cleanup_buffer_ Buffer out = { 0 };
                        ImapWriter writer = { .out = &out, .utf8 = utf8 };

                        imap_write_text_string(&writer, examples[i].text);
                        CHECK_TEXT(out.data, utf8 ? examples[i].written_in_utf8 : examples[i].written);
                }
}

TEST("long strings are literals, and NUL never gets out") {
        _cleanup_free_ char *text = make_array(char, IMAP_QUOTED_MAX + 2);
        _cleanup_buffer_ Buffer out = { 0 };
        ImapWriter writer = { .out = &out };

        memset(text, 'x', IMAP_QUOTED_MAX + 1);
        imap_write_string(&writer, text, IMAP_QUOTED_MAX);
        CHECK_NUMBER(out.data[0], '"');
        buffer_clear(&out);
        imap_write_string(&writer, text, IMAP_QUOTED_MAX + 1);
        CHECK(text_starts_with(out.data, "{1001}\r\nxxx"));
        buffer_clear(&out);
        imap_write_string(&writer, "a\0b", 3);
        CHECK_TEXT(taken(&out), "{3}\r\na?b");
}

TEST("nstrings, astrings and atoms") {
        _cleanup_buffer_ Buffer out = { 0 };
        ImapWriter writer = { .out = &out };

        imap_write_nstring(&writer, NULL);
        CHECK_TEXT(taken(&out), "NIL");
        imap_write_nstring(&writer, "NIL");
        CHECK_TEXT(taken(&out), "\"NIL\"");
        imap_write_text_string(&writer, NULL);
        CHECK_TEXT(taken(&out), "\"\"");
        imap_write_astring(&writer, "nil");
        CHECK_TEXT(taken(&out), "\"nil\"");
        imap_write_astring(&writer, "plain]");
        CHECK_TEXT(taken(&out), "plain]");
        imap_write_astring(&writer, "");
        CHECK_TEXT(taken(&out), "\"\"");
        imap_write_astring(&writer, "a b");
        CHECK_TEXT(taken(&out), "\"a b\"");
        imap_write_atom(&writer, "a b(c\xc3\xbc\r\n");
        CHECK_TEXT(taken(&out), "a_b_c____");
        imap_write_atom(&writer, "");
        CHECK_TEXT(taken(&out), "_");
        imap_write_literal_head(&writer, 5000000000, false);
        imap_write_literal_head(&writer, 0, true);
        CHECK_TEXT(taken(&out), "{5000000000}\r\n~{0}\r\n");
}

TEST("mailboxes are quoted, in the encoding of the wire") {
        _cleanup_buffer_ Buffer out = { 0 };
        ImapWriter writer = { .out = &out };

        imap_write_mailbox(&writer, "INBOX/Entw\xc3\xbcrfe/a\"b");
        CHECK_TEXT(taken(&out), "\"INBOX.Entw&APw-rfe.a\\\"b\"");
        imap_write_mailbox(&writer, "");
        CHECK_TEXT(taken(&out), "\"\"");
        writer.utf8 = true;
        imap_write_mailbox(&writer, "INBOX/Entw\xc3\xbcrfe\r\n");
        CHECK_TEXT(taken(&out), "\"INBOX.Entw\xc3\xbcrfe?" "?\"");
}

TEST("flags come in Courier's order, dates in quotes") {
        static const char *const keywords[] = { "work", "bad name" };
        _cleanup_buffer_ Buffer out = { 0 };
        ImapWriter writer = { .out = &out };

        imap_write_flags(&writer, FLAGS_STORED | FLAG_RECENT, keywords, 2);
        CHECK_TEXT(taken(&out), "(\\Draft \\Flagged \\Answered \\Seen \\Deleted \\Recent work bad_name)");
        imap_write_flags(&writer, 0, NULL, 0);
        CHECK_TEXT(taken(&out), "()");
        imap_write_flags(&writer, 0, keywords, 1);
        CHECK_TEXT(taken(&out), "(work)");
        imap_write_date_time(&writer, 837596665, -420);
        CHECK_TEXT(taken(&out), "\"17-Jul-1996 02:44:25 -0700\"");
}

TEST("status lines are one line of printable ASCII") {
        _cleanup_buffer_ Buffer out = { 0 };
        ImapWriter writer = { .out = &out };

        imap_write_tagged(&writer, "a1", "OK", NULL, "NOOP completed");
        CHECK_TEXT(taken(&out), "a1 OK NOOP completed\r\n");
        imap_write_tagged(&writer, "a1", "NO", "TRYCREATE", "No such mailbox");
        CHECK_TEXT(taken(&out), "a1 NO [TRYCREATE] No such mailbox\r\n");
        imap_write_tagged(&writer, "a1", "BAD", "X\r]Y", "two\r\nlines \xc3\xbc");
        CHECK_TEXT(taken(&out), "a1 BAD [XY] two lines \r\n");
        imap_write_tagged(&writer, "", "BAD", NULL, "[ALERT] forged");
        CHECK_TEXT(taken(&out), "* BAD (ALERT] forged\r\n");
        imap_write_tagged(&writer, "a\r\nb", "OK", NULL, "");
        CHECK_TEXT(taken(&out), "* OK -\r\n");
        imap_write_untagged(&writer, "BYE", NULL, NULL);
        CHECK_TEXT(taken(&out), "* BYE -\r\n");
        imap_write_untagged(&writer, "OK", "UIDNEXT 7", "Predicted");
        CHECK_TEXT(taken(&out), "* OK [UIDNEXT 7] Predicted\r\n");
        imap_write_continuation(&writer, "");
        CHECK_TEXT(taken(&out), "+ \r\n");
        imap_write_continuation(&writer, "OK");
        CHECK_TEXT(taken(&out), "+ OK\r\n");
        writer.utf8 = true;
        imap_write_untagged(&writer, "OK", NULL, "gr\xc3\xbc\xc3\x9f");
        CHECK_TEXT(taken(&out), "* OK gr\xc3\xbc\xc3\x9f\r\n");
        imap_write_untagged(&writer, "OK", NULL, "broken \xff");
        CHECK_TEXT(taken(&out), "* OK broken \r\n");
}

TESTS_END
