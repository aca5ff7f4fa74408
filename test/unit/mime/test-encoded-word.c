/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/encoded-word.h"

#include <time.h>

#include "harness.h"
#include "mime/parameter.h"

TEST("encoded words are decoded") {
        static const struct {
                const char *text, *want;
        } examples[] = {
                { "plain", "plain" }, { "", "" },
                { "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Gr\xc3\xbc\xc3\x9f" "e" },
                { "=?UTF-8?b?R3LDvMOfZQ==?=", "Gr\xc3\xbc\xc3\x9f" "e" },
                { "=?iso-8859-1?q?Gr=FC=DFe?= and =?iso-8859-1?q?more?=", "Gr\xc3\xbc\xc3\x9f" "e and more" },
                { "=?utf-8?Q?one?= =?utf-8?Q?two?=", "onetwo" },
                { "=?utf-8?Q?one?= \t =?iso-8859-1?Q?two?= three", "onetwo three" },
                { "=?utf-8?Q?split=C3?= =?utf-8?Q?=BC?=", "split\xc3\xbc" },
                { "=?utf-8?Q?broken", "=?utf-8?Q?broken" },
                { "=?utf-8?Q?broken =?utf-8?Q?whole?=", "=?utf-8?Q?broken whole" },
                { "=?unknown-charset?Q?x=FFy?=", "x\xef\xbf\xbdy" },
                { "=?utf-8*en?Q?with_language?=", "with language" },
                { "a=?utf-8?Q?glued?=b", "agluedb" }, { "=?utf-8?Q?a_b=20c?=", "a b c" },
                { "=?utf-8?X?bad?=", "=?utf-8?X?bad?=" }, { "=??Q?x?=", "=??Q?x?=" },
                { "=?utf-8?Q?What?" "?=", "What?" }, { "=?utf-8?Q?=ZZ=4?=", "=ZZ=4" },
                { "\"=?utf-8?Q?in quotes?=\"", "\"in quotes\"" },
                { "raw gr\xc3\xbcn", "raw gr\xc3\xbcn" }, { "raw gr\xfcn", "raw gr\xc3\xbcn" },
                { "=?utf-8?Q?" "?=x", "x" }, { "=?", "=?" }, { "=?a", "=?a" }, { "=?a?q?", "=?a?q?" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer out = { 0 };
                _cleanup_free_ char *exact = memory_copy(examples[i].text, strlen(examples[i].text));

                encoded_word_decode(exact, strlen(examples[i].text), &out);
                CHECK_TEXT(out.data ? out.data : "", examples[i].want);
        }
}

TEST("no text at all is an empty text") {
        _cleanup_buffer_ Buffer out = { 0 };

        encoded_word_decode(NULL, 0, &out);
        CHECK_NUMBER(out.size, 0);
}

TEST("words without an end take linear time") {
        _cleanup_buffer_ Buffer text = { 0 }, out = { 0 };
        clock_t start = clock();

        for (int i = 0; i < 200000; i++)
                buffer_append_text(&text, "=?a?q?");
        encoded_word_decode(text.data, text.size, &out);
        CHECK_NUMBER(out.size, text.size);
        CHECK(clock() - start < 2 * CLOCKS_PER_SEC);
}

TEST("parameters are decoded to UTF-8") {
        static const MimeParam params[] = {
                { "name", "=?utf-8?Q?=C3=BC?=.txt" }, { "filename", "plain" }, { "filename*", "iso-8859-1'de'%fc%zz" },
                { "title*", "%C3%BC" },
        };
        _cleanup_free_ char *name = mime_params_decode(params, 4, "name");
        _cleanup_free_ char *filename = mime_params_decode(params, 4, "filename");
        _cleanup_free_ char *title = mime_params_decode(params, 4, "title");

        CHECK_TEXT(name, "\xc3\xbc.txt");
        CHECK_TEXT(filename, "\xc3\xbc%zz");
        CHECK_TEXT(title, "\xc3\xbc");
        CHECK(!mime_params_decode(params, 4, "none"));
}

TESTS_END
