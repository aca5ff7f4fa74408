/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/text.h"
#include "harness.h"

TEST("numbers are digits that fill the text and fit") {
        uint32_t number;

        CHECK(text_parse_u32("4294967295", &number) && number == 4294967295U);
        CHECK(!text_parse_u32("4294967296", &number));
        CHECK(!text_parse_u32("", &number));
        CHECK(!text_parse_u32("-1", &number));
        CHECK(!text_parse_u32(" 1", &number));
        CHECK(!text_parse_u32("1 ", &number));
}

TEST("UTF-8 refuses overlong forms, surrogates and what lies past U+10FFFF") {
        static const struct {
                const char *text;
                bool good;
        } examples[] = {
                { "", true },
                { "a\xc3\xa4", true },
                { "\xf0\x9f\x93\xa7", true },
                { "\xc0\x80", false },
                { "\xe0\x80\x80", false },
                { "\xed\xa0\x80", false },
                { "\xf4\x90\x80\x80", false },
                { "\xc3", false },
                { "\xff", false },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                CHECK(text_is_utf8(examples[i].text, strlen(examples[i].text)) == examples[i].good);
}

TEST("what goes to the log has no control characters and no broken UTF-8") {
        _cleanup_free_ char *shown = text_for_log("a\nb\xff\xc3\xa4\x1b[1m", 100);
        _cleanup_free_ char *cut = text_for_log("a\xc3\xa4", 2);

        CHECK_TEXT(shown, "a?b?\xc3\xa4?[1m");
        CHECK_TEXT(cut, "a");
}

TEST("comparing without case folds ASCII only") {
        CHECK(text_equal_nocase("InBoX", "INBOX"));
        CHECK(!text_equal_nocase("INBOX", "INBOX."));
        CHECK(!text_equal_nocase("\xc3\xa4", "\xc3\x84"));
        CHECK(text_equal_nocase_range("inbox.x", 5, "INBOX"));
}

TEST("lines are gone over, with a line feed at the end or without") {
        static const struct {
                const char *octets, *shown;
        } examples[] = {
                { "", "" },
                { "a", "[a]" },
                { "a\n", "[a]" },
                { "\na\n\nb", "[][a][][b]" },
                { "\n", "[]" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                const char *at = examples[i].octets, *end = at + strlen(at), *line;
                char shown[100] = "";
                size_t size, n = 0;

                while (text_next_line(&at, end, &line, &size))
                        n += (size_t) snprintf(shown + n, sizeof(shown) - n, "[%.*s]", (int) size, line);
                CHECK_TEXT(shown, examples[i].shown);
                CHECK(at == end);
        }
}

TESTS_END
