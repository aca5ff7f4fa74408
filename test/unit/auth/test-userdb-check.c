/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/userdb-check.h"
#include "basic/fd.h"
#include "basic/text.h"
#include "harness.h"

#define SECRET "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="
#define OTHER "{MD5RAW}795f3202b17cb6bc3d4b771d8c6c9eaf" /* "other" */

static char directory[] = "/tmp/test-userdb-check-XXXXXX";

static char *path_of(const char *name) {
        return text_printf("%s/%s", directory, name);
}

static void write_file(const char *name, const char *text, mode_t mode) {
        _cleanup_free_ char *path = NULL;
        _cleanup_close_ int fd = -EBADF;

        CHECK(mkdtemp(directory) || true); /* the template is a name by the second call */
        path = path_of(name);
        (void) unlink(path); /* a new inode, so that the change is seen within one tick of the clock */
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        CHECK(fd >= 0 && fd_write_all(fd, text, strlen(text)) == 0 && fchmod(fd, mode) == 0);
}

static UserdbTable *open_table(const char *name) {
        _cleanup_free_ char *path = path_of(name);
        UserdbTable *table = userdb_table_new(path);

        userdb_table_refresh(table);
        return table;
}

static AuthAnswer *ask(UserdbTable *table, const char *user, const char *password) {
        AuthRequest request = { .service = "imap", .method = password ? AUTH_LOGIN : AUTH_LOOKUP,
                                .user = user, .password = password };

        return userdb_check(table, &request);
}

static void check(UserdbTable *table, const char *user, const char *password, AuthResult result) {
        _cleanup_(auth_answer_freep) AuthAnswer *answer = ask(table, user, password);

        if (answer->result != result)
                printf("# %s with %s\n", user, password ? password : "no password");
        CHECK_NUMBER(answer->result, result);
}

static const char examples[] =
        "# virtual users\n"
        "\n"
        "john@example.com\tuid=7777|gid=7778|home=/srv/john|mail=/srv/john/Maildir|gecos=John Q|"
        "quota=1000000S|options=group=a,sharedgroup=x|systempw=" SECRET "\n"
        "joe\tuid=1012|gid=1012|home=/home/joe|imappw=" OTHER "|systempw=" SECRET "\n"
        "1012=\tjoe\n"
        "nopw\tuid=1013|gid=1013|home=/home/nopw\n"
        "emptypw\tuid=1013|gid=1013|home=/home/nopw|systempw=\n"
        "nohome\tuid=1014|gid=1014|systempw=" SECRET "\n"
        "nouid\tgid=1014|home=/home/x|systempw=" SECRET "\n"
        "root\tuid=0|gid=0|home=/root|systempw=" SECRET "\n"
        "bin\tuid=2|gid=2|home=/bin|systempw=" SECRET "\n"
        "joe\tuid=9999|gid=9999|home=/wrong|systempw=" SECRET "\n"
        "a broken line\n"
        "last\tuid=1015|gid=1015|home=/home/last|systempw=" SECRET;

TEST("passwords: the service's own, else systempw") {
        _cleanup_(userdb_table_freep) UserdbTable *table = NULL;

        write_file("userdb", examples, 0600);
        table = open_table("userdb");
        CHECK_TEXT(userdb_table_problem(table), NULL);
        check(table, "john@example.com", "secret", AUTH_OK);
        check(table, "john@example.com", "other", AUTH_FAIL);
        check(table, "joe", "other", AUTH_OK);
        check(table, "joe", "secret", AUTH_FAIL);
        check(table, "last", "secret", AUTH_OK);
        check(table, "nopw", "secret", AUTH_FAIL);
        check(table, "nopw", "", AUTH_FAIL);
        check(table, "emptypw", "", AUTH_FAIL);
        check(table, "nobody-here", "secret", AUTH_FAIL);
        check(table, "John@example.com", "secret", AUTH_FAIL);
        check(table, "1012=", NULL, AUTH_FAIL);
}

