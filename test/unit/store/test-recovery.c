/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Courier's files adopted and given back; ours lost, torn, damaged; disks that are full. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store-fixture.h"

static void put_courier_mailbox(const Fixture *fixture) {
        put_file(fixture, "cur/1700000001.a,S=2:2,S", "a\n");
        put_file(fixture, "cur/1700000002.b:2,", "b\n");
        put_file(fixture, "cur/1700000003.c:2,F", "c\n");
        put_file(fixture, "courierimapuiddb", "1 700000000 20\n3 1700000001.a,S=2\n11 1700000003.c\n"
                 "12 1700000000.gone\n");
}

TEST("Courier's UIDs and UIDVALIDITY are adopted, what it did not number comes after") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *written = NULL;

        fixture_init(&fixture);
        put_courier_mailbox(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "3S 11F 20*");
        CHECK_NUMBER(mailbox_uidvalidity(box), 700000000);
        CHECK_NUMBER(mailbox_uidnext(box), 21);
        written = get_file(&fixture, "courierimapuiddb");
        CHECK_TEXT(written, "1 700000000 21\n3 1700000001.a,S=2\n11 1700000003.c\n20 1700000002.b\n");
}

TEST("Courier's files are byte for byte the same when nothing has changed") {
        static const char uids[] = "1 700000000 20\n3 1700000001.a\n";
        static const char keywords[] = "kwb\nkwa\n\n1700000001.a:1\n";
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *path = NULL, *uids_now = NULL, *keywords_now = NULL;

        fixture_init(&fixture);
        path = fixture_path(&fixture, "courierimapkeywords");
        CHECK(mkdir(path, 0700) == 0);
        put_file(&fixture, "courierimapuiddb", uids);
        put_file(&fixture, "courierimapkeywords/:list", keywords);
        put_file(&fixture, "cur/1700000001.a:2,S", "a\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "3S+kwa");
        CHECK_NUMBER(store_flags(box, 3, 3, FLAGS_ADD, FLAG_FLAGGED, NULL), STORE_DONE);
        box = mailbox_close(box);
        uids_now = get_file(&fixture, "courierimapuiddb");
        keywords_now = get_file(&fixture, "courierimapkeywords/:list");
        CHECK_TEXT(uids_now, uids);
        CHECK_TEXT(keywords_now, keywords);
}

TEST("Courier goes on where we stopped: UIDs at once, keywords at the end") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *uids_now = NULL, *list = NULL;

        fixture_init(&fixture);
        put_courier_mailbox(&fixture);
        put_file(&fixture, "new/1700000009.n", "n\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_flags(box, 3, 11, FLAGS_ADD, 0, "work"), STORE_DONE);
        CHECK_NUMBER(store_flags(box, 20, 20, FLAGS_ADD, FLAG_DELETED, NULL), STORE_DONE);
        CHECK_NUMBER(mailbox_expunge(box, NULL), STORE_DONE);
        box = mailbox_close(box);
        uids_now = get_file(&fixture, "courierimapuiddb");
        CHECK_TEXT(uids_now, "1 700000000 22\n3 1700000001.a,S=2\n11 1700000003.c\n21 1700000009.n\n");
        list = get_file(&fixture, "courierimapkeywords/:list");
        CHECK_TEXT(list, "work\n\n1700000001.a,S=2:0\n1700000003.c:0\n");
}

TEST("what Courier numbers and marks while we have the mailbox open is taken over") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *path = NULL;

        fixture_init(&fixture);
        put_courier_mailbox(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "3S 11F 20*");
        put_file(&fixture, "cur/1700000005.e:2,", "e\n");
        put_file(&fixture, "cur/1700000004.d:2,", "d\n");
        put_file(&fixture, "cur/1700000000.z:2,", "z\n");
        put_file(&fixture, "courierimapuiddb.new", "1 700000000 40\n3 1700000001.a,S=2\n11 1700000003.c\n"
                 "20 1700000002.b\n30 1700000005.e\n33 1700000004.d\n");
        move_file(&fixture, "courierimapuiddb.new", "courierimapuiddb");
        path = fixture_path(&fixture, "courierimapkeywords");
        CHECK(mkdir(path, 0700) == 0);
        put_file(&fixture, "courierimapkeywords/1700000003.c", "work\nplay\n");
        CHECK_REFRESH(box, "+3 ~1 k");
        CHECK_BOX(box, "3S 11F+work+play 20* 30 33 40*");
        put_file(&fixture, "courierimapkeywords/1700000003.c.new", "play\n");
        move_file(&fixture, "courierimapkeywords/1700000003.c.new", "courierimapkeywords/1700000003.c");
        CHECK_REFRESH(box, "+0 ~1");
        CHECK_BOX(box, "3S 11F+play 20* 30 33 40*");
}

