/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/userdb-line.h"
#include "basic/text.h"
#include "harness.h"

static void check_field(const char *fields, const char *name, const char *want) {
        _cleanup_free_ char *got = userdb_field(fields, name);

        CHECK_TEXT(got, want);
}

TEST("a line is a name, a TAB and fields") {
        static const struct {
                const char *line;
                UserdbLine kind;
                const char *name, *fields;
        } examples[] = {
                { "joe\tuid=5|gid=5",     USERDB_ACCOUNT, "joe", "uid=5|gid=5" },
                { "a b@example.com\tx\ty", USERDB_ACCOUNT, "a b@example.com", "x\ty" },
                { "joe\t",                USERDB_ACCOUNT, "joe", "" },
                { "",                     USERDB_NOTHING, NULL, NULL },
                { "# joe\tuid=5",         USERDB_NOTHING, NULL, NULL },
                { "1012=\tjoe",           USERDB_NOTHING, NULL, NULL },
                { "12a=\tuid=5",          USERDB_ACCOUNT, "12a=", "uid=5" },
                { ".\tuid=5",             USERDB_NOTHING, NULL, NULL },
                { "joe uid=5",            USERDB_BROKEN,  NULL, NULL },
                { "\tuid=5",              USERDB_BROKEN,  NULL, NULL },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *line = text_dup(examples[i].line);
                const char *fields = NULL;

                CHECK_NUMBER(userdb_line_split(line, strlen(line), &fields), examples[i].kind);
                CHECK_TEXT(fields, examples[i].fields);
                if (examples[i].name)
                        CHECK_TEXT(line, examples[i].name);
        }
}

TEST("a NUL in a line breaks it") {
        char line[] = "joe\tuid=5\0|gid=5";
        const char *fields = NULL;

        CHECK_NUMBER(userdb_line_split(line, sizeof(line) - 1, &fields), USERDB_BROKEN);
}

TEST("the first field of a name wins; only the first '=' separates") {
        const char *fields = "uid=7|options=group=a,shared=b|uid=8|flag|uidx=9|Home=/H|home=/h|empty=";

        check_field(fields, "uid", "7");
        check_field(fields, "options", "group=a,shared=b");
        check_field(fields, "flag", "");
        check_field(fields, "empty", "");
        check_field(fields, "home", "/h");
        check_field(fields, "ui", NULL);
        check_field(fields, "missing", NULL);
        check_field("", "uid", NULL);
        check_field("uid=5", "uid", "5");
}

TEST("numbers are leading digits") {
        uint32_t number = 0;

        CHECK(userdb_field_number("uid=12abc", "uid", &number) && number == 12);
        CHECK(userdb_field_number("uid=4294967294", "uid", &number) && number == 4294967294);
        CHECK(!userdb_field_number("uid=4294967295", "uid", &number));
        CHECK(!userdb_field_number("uid=-1", "uid", &number));
        CHECK(!userdb_field_number("uid=", "uid", &number));
        CHECK(!userdb_field_number("uid", "uid", &number));
}

TESTS_END
