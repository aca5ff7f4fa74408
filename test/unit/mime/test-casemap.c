/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "mime/casemap.h"

TEST("texts that differ in case, or in how accents are written, have one form") {
        static const struct {
                const char *text, *form;
        } examples[] = {
                { "", "" },
                { "Hello, World 1", "HELLO, WORLD 1" },
                { "\xc3\xbc", "U\xcc\x88" },                     /* u with diaeresis */
                { "\xc3\x9c", "U\xcc\x88" },                     /* U with diaeresis */
                { "u\xcc\x88", "U\xcc\x88" },                    /* u, combining diaeresis */
                { "\xc7\xb0", "j\xcc\x8c" },                     /* has no titlecase of one character */
                { "\xc7\x86", "D" "z\xcc\x8c" },                 /* titlecase of dz with caron, then parts */
                { "\xef\xbd\x81", "\x41" },                      /* fullwidth a: compatibility */
                { "\xcf\x82 \xcf\x83", "\xce\xa3 \xce\xa3" },    /* both small sigmas */
                { "a\xffz", "A\xff" "Z" },                       /* not UTF-8 */
                { "\xc3", "\xc3" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer form = { 0 };

                buffer_append(&form, "", 0);
                casemap_append(examples[i].text, strlen(examples[i].text), &form);
                CHECK_TEXT(form.data, examples[i].form);
        }
}

TESTS_END