TEST("a UID of Courier's that is taken, or would be overlooked, is not used") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_courier_mailbox(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        put_file(&fixture, "cur/1700000005.e:2,", "e\n");
        put_file(&fixture, "cur/1700000006.f:2,", "f\n");
        put_file(&fixture, "courierimapuiddb.new", "1 700000000 21\n11 1700000005.e\n12 1700000006.f\n");
        move_file(&fixture, "courierimapuiddb.new", "courierimapuiddb");
        CHECK_REFRESH(box, "+2");
        CHECK_BOX(box, "3S 11F 20* 21* 22*");
}

TEST("numbers that Courier began anew replace ours, for whoever opens next") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_courier_mailbox(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        put_file(&fixture, "courierimapuiddb.new", "1 700000005 4\n1 1700000001.a,S=2\n2 1700000002.b\n"
                 "3 1700000003.c\n");
        move_file(&fixture, "courierimapuiddb.new", "courierimapuiddb");
        CHECK_NUMBER(mailbox_refresh(box, true, NULL), STORE_MAILBOX_LOST);
        box = mailbox_close(box);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_uidvalidity(box), 700000005);
        CHECK_BOX(box, "1S 2 3F");
}

TEST("a damaged or lost index is rebuilt with the same UIDs") {
        for (int damage = 0; damage < 3; damage++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(mailbox_closep) Mailbox *box = NULL;
                uint32_t uidvalidity;

                fixture_init(&fixture);
                for (int i = 0; i < 3; i++)
                        append_text(&fixture, "INBOX", "x\r\n", FLAG_SEEN);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                CHECK_NUMBER(store_flags(box, 2, 2, FLAGS_ADD, FLAG_DELETED, NULL), STORE_DONE);
                CHECK_NUMBER(mailbox_expunge(box, NULL), STORE_DONE);
                CHECK_NUMBER(store_flags(box, 3, 3, FLAGS_ADD, 0, "kw"), STORE_DONE);
                uidvalidity = mailbox_uidvalidity(box);
                box = mailbox_close(box);
                if (damage == 0)
                        put_file(&fixture, "imapd.index", "rubbish");
                if (damage == 1)
                        remove_file(&fixture, "imapd.index");
                if (damage == 2)
                        put_file(&fixture, "imapd.log", "rubbish");
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                CHECK_BOX(box, "1S 3S+kw");
                CHECK_NUMBER(mailbox_uidvalidity(box), uidvalidity);
                CHECK_NUMBER(mailbox_uidnext(box), 4);
        }
}

