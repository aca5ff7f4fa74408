/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/preview.h"

#include "harness.h"

static char *preview_of(const char *text, bool is_html, bool *ret_wants_more) {
        Preview preview;
        char *result;

        preview_init(&preview, is_html);
        *ret_wants_more = preview_feed(&preview, text, strlen(text));
        preview_finish(&preview);
        CHECK(preview.n_characters <= PREVIEW_CHARACTERS_MAX);
        result = buffer_take_text(&preview.text);
        preview_done(&preview);
        return result;
}

TEST("words of plain text and of HTML") {
        static const struct {
                const char *text, *plain, *html;
        } examples[] = {
                { "", "", "" },
                { " \t\r\n\v ", "", "" },
                { " a \r\n\r\n b\tc ", "a b c", "a b c" },
                { "a\n> quoted\n>> more\nb", "a b", "a > quoted >> more b" },
                { "> all\n> quoted\n", "", "> all > quoted" },
                { "a > b\n", "a > b", "a > b" },
                { "a\n-- \nsignature\n", "a", "a -- signature" },
                { "a\r\n-- \r\nsignature\r\n", "a", "a -- signature" },
                { "a\n-- ", "a", "a --" },
                { "a\n-- b\n--c\n--\n-", "a -- b --c -- -", "a -- b --c -- -" },
                { "\xc2\xa0" "a\xe2\x80\x8b\xef\xbb\xbf" "b\xe3\x80\x80" "c\x01" "d", "ab c d", "ab c d" },
                { "<p>a</p>b &eacute;", "<p>a</p>b &eacute;", "a b \xc3\xa9" },
        };
        bool wants_more;

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *plain = preview_of(examples[i].text, false, &wants_more);
                _cleanup_free_ char *html = preview_of(examples[i].text, true, &wants_more);

                CHECK_TEXT(plain, examples[i].plain);
                CHECK_TEXT(html, examples[i].html);
        }
}

TEST("two hundred characters are enough, whatever their octets") {
        _cleanup_buffer_ Buffer text = { 0 }, words = { 0 };
        bool wants_more;

        for (int i = 0; i < PREVIEW_CHARACTERS_MAX + 1; i++) {
                buffer_append_text(&text, "\xf0\x9f\x98\x83");
                buffer_append_text(&words, i % 2 == 0 ? "a" : " ");
        }
        for (int is_html = 0; is_html < 2; is_html++) {
                _cleanup_free_ char *wide = preview_of(text.data, is_html, &wants_more);
                _cleanup_free_ char *narrow = NULL;

                CHECK(!wants_more);
                CHECK_NUMBER(strlen(wide), 4 * PREVIEW_CHARACTERS_MAX);
                narrow = preview_of(words.data, is_html, &wants_more);
                CHECK(!wants_more);
                CHECK_NUMBER(strlen(narrow), PREVIEW_CHARACTERS_MAX - 1);
        }
}

TESTS_END
