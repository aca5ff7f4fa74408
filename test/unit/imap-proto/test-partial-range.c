/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/partial-range.h"

static bool read_range(const char *text, PartialRange *range) {
        ImapArgs args;

        imap_args_init(&args, text, strlen(text), NULL);
        return partial_range_take(&args, range) && imap_args_at_end(&args);
}

TEST("a page is read, written as it came, and cut out of n results") {
        static const struct {
                const char *text;
                size_t n, start, end;
        } examples[] = {
                { "1:500", 1000, 0, 500 },         { "500:1", 1000, 0, 500 },
                { "1:500", 3, 0, 3 },              { "2:2", 3, 1, 2 },
                { "4:9", 3, 3, 3 },                { "1:1", 0, 0, 0 },
                { "-1:-100", 1000, 900, 1000 },    { "-100:-1", 1000, 900, 1000 },
                { "-1:-100", 3, 0, 3 },            { "-4:-9", 3, 0, 0 },
                { "-2:-3", 5, 2, 4 },              { "-1:-1", 0, 0, 0 },
                { "1:4294967295", 7, 0, 7 },       { "-4294967295:-4294967295", 7, 0, 0 },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer shown = { 0 };
                PartialRange range;
                size_t start, end;

                CHECK(read_range(examples[i].text, &range));
                partial_range_append(&range, &shown);
                CHECK_TEXT(shown.data, examples[i].text);
                partial_range_slice(&range, examples[i].n, &start, &end);
                CHECK_NUMBER(start, examples[i].start);
                CHECK_NUMBER(end, examples[i].end);
        }
}

TEST("what is no page is refused") {
        static const char *const examples[] = {
                "", "1", "1:", ":1", "0:1", "1:0", "01:2", "-1:1", "1:-1", "--1:-1", "-0:-1", "-1", "-1:-1x",
                "1:2:3", "1:4294967296", "99999999999999999999:1", "*:1", "\"1:2\"", "(1:2)",
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                PartialRange range;

                CHECK(!read_range(examples[i], &range));
        }
}

TESTS_END