TEST("in a large mailbox Courier's file gets a line for a new message, not a new file") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *before = NULL, *after = NULL, *path = NULL;
        struct stat first, second;

        fixture_init(&fixture);
        for (int i = 0; i < 1001; i++) {
                _cleanup_free_ char *name = text_printf("cur/%d.m:2,S", 1700000000 + i);

                put_file(&fixture, name, "x");
        }
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK(!has_file(&fixture, "courierimapuiddb")); /* Courier has never been here */
        box = mailbox_close(box);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        path = fixture_path(&fixture, "courierimapuiddb");
        before = get_file(&fixture, "courierimapuiddb");
        CHECK(stat(path, &first) == 0);
        put_file(&fixture, "new/1800000000.n", "n\n");
        CHECK_REFRESH(box, "+1");
        CHECK(stat(path, &second) == 0);
        CHECK(first.st_ino == second.st_ino);
        after = get_file(&fixture, "courierimapuiddb");
        CHECK(text_starts_with(after, before));
        CHECK_TEXT(after + strlen(before), "1002 1800000000.n\n");
        CHECK(strstr(after, " 2002\n1 1700000000.m\n") != NULL);
        box = mailbox_close(box);
        remove_file(&fixture, "imapd.index");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_n_messages(box), 1002);
        CHECK_NUMBER(mailbox_uidnext(box), 2002);
        CHECK_NUMBER(mailbox_n_recent(box), 0);
}

TEST("what one session adds one by one are lines at the end, and no UID is left reserved") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *path = NULL, *second = NULL, *third = NULL, *last = NULL;
        struct stat before, after;

        fixture_init(&fixture);
        path = fixture_path(&fixture, "courierimapuiddb");
        append_text(&fixture, "INBOX", "x\r\n", 0);
        append_text(&fixture, "INBOX", "y\r\n", 0);
        CHECK(stat(path, &before) == 0);
        second = get_file(&fixture, "courierimapuiddb");
        CHECK(strstr(second, " 1003\n1 ") != NULL);
        append_text(&fixture, "INBOX", "z\r\n", 0);
        CHECK(stat(path, &after) == 0);
        CHECK(before.st_ino == after.st_ino);
        third = get_file(&fixture, "courierimapuiddb");
        CHECK(text_starts_with(third, second));
        fixture_reopen(&fixture);
        last = get_file(&fixture, "courierimapuiddb");
        CHECK(strstr(last, " 4\n1 ") != NULL);
        CHECK_TEXT(strchr(last, '\n'), strchr(third, '\n'));
}

TEST("a log torn in its last record loses no UID, flag or message") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *path = NULL;
        struct stat st;

        fixture_init(&fixture);
        for (int i = 0; i < 3; i++)
                append_text(&fixture, "INBOX", "x\r\n", 0);
        path = fixture_path(&fixture, "imapd.log");
        CHECK(stat(path, &st) == 0);
        for (off_t size = st.st_size - 1; size > 32; size -= 7) {
                CHECK(truncate(path, size) == 0);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_ONLY);
                _cleanup_free_ char *text = describe(box);
                for (char *c = text; *c; c++)
                        if (*c == '*')
                                *c = ' '; /* recent again, which is no loss */
                CHECK_TEXT(text, "1 2 3");
                CHECK(mailbox_uidnext(box) >= 4); /* or behind what was reserved for Courier */
                box = mailbox_close(box);
        }
}

TEST("when all numbers are lost UIDVALIDITY grows") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        uint32_t uidvalidity;

        fixture_init(&fixture);
        append_text(&fixture, "INBOX", "x\r\n", 0);
        append_text(&fixture, "INBOX", "y\r\n", 0);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        uidvalidity = mailbox_uidvalidity(box);
        box = mailbox_close(box);
        remove_file(&fixture, "imapd.index");
        remove_file(&fixture, "imapd.log");
        remove_file(&fixture, "courierimapuiddb");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK(mailbox_uidvalidity(box) > uidvalidity);
        CHECK_BOX(box, "1* 2*");
}

