/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/setting.h"
#include "harness.h"

TEST("$NAME and ${NAME} are expanded, anything else is text") {
        static const char *const examples[][2] = {
                { "$A AUTH=PLAIN", "IMAP4rev1 AUTH=PLAIN" },
                { "${A}x", "IMAP4rev1x" },
                { "$ANONE", NULL },
                { "100$ ${A", "100$ ${A" },
                { "$LOOP", NULL },
        };

        setenv("A", "IMAP4rev1", 1);
        setenv("LOOP", "$LOOP", 1);
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *text = NULL;

                setenv("UNDER_TEST", examples[i][0], 1);
                text = setting_text("UNDER_TEST", NULL);
                CHECK_TEXT(text, examples[i][1]);
        }
}

TEST("integer booleans are true for numbers other than 0 and false for words, as in Courier") {
        setenv("B", "1", 1);
        CHECK(setting_flag("B", false));
        setenv("B", "YES", 1);
        CHECK(!setting_flag("B", true));
        setenv("B", "", 1);
        CHECK(setting_flag("B", true));
        setenv("B", "yes", 1);
        CHECK(setting_yes("B", false));
        setenv("B", "1", 1);
        CHECK(!setting_yes("B", true));
}

TEST("a number outside its range gives the default") {
        setenv("N", "7", 1);
        CHECK_NUMBER(setting_number("N", 3, 1, 10), 7);
        setenv("N", "11", 1);
        CHECK_NUMBER(setting_number("N", 3, 1, 10), 3);
        setenv("N", "7x", 1);
        CHECK_NUMBER(setting_number("N", 3, 1, 10), 3);
        unsetenv("N");
        CHECK_NUMBER(setting_number("N", 3, 1, 10), 3);
}

TESTS_END
