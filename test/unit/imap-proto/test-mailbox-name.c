/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/modified-utf7.h"
#include "harness.h"
#include "imap-proto/mailbox-name.h"

TEST("names go from the wire and back") {
        static const struct {
                const char *wire, *name;
        } examples[] = {
                { "INBOX", "INBOX" },
                { "INBOX.Work.2024", "INBOX/Work/2024" },
                { "INBOX.Entw&APw-rfe", "INBOX/Entw\xc3\xbcrfe" },
                { "INBOX.R&-D", "INBOX/R&D" },
                { "INBOX.&AOk-&-&AOk-", "INBOX/\xc3\xa9&\xc3\xa9" },
                { "INBOX.&Jjo-!", "INBOX/\xe2\x98\xba!" },
                { "INBOX.&2D3eAA-", "INBOX/\xf0\x9f\x98\x80" },
                { "INBOX.&U,BTFw-.&ZeVnLIqe-", "INBOX/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e" },
                { "INBOXER", "INBOXER" },
                { "foo", "foo" },
                { "INBOX.a b\"c\\", "INBOX/a b\"c\\" },
                { "INBOX.Work.", "INBOX/Work/" },
                { "", "" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *name = NULL;
                _cleanup_buffer_ Buffer wire = { 0 };

                CHECK_NUMBER(mailbox_name_from_wire(examples[i].wire, strlen(examples[i].wire), false, &name),
                             MAILBOX_NAME_DONE);
                CHECK_TEXT(name, examples[i].name);
                if (!name)
                        continue;
                mailbox_name_append_wire(name, false, &wire);
                CHECK_TEXT(wire.data ? wire.data : "", examples[i].wire);
        }
}

TEST("INBOX is known in any case of letters, as the first level only") {
        static const struct {
                const char *wire, *name;
        } examples[] = {
                { "inbox", "INBOX" }, { "iNbOx.Sent", "INBOX/Sent" }, { "inboxes", "inboxes" },
                { "x.inbox", "x/inbox" }, { "INBOX.inbox", "INBOX/inbox" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *name = NULL;

                CHECK_NUMBER(mailbox_name_from_wire(examples[i].wire, strlen(examples[i].wire), false, &name),
                             MAILBOX_NAME_DONE);
                CHECK_TEXT(name, examples[i].name);
        }
}

TEST("broken names are told from names that cannot be ours") {
        static const struct {
                const char *wire;
                int want;
        } examples[] = {
                { "INBOX.&", MAILBOX_NAME_BROKEN },
                { "INBOX.&AOk", MAILBOX_NAME_BROKEN },        /* not ended */
                { "INBOX.&AO-", MAILBOX_NAME_BROKEN },        /* half a unit */
                { "INBOX.&AOl-", MAILBOX_NAME_BROKEN },       /* bits left over */
                { "INBOX.&AOkA-", MAILBOX_NAME_BROKEN },      /* a digit left over */
                { "INBOX.&AGE-", MAILBOX_NAME_BROKEN },       /* 'a' need not be encoded */
                { "INBOX.&AOk-&AOk-", MAILBOX_NAME_BROKEN },  /* two runs for one */
                { "INBOX.&2D0-", MAILBOX_NAME_BROKEN },       /* half a surrogate pair */
                { "INBOX.&3gA-", MAILBOX_NAME_BROKEN },       /* the other half */
                { "INBOX.&AAA-", MAILBOX_NAME_BROKEN },       /* NUL */
                { "INBOX.\xc3\xbc", MAILBOX_NAME_BROKEN },
                { "INBOX.a\tb", MAILBOX_NAME_BROKEN },
                { "INBOX.&AAk-", MAILBOX_NAME_NOT_OURS },     /* a tab */
                { "INBOX/Work", MAILBOX_NAME_NOT_OURS },
                { "INBOX..Work", MAILBOX_NAME_NOT_OURS },
                { ".INBOX", MAILBOX_NAME_NOT_OURS },
                { ".", MAILBOX_NAME_NOT_OURS },
                { "INBOX..", MAILBOX_NAME_NOT_OURS },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *name = NULL;
                int r = mailbox_name_from_wire(examples[i].wire, strlen(examples[i].wire), false, &name);

                if (r != examples[i].want)
                        printf("# '%s'\n", examples[i].wire);
                CHECK_NUMBER(r, examples[i].want);
        }
}

TEST("after ENABLE UTF8=ACCEPT names are UTF-8 on the wire") {
        _cleanup_free_ char *name = NULL, *amp = NULL, *broken = NULL;
        _cleanup_buffer_ Buffer wire = { 0 };

        CHECK_NUMBER(mailbox_name_from_wire("INBOX.\xc3\xbc", 8, true, &name), MAILBOX_NAME_DONE);
        CHECK_TEXT(name, "INBOX/\xc3\xbc");
        mailbox_name_append_wire(name, true, &wire);
        CHECK_TEXT(wire.data, "INBOX.\xc3\xbc");
        CHECK_NUMBER(mailbox_name_from_wire("a&b", 3, true, &amp), MAILBOX_NAME_DONE);
        CHECK_TEXT(amp, "a&b");
        CHECK_NUMBER(mailbox_name_from_wire("a\xc3", 2, true, &broken), MAILBOX_NAME_BROKEN);
}

TEST("what the disk holds can always be written") {
        static const struct {
                const char *name, *wire;
        } examples[] = {
                { "INBOX/\xff", "INBOX.&,,0-" },
                { "INBOX/\xc3", "INBOX.&,,0-" },
                { "INBOX/\xed\xa0\x80", "INBOX.&,,3,,f,9-" },
                { "INBOX/\xf4\x90\x80\x80", "INBOX.&,,3,,f,9,,0-" },
                { "INBOX/\xc0\xaf", "INBOX.&,,3,,Q-" },
                { "INBOX/a\nb", "INBOX.a&AAo-b" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer wire = { 0 }, back = { 0 };

                mailbox_name_append_wire(examples[i].name, false, &wire);
                CHECK_TEXT(wire.data, examples[i].wire);
                CHECK(modified_utf7_decode(wire.data, wire.size, &back));
        }
}

TEST("controls and separators of lines beyond ASCII may not be in a new name") {
        CHECK(mailbox_name_may_be_made("INBOX/\xc3\xbc\xe2\x80\xa7"));
        CHECK(mailbox_name_may_be_made("INBOX/\xc2\xa0"));
        CHECK(mailbox_name_may_be_made("INBOX/\xe2\x80"));
        CHECK(!mailbox_name_may_be_made("INBOX/a\xc2\x80"));
        CHECK(!mailbox_name_may_be_made("INBOX/a\xc2\x9f" "b"));
        CHECK(!mailbox_name_may_be_made("INBOX/\xe2\x80\xa8"));
        CHECK(!mailbox_name_may_be_made("INBOX/\xe2\x80\xa9"));
}

TEST("an empty Buffer is the empty name") {
        _cleanup_buffer_ Buffer target = { 0 };

        CHECK(modified_utf7_decode(NULL, 0, &target));
        CHECK_NUMBER(target.size, 0);
}

TESTS_END
