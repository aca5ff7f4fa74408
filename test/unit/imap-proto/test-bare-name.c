/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/bare-name.h"

TEST("names of no namespace are bare") {
        static const struct {
                const char *name;
                bool is_bare;
        } examples[] = {
                { "", false }, { "INBOX", false }, { "INBOX/Sent", false }, { "Sent", true },
                { "Sent/2024", true }, { "INBOXES", true }, { "INBO", true }, { "Inbox/x", false },
                { "#shared", false }, { "#shared/joe", false }, { "#x", false }, { "shared", false },
                { "shared/x", false }, { "sharedness", true }, { "share", true }, { "\xc3\xbc", true },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                CHECK_NUMBER(bare_name_is(examples[i].name), examples[i].is_bare);
}

TEST("the prefix comes and goes") {
        _cleanup_free_ char *name = bare_name_prefixed("Sent/2024");

        CHECK_TEXT(name, "INBOX/Sent/2024");
        CHECK_TEXT(bare_name_of(name), "Sent/2024");
        CHECK_TEXT(bare_name_of("INBOX"), "INBOX");
        CHECK_TEXT(bare_name_of("Sent"), "Sent");
}

TEST("patterns that no name with a prefix matches get one") {
        static const struct {
                const char *pattern, *want; /* NULL: it stays */
        } examples[] = {
                { "*", NULL }, { "%", NULL }, { "%.x", NULL }, { "INBOX", NULL }, { "inbox.*", NULL },
                { "I*", NULL }, { "In%", NULL }, { "INBOX*", NULL }, { "INBOX%.x", NULL }, { "#*", NULL },
                { "shared.%", NULL }, { "s*", NULL }, { "shared*", NULL },
                { "Sent", "INBOX/Sent" }, { "Sent.%", "INBOX/Sent/%" }, { "S-*", "INBOX/S-*" },
                { "INBOXES*", "INBOX/INBOXES*" }, { "Inb", "INBOX/Inb" }, { "Inc*", "INBOX/Inc*" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_list_pattern_ ListPattern pattern = { 0 };

                CHECK_NUMBER(list_pattern_init("", examples[i].pattern, false, &pattern), LIST_PATTERN_DONE);
                CHECK_NUMBER(bare_name_prefix_pattern(&pattern), examples[i].want != NULL);
                CHECK_NUMBER(pattern.is_bare, examples[i].want != NULL);
                if (examples[i].want)
                        CHECK_TEXT(pattern.text, examples[i].want);
                CHECK_NUMBER(pattern.size, strlen(pattern.text));
        }
}

TESTS_END
