/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/text.h"
#include "harness.h"
#include "mime/normal-form.h"

TEST("texts get one form, and those that have it are left alone") {
        static const struct {
                const char *text, *form;
        } examples[] = {
                { "", NULL },
                { "INBOX/Work", NULL },
                { "Entw\xc3\xbcrfe", NULL },
                { "Entwu\xcc\x88rfe", "Entw\xc3\xbcrfe" },                  /* u, combining diaeresis */
                { "\xe2\x84\xab", "\xc3\x85" },                             /* angstrom sign */
                { "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c" }, /* jamo of one syllable */
                { "a\xcc\xa3\xcc\x82", "\xe1\xba\xad" },                    /* two marks on one letter */
                { "a\xcc\x82\xcc\xa3", "\xe1\xba\xad" },                    /* in the other order */
                { "\xef\xac\x81", NULL },                                   /* fi ligature: compatibility only */
                { "u\xcc\x88\xff", NULL },                                  /* not UTF-8 */
                { "\xe0\xa5\x98", "\xe0\xa4\x95\xe0\xa4\xbc" },             /* composition exclusion: longer */
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *form = normal_form_of(examples[i].text);

                CHECK_TEXT(form, examples[i].form);
        }
}

TESTS_END