TEST("an account is all its fields, and the name as it is in the file") {
        _cleanup_(userdb_table_freep) UserdbTable *table = open_table("userdb");
        _cleanup_(auth_answer_freep) AuthAnswer *answer = ask(table, "john@example.com", NULL);
        _cleanup_(auth_answer_freep) AuthAnswer *joe = ask(table, "joe", NULL);

        CHECK_NUMBER(answer->result, AUTH_OK);
        CHECK_TEXT(answer->account.address, "john@example.com");
        CHECK_NUMBER(answer->account.uid, 7777);
        CHECK_NUMBER(answer->account.gid, 7778);
        CHECK_TEXT(answer->account.home, "/srv/john");
        CHECK_TEXT(answer->account.maildir, "/srv/john/Maildir");
        CHECK_TEXT(answer->account.name, "John Q");
        CHECK_TEXT(answer->account.quota, "1000000S");
        CHECK_TEXT(answer->account.options, "group=a,sharedgroup=x");
        CHECK_TEXT(answer->account.system_user, NULL);
        CHECK_TEXT(joe->account.home, "/home/joe"); /* the first of two */
        CHECK_TEXT(joe->account.maildir, NULL);
}

TEST("a record without home or uid is no account, and the system's own have no mail") {
        _cleanup_(userdb_table_freep) UserdbTable *table = open_table("userdb");
        static const char *const names[] = { "nohome", "nouid", "root", "bin" };

        for (size_t i = 0; i < ELEMENTSOF(names); i++) {
                check(table, names[i], "secret", AUTH_FAIL);
                check(table, names[i], NULL, AUTH_FAIL);
        }
}

TEST("a change is noticed, and one that cannot be used is not used") {
        _cleanup_(userdb_table_freep) UserdbTable *table = open_table("userdb");

        write_file("userdb", "new\tuid=1000|gid=1000|home=/h|systempw=" SECRET "\n", 0600);
        userdb_table_refresh(table);
        check(table, "new", "secret", AUTH_OK);
        check(table, "joe", "other", AUTH_FAIL);
        write_file("userdb", "new\tuid=1000|gid=1000|home=/h|systempw=" SECRET "\n", 0640);
        userdb_table_refresh(table);
        check(table, "new", "secret", AUTH_TEMPFAIL);
        CHECK_TEXT(userdb_table_problem(table), "userdb may not have group or world permissions");
        write_file("userdb", "new\tuid=1000|gid=1000|home=/h|systempw=" SECRET "\n", 0600);
        userdb_table_refresh(table);
        check(table, "new", "secret", AUTH_OK);
}

TEST("a directory is all visible files below it") {
        _cleanup_free_ char *top = path_of("dir"), *sub = path_of("dir/sub");
        _cleanup_(userdb_table_freep) UserdbTable *table = NULL;

        CHECK(mkdir(top, 0700) == 0 && mkdir(sub, 0755) == 0);
        write_file("dir/a", "ann\tuid=1000|gid=1000|home=/a|systempw=" SECRET "\n", 0600);
        write_file("dir/sub/b", "ben\tuid=1001|gid=1001|home=/b|systempw=" SECRET "\n", 0644);
        write_file("dir/.lock.a", "eve\tuid=1002|gid=1002|home=/e|systempw=" SECRET "\n", 0600);
        table = open_table("dir");
        check(table, "ann", "secret", AUTH_OK);
        check(table, "ben", "secret", AUTH_OK);
        check(table, "eve", "secret", AUTH_FAIL);
        write_file("dir/sub/c", "cid\tuid=1003|gid=1003|home=/c|systempw=" SECRET "\n", 0600);
        userdb_table_refresh(table);
        check(table, "cid", "secret", AUTH_OK);
}

TEST("a userdb that is not there has no accounts, and is found when it comes") {
        _cleanup_(userdb_table_freep) UserdbTable *table = open_table("later");

        check(table, "ann", "secret", AUTH_FAIL);
        write_file("later", "ann\tuid=1000|gid=1000|home=/a|systempw=" SECRET "\n", 0600);
        userdb_table_refresh(table);
        check(table, "ann", "secret", AUTH_OK);
}

TEST("nothing is left behind") {
        static const char *const files[] = { "userdb", "later", "dir/a", "dir/.lock.a", "dir/sub/b",
                                             "dir/sub/c" };
        static const char *const folders[] = { "dir/sub", "dir" };

        for (size_t i = 0; i < ELEMENTSOF(files); i++) {
                _cleanup_free_ char *path = path_of(files[i]);

                CHECK(unlink(path) == 0);
        }
        for (size_t i = 0; i < ELEMENTSOF(folders); i++) {
                _cleanup_free_ char *path = path_of(folders[i]);

                CHECK(rmdir(path) == 0);
        }
        CHECK(rmdir(directory) == 0);
}

TESTS_END