static void limit_file_size(rlim_t octets) {
        struct rlimit limit = { .rlim_cur = octets, .rlim_max = RLIM_INFINITY };

        signal(SIGXFSZ, SIG_IGN);
        CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

TEST("a message that does not fit on the disk leaves nothing behind") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(append_freep) Append *append = NULL;
        _cleanup_(append_result_done) AppendResult result = { 0 };
        static char text[300000]; /* more than is gathered before it is written */

        fixture_init(&fixture);
        memset(text, 'x', sizeof(text));
        append_text(&fixture, "INBOX", "x\r\n", 0);
        CHECK_NUMBER(append_begin(fixture.store, "INBOX", &append), STORE_DONE);
        limit_file_size(50000);
        CHECK_NUMBER(append_write(append, text, sizeof(text)), STORE_NO_SPACE);
        CHECK_NUMBER(append_write(append, text, 1), STORE_NO_SPACE);
        CHECK_NUMBER(append_message_done(append, 0, NULL, 0, APPEND_DATE_NOW), STORE_NO_SPACE);
        CHECK_NUMBER(append_commit(append, &result), STORE_NO_SPACE);
        append = append_free(append);
        limit_file_size(RLIM_INFINITY);
        CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
        CHECK_NUMBER(count_files(&fixture, "cur"), 1);
        CHECK_NUMBER(count_files(&fixture, "new"), 0);
}

TEST("when the index cannot be written, append and copy are undone and the mailbox stays usable") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(append_freep) Append *append = NULL;
        _cleanup_(append_result_done) AppendResult result = { 0 };
        _cleanup_(copy_result_done) CopyResult copied = { 0 };
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        for (int i = 0; i < 20; i++)
                append_text(&fixture, "INBOX", "x\r\n", 0);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(append_begin(fixture.store, "INBOX", &append), STORE_DONE);
        CHECK_NUMBER(append_write(append, "y\r\n", 3), STORE_DONE);
        CHECK_NUMBER(append_message_done(append, 0, NULL, 0, APPEND_DATE_NOW), STORE_DONE);
        limit_file_size(100);
        CHECK_NUMBER(append_commit(append, &result), STORE_NO_SPACE);
        CHECK_NUMBER(mailbox_copy(box, uids(1, 5), "INBOX", &copied), STORE_NO_SPACE);
        CHECK_NUMBER(count_files(&fixture, "cur"), 20);
        CHECK_REFRESH(box, "+0");
        limit_file_size(RLIM_INFINITY);
        append = append_free(append);
        CHECK_NUMBER(append_text(&fixture, "INBOX", "z\r\n", 0), 21);
        CHECK_REFRESH(box, "+1");
}

TEST("a Maildir that is not ours to read says so, one that is not ours to write is read-only") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *path = NULL;
        int status = -1;
        pid_t child;

        fixture_init(&fixture);
        if (geteuid() != 0)
                return; /* only root can become somebody else */
        put_file(&fixture, "cur/1.a:2,S", "a\n");
        path = fixture_path(&fixture, "cur/1.a:2,S");
        CHECK(chmod(path, 0644) == 0);
        for (int readable = 0; readable < 2; readable++) {
                CHECK(chmod(fixture.path, readable ? 0755 : 0700) == 0);
                for (int i = 0; i < 3; i++) {
                        static const char *const names[] = { "cur", "new", "tmp" };
                        _cleanup_free_ char *directory = fixture_path(&fixture, names[i]);

                        CHECK(chmod(directory, 0755) == 0);
                }
                child = fork();
                if (child == 0) {
                        StoreSettings settings = { .use_locks = true, .host_name = "host" };
                        MailStore *store = NULL;
                        Mailbox *box = NULL;
                        bool good;

                        if (setgid(65534) < 0 || setuid(65534) < 0)
                                _exit(2);
                        if (!readable)
                                _exit(store_open(fixture.path, &settings, &store) != STORE_UNREADABLE);
                        good = store_open(fixture.path, &settings, &store) == STORE_DONE &&
                               mailbox_open(store, "INBOX", MAILBOX_READ_WRITE, &box) == STORE_DONE &&
                               mailbox_is_read_only(box) && mailbox_n_messages(box) == 1 &&
                               mailbox_refresh(box, true, NULL) == STORE_DONE;
                        mailbox_close(box);
                        store_close(store);
                        _exit(!good);
                }
                CHECK(waitpid(child, &status, 0) == child);
                CHECK_NUMBER(status, 0);
        }
}

TESTS_END
