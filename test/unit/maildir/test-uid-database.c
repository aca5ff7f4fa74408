/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/text.h"
#include "harness.h"
#include "maildir/uid-database.h"

static char *describe(const char *text) {
        _cleanup_uid_database_ UidDatabase database = { 0 };
        Buffer result = { 0 };

        if (!uid_database_parse(text_dup(text), strlen(text), &database))
                return text_dup("worthless");
        buffer_printf(&result, "%u %u:", database.uidvalidity, database.uidnext);
        for (size_t i = 0; i < database.n_entries; i++)
                buffer_printf(&result, " %u=%s", database.entries[i].uid, database.entries[i].base);
        return buffer_take_text(&result);
}

TEST("Courier's file is read with Courier's tolerance") {
        static const struct {
                const char *file, *want;
        } examples[] = {
                { "1 795238296 6\n1 1.a,S=35\n3 3.b\n", "795238296 6: 1=1.a,S=35 3=3.b" },
                { "1 795238296 6", "795238296 6:" },
                { "1 7 6 and more\n1 a\n", "7 6: 1=a" },
                { "1 7 6\n\n  2    b\nnonsense\n3\n4 \n5x c\n1 a", "7 6: 1=a 2=b" },
                { "1 7 6\n1 a:2,S\n", "7 6: 1=a" },
                { "1 7 6\n3 c\n1 a\n", "7 6: 1=a 3=c" },
                { "1 7 6\n1 a\n2 a\n", "7 6: 1=a" },
                { "1 7 6\n1 a\n1 b\n", "7 6: 1=a" },
                { "1 7 2\n9 i\n", "7 10: 9=i" },
                { "1 7 6\n4294967295 z\n", "7 4294967295: 4294967295=z" },
                { "1 7 6\n4294967296 z\n0 y\n", "7 6:" },
                { "1 7 6\n1 a \n", "7 6: 1=a " },
                { "1  795238296      600\n", "795238296 600:" },
                { "", "worthless" }, { "\n", "worthless" }, { "2 7 6\n1 a\n", "worthless" },
                { "1 7\n", "worthless" }, { "1 x 6\n", "worthless" }, { "1 -7 6\n", "worthless" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = describe(examples[i].file);

                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("what is written reads as it was") {
        _cleanup_buffer_ Buffer file = { 0 };

        uid_database_append_header(&file, 7, 6);
        uid_database_append_entry(&file, 1, "1.a,S=35");
        uid_database_append_entry(&file, 5, "2.b");
        CHECK_TEXT(file.data, "1 7 6\n1 1.a,S=35\n5 2.b\n");
}

TESTS_END
