/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/charset-pool.h"

#include "basic/text.h"
#include "harness.h"

static char *convert(CharsetDecoder *decoder, const char *text, size_t size, bool finish) {
        Buffer out = { 0 };

        charset_decode(decoder, text, size, &out);
        if (finish)
                charset_decode_finish(decoder, &out);
        return buffer_take_text(&out);
}

TEST("a decoder is used again") {
        _cleanup_charset_pool_ CharsetPool pool = { 0 };
        CharsetDecoder *first = charset_pool_take(&pool, "koi8-r");

        CHECK(charset_pool_take(&pool, "utf-8") != first);
        CHECK(charset_pool_take(&pool, "KOI8-R") == first);
}

TEST("more names than there is room for, and impossible ones, get decoders as well") {
        _cleanup_charset_pool_ CharsetPool pool = { 0 };
        char name[100];

        for (int i = 0; i < 20; i++) {
                _cleanup_free_ char *charset = text_printf("iso-8859-%d", 1 + i % 9);
                _cleanup_free_ char *got = convert(charset_pool_take(&pool, charset), "a", 1, true);

                CHECK_TEXT(got, "a");
        }
        memset(name, 'x', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        for (size_t i = 0; i < 2; i++) {
                _cleanup_free_ char *got = convert(charset_pool_take(&pool, i == 0 ? name : NULL),
                                                   "a\xff", 2, true);

                CHECK_TEXT(got, "a\xef\xbf\xbd");
        }
}

TEST("what is left of one text is not in the next one") {
        static const struct {
                const char *charset, *before, *text;
        } examples[] = {
                { "utf-8", "a\xc3", "x" },
                { "gb18030", "\xc4", "\xe3x" },
                { "iso-2022-jp", "\x1b$BF|", "x" },
                { "iso-2022-kr", "\x1b$)C\x0e!!\x0f", "\x0e!!\x0f" },
                { "utf-7", "+AOQ", "x-" },
                { "utf-16", "\xfe\xff", "ax" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_charset_pool_ CharsetPool pool = { 0 }, fresh = { 0 };
                const char *charset = examples[i].charset, *text = examples[i].text;
                _unused_ _cleanup_free_ char *before = convert(charset_pool_take(&pool, charset),
                                                      examples[i].before,
                                                      strlen(examples[i].before), false);
                _cleanup_free_ char *got = convert(charset_pool_take(&pool, charset), text,
                                                   strlen(text), true);
                _cleanup_free_ char *want = convert(charset_pool_take(&fresh, charset), text,
                                                    strlen(text), true);

                CHECK_TEXT(got, want);
        }
}

TESTS_END
