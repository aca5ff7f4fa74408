/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"

#include "imapd/envelope-write.h"

static char *written(const Envelope *envelope) {
        _cleanup_buffer_ Buffer target = { 0 };
        ImapWriter writer = { .out = &target };

        envelope_write(&writer, envelope);
        return buffer_take_text(&target);
}

TEST("the envelope of RFC 3501, section 8, comes out as printed there") {
        MimeAddress terry[] = { { "Terry Gray", NULL, "gray", "cac.washington.edu" } };
        MimeAddress imap[] = { { NULL, NULL, "imap", "cac.washington.edu" } };
        MimeAddress cc[] = { { NULL, NULL, "minutes", "CNRI.Reston.VA.US" },
                             { "John Klensin", NULL, "KLENSIN", "MIT.EDU" } };
        Envelope envelope = {
                .date = "Wed, 17 Jul 1996 02:23:25 -0700 (PDT)",
                .subject = "IMAP4rev1 WG mtg summary and minutes",
                .from = { terry, 1, 1 }, .to = { imap, 1, 1 }, .cc = { cc, 2, 2 },
                .message_id = "<B27397-0100000@cac.washington.edu>",
        };
        _cleanup_free_ char *got = written(&envelope);

        CHECK_TEXT(got, "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\""
                        " \"IMAP4rev1 WG mtg summary and minutes\""
                        " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                        " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                        " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                        " ((NIL NIL \"imap\" \"cac.washington.edu\"))"
                        " ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")"
                        "(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\"))"
                        " NIL NIL \"<B27397-0100000@cac.washington.edu>\")");
}

TEST("a missing field is NIL, an empty one is an empty string") {
        Envelope envelope = { .subject = "" };
        _cleanup_free_ char *got = written(&envelope);

        CHECK_TEXT(got, "(NIL \"\" NIL NIL NIL NIL NIL NIL NIL NIL)");
}

TEST("a group is its name without a host, its members, and a row of NIL") {
        MimeAddress to[] = { { NULL, NULL, "Friends", NULL }, { "Ann", "@a.example", "ann", "b.example" },
                             { NULL, NULL, NULL, NULL } };
        Envelope envelope = { .to = { to, 3, 3 } };
        _cleanup_free_ char *got = written(&envelope);

        CHECK_TEXT(got, "(NIL NIL NIL NIL NIL ((NIL NIL \"Friends\" NIL)"
                        "(\"Ann\" \"@a.example\" \"ann\" \"b.example\")(NIL NIL NIL NIL)) NIL NIL NIL NIL)");
}

TEST("quotes are escaped, and what cannot stand in quotes becomes a literal") {
        MimeAddress from[] = { { "say \"x\" \\", NULL, "a", "b" } };
        Envelope envelope = { .subject = "Gr\xc3\xbc\xc3\x9f" "e", .from = { from, 1, 1 } };
        _cleanup_free_ char *got = written(&envelope);

        CHECK(strstr(got, "(NIL {7}\r\nGr\xc3\xbc\xc3\x9f" "e ((\"say \\\"x\\\" \\\\\" NIL \"a\" \"b\"))"));
}

TESTS_END
