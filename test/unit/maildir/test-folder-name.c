/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/text.h"
#include "harness.h"
#include "maildir/folder-name.h"

static const struct {
        const char *name, *directory;
} examples[] = {
        { "INBOX",              "."            },
        { "INBOX/Work",         ".Work"        },
        { "INBOX/Work/2024",    ".Work.2024"   },
        { "INBOX/Entwürfe",     ".Entwürfe"    },
        { "INBOX/a b&-:~\\\"*%", ".a b&-:~\\\"*%" },
        { "INBOX/INBOX",        ".INBOX"       },
};

TEST("names and directories are one to one") {
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                char directory[FOLDER_DIRECTORY_SIZE];
                _cleanup_free_ char *name = NULL;

                CHECK_NUMBER(folder_name_to_directory(examples[i].name, directory), FOLDER_NAME_DONE);
                CHECK_TEXT(directory, examples[i].directory);
                if (i == 0)
                        continue;
                CHECK(folder_name_from_directory(examples[i].directory, &name));
                CHECK_TEXT(name, examples[i].name);
        }
}

TEST("names that could leave the Maildir, or mean something else on disk, are invalid") {
        static const char *const invalid[] = {
                "", "inbox", "Work", "INBOXES", "INBOX/", "INBOX//a", "INBOX/a/", "INBOX/..", "INBOX/a.b",
                "INBOX/../../etc", "INBOX/a\nb", "INBOX/\x7f", "INBOX/\xff", "INBOX/\xc0\xaf", "/INBOX", "INBOX.a",
        };

        for (size_t i = 0; i < ELEMENTSOF(invalid); i++) {
                char directory[FOLDER_DIRECTORY_SIZE];

                if (folder_name_to_directory(invalid[i], directory) != FOLDER_NAME_INVALID)
                        printf("# '%s'\n", invalid[i]);
                CHECK_NUMBER(folder_name_to_directory(invalid[i], directory), FOLDER_NAME_INVALID);
        }
}

TEST("directories that no name becomes are no mailboxes") {
        static const char *const strange[] = { ".", "..", "...", ".a..b", ".a.", "cur", "a.b", ".\xff", "" };

        for (size_t i = 0; i < ELEMENTSOF(strange); i++) {
                char *name;

                CHECK(!folder_name_from_directory(strange[i], &name));
        }
}

TEST("a directory's name has at most 255 octets") {
        char name[400] = "INBOX/", directory[FOLDER_DIRECTORY_SIZE];

        memset(name + 6, 'x', 254);
        CHECK_NUMBER(folder_name_to_directory(name, directory), FOLDER_NAME_DONE);
        CHECK_NUMBER(strlen(directory), 255);
        name[6 + 254] = 'x';
        CHECK_NUMBER(folder_name_to_directory(name, directory), FOLDER_NAME_TOO_LONG);
}

TEST("below is below, not beside") {
        CHECK(folder_name_is_below("INBOX/A/B", "INBOX/A"));
        CHECK(folder_name_is_below("INBOX/A/B/C", "INBOX/A"));
        CHECK(!folder_name_is_below("INBOX/A", "INBOX/A"));
        CHECK(!folder_name_is_below("INBOX/AB", "INBOX/A"));
}

TESTS_END
