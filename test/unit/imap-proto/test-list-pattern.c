/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "basic/buffer.h"
#include "basic/clock.h"
#include "imap-proto/list-pattern.h"

TEST("patterns match whole names") {
        static const struct {
                const char *reference, *pattern, *name;
                bool matches;
        } examples[] = {
                { "", "*", "INBOX", true },
                { "", "*", "INBOX/Work/2024", true },
                { "", "%", "INBOX", true },
                { "", "%", "INBOX/Work", false },
                { "", "inbox", "INBOX", true },
                { "", "iNb*", "INBOX/Work", true },
                { "", "inbox.work", "INBOX/Work", false },
                { "", "INBOX.%", "INBOX/Work", true },
                { "", "INBOX.%", "INBOX/Work/2024", false },
                { "", "INBOX.%.%", "INBOX/Work/2024", true },
                { "", "INBOX.%", "INBOX", false },
                { "", "INBOX*", "INBOX", true },
                { "", "INBOX.*4", "INBOX/Work/2024", true },
                { "INBOX", "%", "INBOX/Work", true },
                { "INBOX.", "%", "INBOX/Work", true },
                { "INBOX.", "", "INBOX", true },
                { "", "INBOX.", "INBOX", true },
                { "INBOX.Work", "*", "INBOX/Work/2024", true },
                { "INBOX.Work", "*", "INBOX/Work", false },
                { "", "*%", "INBOX/Work", true },
                { "", "%*%", "INBOX/Work/x", true },
                { "", "%%", "INBOX", true },
                { "", "INBOX.&APw-%", "INBOX/\xc3\xbc" "ber", true },
                { "", "INBOX.%&APw-", "INBOX/Men\xc3\xbc", true },
                { "", "Inbox.a", "Inbox/a", true },
                { "", "inbox.a", "Inbox/a", false },
                { "", "INB", "INBOX", false },
                { "", "INBOXx", "INBOX", false },
                { "", "*x", "INBOX", true },
                { "", "*X", "INBOX", true },
                { "", "*x*", "INBOX/x", true },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_list_pattern_ ListPattern pattern = { 0 };
                bool got;

                CHECK_NUMBER(list_pattern_init(examples[i].reference, examples[i].pattern, false, &pattern),
                             LIST_PATTERN_DONE);
                got = pattern.text && list_pattern_matches(&pattern, examples[i].name);
                if (got != examples[i].matches)
                        printf("# '%s' '%s' with '%s'\n", examples[i].reference, examples[i].pattern, examples[i].name);
                CHECK_NUMBER(got, examples[i].matches);
        }
}

TEST("impossible and broken patterns are told apart") {
        static const struct {
                const char *reference, *pattern;
                bool utf8;
                int want;
        } examples[] = {
                { "", "a/b", false, LIST_PATTERN_NOTHING },
                { "", "a..b", false, LIST_PATTERN_NOTHING },
                { "INBOX", ".a", false, LIST_PATTERN_NOTHING },
                { "", "&AOk", false, LIST_PATTERN_BROKEN },
                { "", "\xc3\xa9", false, LIST_PATTERN_BROKEN },
                { "", "\xc3\xa9*", true, LIST_PATTERN_DONE },
                { "", "\xc3*", true, LIST_PATTERN_BROKEN },
                { "", "a\nb", true, LIST_PATTERN_BROKEN },
                { "", "%a%a%a%a%a%a%a%a%a%", false, LIST_PATTERN_DONE },
                { "", "%a%a%a%a%a%a%a%a%a%a*", false, LIST_PATTERN_TOO_MANY },
                { "", "%%%%%%%%%%%%%%%%%", false, LIST_PATTERN_DONE },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_list_pattern_ ListPattern pattern = { 0 };

                CHECK_NUMBER(list_pattern_init(examples[i].reference, examples[i].pattern, examples[i].utf8, &pattern),
                             examples[i].want);
        }
}

TEST("wildcards cannot make matching slow") {
        _cleanup_list_pattern_ ListPattern pattern = { 0 };
        _cleanup_buffer_ Buffer name = { 0 };
        uint64_t start = clock_monotonic_usec();

        for (int i = 0; i < 1000; i++)
                buffer_append_char(&name, 'a');
        CHECK_NUMBER(list_pattern_init("", "*a%a*a%a*a%a*a%a*a%x", false, &pattern), LIST_PATTERN_DONE);
        for (int i = 0; i < 100; i++)
                CHECK(!list_pattern_matches(&pattern, name.data));
        CHECK(clock_monotonic_usec() - start < USEC_PER_SEC);
}

TESTS_END
