/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "search/search-text.h"

static bool occurs(const char *needle_text, const char *text) {
        _cleanup_(search_text_freep) SearchText *needle = search_text_new(needle_text, strlen(needle_text));

        return search_text_in(needle, text, strlen(text));
}

TEST("case does not matter, accents do") {
        static const struct {
                const char *needle, *text;
                bool found;
        } examples[] = {
                { "hello", "Say HELLO there", true },
                { "HELLO", "say hello", true },
                { "hallo", "say hello", false },
                { "", "anything", true },
                { "", "", true },
                { "x", "", false },
                { "MÜLLER", "herr müller", true },
                { "muller", "herr müller", false },
                /* The same character composed and decomposed. */
                { "m\xc3\xbcller", "mu\xcc\x88ller", true },
                { "\xce\xa3\xce\x91\xce\xa3", "\xcf\x83\xce\xb1\xcf\x82", true }, /* final sigma */
                { "\xd0\x9f\xd1\x80\xd0\xb8", "\xd0\xbf\xd0\xa0\xd0\x98\xd0\xb2\xd0\xb5\xd1\x82", true },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                if (occurs(examples[i].needle, examples[i].text) != examples[i].found) {
                        printf("# '%s' in '%s'\n", examples[i].needle, examples[i].text);
                        CHECK(false);
                }
}

TEST("a run of white space equals one space") {
        CHECK(occurs("two words", "two \r\n\t words"));
        CHECK(occurs("two \r\n words", "two words"));
        CHECK(!occurs("twowords", "two words"));
        CHECK(occurs(" ", "a\tb"));
}

TEST("repeating needles are found where a naive restart would miss them") {
        CHECK(occurs("aab", "aaab"));
        CHECK(occurs("abab!", "ababab!"));
        CHECK(occurs("\xc3\xa4\xc3\xa4x", "\xc3\xa4\xc3\xa4\xc3\xa4x"));
        CHECK(!occurs("aaaaab", "aaaaaaaaaaaaaa"));
}

TEST("broken octets match nothing, not even themselves") {
        CHECK(!occurs("a\xff", "a\xff"));
        CHECK(!occurs("ab", "a\xff\x62"));
        CHECK(occurs("b", "\xc3\x62"));
}

TEST("text in pieces is found as text in one") {
        static const char text[] = "Say: H\xc3\x84LLO  w\xc3\xb6rld \xf0\x9f\x93\xa7!";
        static const char *const needles[] = { "h\xc3\xa4llo w\xc3\x96rld", "\xf0\x9f\x93\xa7", "!", "say: h" };

        for (size_t i = 0; i < ELEMENTSOF(needles); i++) {
                _cleanup_(search_text_freep) SearchText *needle = search_text_new(needles[i], strlen(needles[i]));

                for (size_t piece = 1; piece < sizeof(text); piece++) {
                        SearchScan scan;

                        search_scan_init(&scan, needle);
                        for (size_t at = 0; at < sizeof(text) - 1; at += piece)
                                search_scan_feed(&scan, text + at, MIN(piece, sizeof(text) - 1 - at));
                        CHECK(scan.found);
                }
        }
}

TESTS_END
