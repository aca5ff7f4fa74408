/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html-text.h"

#include "harness.h"

static char *text_of(const char *html, size_t piece) {
        _cleanup_buffer_ Buffer out = { 0 };
        HtmlText state = { 0 };

        for (size_t at = 0, size = strlen(html); at < size; at += piece)
                html_text_feed(&state, html + at, MIN(piece, size - at), &out);
        html_text_finish(&state, &out);
        return buffer_take_text(&out);
}

TEST("the text of HTML, in pieces of any size") {
        static const struct {
                const char *html, *want;
        } examples[] = {
                { "", "" },
                { "plain", "plain" },
                { "<p>one</p><P>two", "\none\n\ntwo" },
                { "b<b>o</b>ld<BR/>x", "bold\nx" },
                { "<a href=\"x>y\" title = '>'>z</a>", "z" },
                { "<p don't>x", "\nx" },
                { "a < b <3 <> <", "a < b <3 <> <" },
                { "a<!-- > <p> -- -->b<!>c<!doctype html>d<?xml x?>e", "abcde" },
                { "a<!-->b<!--->c-->d", "abc-->d" },
                { "<script>if (a<b) x = '</p>';</script >a", "\n\na" },
                { "<STYLE><!-- p { } --></style><title>t</title>x", "\n\n\n\nx" },
                { "<script>never closed", "\n" },
                { "<b never closed", "" },
                { "&amp;&lt;&gt;&quot;&apos;&nbsp;&copy;&yuml;", "&<>\"'\xc2\xa0\xc2\xa9\xc3\xbf" },
                { "&#65;&#x42;&#X20ac;&#128512;", "AB\xe2\x82\xac\xf0\x9f\x98\x80" },
                { "&#0;&#xd800;&#x110000;&#99999999999;", "&#0;\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
                { "&unknown; & && &amp &#; &#x; a&b", "&unknown; & && &amp &#; &#x; a&b" },
                { "&averyveryverylongname;", "&averyveryverylongname;" },
                { "&Auml;&auml;", "\xc3\x84\xc3\xa4" },
                { "<averyveryverylongname>x", "\nx" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                for (size_t piece = 1; piece < 9; piece++) {
                        _cleanup_free_ char *got = text_of(examples[i].html, piece);

                        CHECK_TEXT(got, examples[i].want);
                }
}

TESTS_END
