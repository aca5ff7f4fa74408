/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URLs that mean messages and parts of them. */
#include "imap-proto/imap-url.h"

#include "basic/text.h"
#include "harness.h"
#include "imap-proto/imap-limits.h"

static char *describe(const char *text) {
        _cleanup_imap_url_ ImapUrl url = { 0 };
        _cleanup_buffer_ Buffer out = { 0 };

        if (!imap_url_parse(text, &url))
                return text_dup("none");
        buffer_printf(&out, "%s %u %u ", url.mailbox ? url.mailbox : "-", url.uidvalidity, url.uid);
        fetch_item_append_name(url.program.items, &out);
        if (url.program.items->is_partial)
                buffer_printf(&out, "%llu", (unsigned long long) url.program.items->partial_size);
        CHECK(url.program.items->peek);
        return buffer_take_text(&out);
}

TEST("a URL is a mailbox, a UID, and perhaps a section and a partial") {
        static const struct {
                const char *text, *meaning;
        } examples[] = {
                { "/Drafts;UIDVALIDITY=385759045/;UID=20", "Drafts 385759045 20 BODY[]" },
                { "/Drafts;UIDVALIDITY=385759045/;UID=20/;section=HEADER", "Drafts 385759045 20 BODY[HEADER]" },
                { "/Drafts;uidvalidity=4294967295/;uid=4294967295/;Section=1.MIME",
                  "Drafts 4294967295 4294967295 BODY[1.MIME]" },
                { "/Drafts/;UID=20/;SECTION=1.2/;PARTIAL=0.1024", "Drafts 0 20 BODY[1.2]<0>1024" },
                { "/Drafts/;UID=20/;PARTIAL=1024", "Drafts 0 20 BODY[]<1024>9223372036854775807" },
                { "Drafts/;UID=20", "Drafts 0 20 BODY[]" },
                { ";UID=20", "- 0 20 BODY[]" },
                { ";UID=20/;SECTION=TEXT", "- 0 20 BODY[TEXT]" },
                { "/inbox.Entw%C3%BCrfe/;UID=1", "INBOX/Entw\xc3\xbcrfe 0 1 BODY[]" },
                { "/%49NBOX.%3b%2525/;UID=1", "INBOX/;%25 0 1 BODY[]" },
                { "/a:b/;UID=1", "a:b 0 1 BODY[]" },
                { "/a/;UID=1/;SECTION=2.HEADER.FIELDS%20(To%20%22cc%22)",
                  "a 0 1 BODY[2.HEADER.FIELDS (\"TO\" \"CC\")]" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = describe(examples[i].text);

                CHECK_TEXT(got, examples[i].meaning);
        }
}

TEST("what is no message of this server is no URL") {
        static const char *const examples[] = {
                "", "/", "//", "/;UID=1", "//host/a/;UID=1", "imap://host/a/;UID=1", "imap:a/;UID=1", "a:b/;UID=1",
                "/a", "/a/", "/a;UIDVALIDITY=1", "/a?SUBJECT%20x", "/a;UID=1", "/a/;UID=", "/a/;UID=0",
                "/a/;UID=01x", "/a/;UID=4294967296", "/a/;UID=*", "/a/;UID=-1", "/a/;UID=+1", "/a//;UID=1",
                "/a;UIDVALIDITY=0/;UID=1", "/a;UIDVALIDITY=/;UID=1", "/a;UIDVALIDITY=1;UID=1",
                "/a/;UID=1/", "/a/;UID=1/;SECTION=", "/a/;UID=1/;SECTION=MIME", "/a/;UID=1/;SECTION=1.",
                "/a/;UID=1/;SECTION=x", "/a/;UID=1/;SECTION=1]<0.5>%20BODY[1", "/a/;UID=1/;SECTION=1%5D",
                "/a/;UID=1/;SECTION=1%0A", "/a/;UID=1;SECTION=1", "/a/;UID=1/;SECTION=1/;SECTION=2",
                "/a/;UID=1/;PARTIAL=", "/a/;UID=1/;PARTIAL=1.0", "/a/;UID=1/;PARTIAL=1.", "/a/;UID=1/;PARTIAL=x",
                "/a/;UID=1/;PARTIAL=0.99999999999999999999", "/a/;UID=1/;PARTIAL=0.1x",
                "/a/;UID=1/;PARTIAL=0.1/;SECTION=1", "/a/;UID=1;EXPIRE=2006-01-01T00:00:00Z",
                "/a/;UID=1;URLAUTH=anonymous", "/%/;UID=1", "/%4/;UID=1", "/%g0/;UID=1", "/a%00/;UID=1",
                "/a%0Ab/;UID=1", "/a%FF/;UID=1", "/a..b/;UID=1", "/a b/;UID=1", "/\xc3\xbc/;UID=1", ";UID=1;UID=2",
                "/;UIDVALIDITY=1/;UID=1", ";UIDVALIDITY=1/;UID=1",
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = describe(examples[i]);

                if (!text_equal(got, "none"))
                        printf("# %s\n", examples[i]);
                CHECK_TEXT(got, "none");
        }
}

TEST("a URL has a limit") {
        for (size_t more = 0; more < 2; more++) {
                _cleanup_buffer_ Buffer text = { 0 };
                _cleanup_free_ char *got = NULL;

                buffer_append_text(&text, "/a/;UID=1/;SECTION=HEADER.FIELDS%20(");
                while (text.size < IMAP_URL_MAX - 100)
                        buffer_append_text(&text, "abcdefg%20");
                while (text.size < IMAP_URL_MAX + more - 1)
                        buffer_append_char(&text, 'x');
                buffer_append_char(&text, ')');
                CHECK_NUMBER(text.size, IMAP_URL_MAX + more);
                got = describe(text.data);
                CHECK_NUMBER(text_equal(got, "none"), more > 0);
        }
}

TEST("BADURL repeats what may stand in it") {
        _cleanup_buffer_ Buffer out = { 0 };

        imap_url_append_code("/a[1]\r\n \x7f\xc3\xbc\"\\%41", &out);
        CHECK_TEXT(out.data, "/a[1%5D%0D%0A%20%7F%C3%BC\"\\%41");
}

TESTS_END
