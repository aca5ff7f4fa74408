/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/charset.h"

#include "basic/text.h"
#include "harness.h"

static char *convert(const char *charset, const char *text, size_t size, size_t piece) {
        _cleanup_(charset_decoder_freep) CharsetDecoder *decoder = charset_decoder_new(charset);
        _cleanup_buffer_ Buffer out = { 0 };

        for (size_t at = 0; at < size; at += piece)
                charset_decode(decoder, text + at, MIN(piece, size - at), &out);
        charset_decode_finish(decoder, &out);
        CHECK(text_is_utf8(out.data, out.size));
        return buffer_take_text(&out);
}

#define BAD "\xef\xbf\xbd"

TEST("text becomes UTF-8, in pieces of any size") {
        static const struct {
                const char *charset, *text, *want;
        } examples[] = {
                { "us-ascii", "plain", "plain" }, { "us-ascii", "a\xff\xfe", "a" BAD BAD },
                { NULL, "a\xc3\xbc", "a" BAD BAD }, { "x-nothing", "a\xff", "a" BAD },
                { "UTF-8", "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
                  "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80" },
                { "utf8", "a\xc3", "a" BAD }, { "utf-8", "\xc0\x80\xed\xa0\x80", BAD BAD BAD BAD BAD },
                { "utf-8", "\xe2\x82z", BAD BAD "z" },
                { "utf+8", "\xf7\x9d\x9d\x9d", BAD BAD BAD BAD },
                { "iso-8859-1", "gr\xfc\xdf", "gr\xc3\xbc\xc3\x9f" }, { "iso-8859-1", "\x80", "\xe2\x82\xac" },
                { "windows-1252", "\x81x", BAD "x" }, { "koi8-r", "\xf0\xd2", "\xd0\x9f\xd1\x80" },
                { "iso-2022-jp", "\x1b$BF|K\\\x1b(B.", "\xe6\x97\xa5\xe6\x9c\xac." },
                { "shift_jis", "\x93\xfa\x96{", "\xe6\x97\xa5\xe6\x9c\xac" }, { "shift_jis", "\x93", BAD },
                { "utf-7", "+AOQ-x", "\xc3\xa4x" }, { "gb2312", "\xc4\xe3", "\xe4\xbd\xa0" },
                { "euc-kr", "\xb0\xa1", "\xea\xb0\x80" }, { "big5", "\xa7\x41", "\xe4\xbd\xa0" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                for (size_t piece = 1; piece < 8; piece++) {
                        _cleanup_free_ char *got = convert(examples[i].charset, examples[i].text,
                                                           strlen(examples[i].text), piece);

                        CHECK_TEXT(got, examples[i].want);
                }
}

TEST("UTF-16 with a byte order mark") {
        static const char text[] = "\xff\xfe" "a\0\xfc\0";
        _cleanup_free_ char *got = convert("utf-16", text, sizeof(text) - 1, 3);

        CHECK_TEXT(got, "a\xc3\xbc");
}

TEST("names are looked at before iconv sees them") {
        CHECK(charset_is_known("Windows-1252"));
        CHECK(charset_is_known("us-ascii"));
        CHECK(!charset_is_known("../../tmp/x"));
        CHECK(!charset_is_known("utf-8//IGNORE"));
        CHECK(!charset_is_known(""));
        CHECK(!charset_is_known("x-no-such-thing"));
        CHECK(charset_is_ascii_compatible("koi8-r"));
        CHECK(!charset_is_ascii_compatible("UTF-16LE"));
}

TESTS_END
