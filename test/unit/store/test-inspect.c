/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verifying changes nothing, repairing mends what was found and keeps UIDs. */
#include "store-fixture.h"
#include "store/inspect.h"

static void on_finding(void *userdata, const StoreFinding *finding) {
        buffer_printf(userdata, "%s%s", ((Buffer *) userdata)->size > 0 ? " " : "", finding->kind);
        if (finding->uid != 0)
                buffer_printf(userdata, "=%u", finding->uid);
}

typedef int (*Act)(MailStore *store, const char *name, const StoreReporter *reporter);

static char *act(Fixture *fixture, Act how, const char *name) {
        Buffer told = { 0 };
        StoreReporter reporter = { on_finding, &told };

        buffer_append_text(&told, "");
        CHECK_NUMBER(how(fixture->store, name, &reporter), STORE_DONE);
        return buffer_take_text(&told);
}

#define CHECK_ACT(fixture, how, name, want)                             \
        do {                                                            \
                _cleanup_free_ char *all_told = act(fixture, how, name); \
                CHECK_TEXT(all_told, want);                             \
        } while (0)

/* Three messages that were there for a while, with UIDs 3, 11 and 20. */
static void put_mailbox(Fixture *fixture) {
        fixture_init(fixture);
        put_file(fixture, "cur/1700000001.a:2,S", "a\n");
        put_file(fixture, "cur/1700000002.b:2,", "b\n");
        put_file(fixture, "cur/1700000003.c:2,F", "c\n");
        put_file(fixture, "courierimapuiddb", "1 700000000 30\n3 1700000001.a\n11 1700000002.b\n20 1700000003.c\n");
        mailbox_close(open_box(fixture, "INBOX", MAILBOX_READ_WRITE));
}

static void check_uids(Fixture *fixture, const char *want) {
        _cleanup_(mailbox_closep) Mailbox *box = open_box(fixture, "INBOX", MAILBOX_READ_ONLY);

        CHECK_BOX(box, want);
        CHECK_NUMBER(mailbox_uidvalidity(box), 700000000);
}

/* Changes cur/ so that its time stays what the index has seen. */
static void change_unseen(Fixture *fixture, const char *from, const char *to) {
        _cleanup_free_ char *path = fixture_path(fixture, "cur");
        struct stat st;
        struct timespec times[2];

        CHECK(stat(path, &st) == 0);
        times[0] = st.st_atim;
        times[1] = st.st_mtim;
        if (to)
                move_file(fixture, from, to);
        else
                remove_file(fixture, from);
        CHECK(utimensat(AT_FDCWD, path, times, 0) == 0);
}

TEST("a sound mailbox has no fault, and a repair has nothing to do") {
        _cleanup_fixture_ Fixture fixture;

        put_mailbox(&fixture);
        CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", "");
        CHECK_ACT(&fixture, store_repair_mailbox, "INBOX", "");
        put_file(&fixture, "cur/1700000009.new:2,", "n\n"); /* not looked at yet: no fault */
        CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", "");
}

TEST("an index that disagrees with the files is told of, and corrected") {
        static const struct {
                const char *from, *to, *found, *uids;
        } examples[] = {
                { "cur/1700000002.b:2,", "cur/1700000002.b:2,T", "flags-differ=11", "3S 11T 20F" },
                { "cur/1700000002.b:2,", NULL, "message-missing=11", "3S 20F" },
                { "cur/1700000002.b:2,", "cur/1700000002.x:2,", "message-missing=11 message-unknown", "3S 20F 30" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_fixture_ Fixture fixture;

                put_mailbox(&fixture);
                change_unseen(&fixture, examples[i].from, examples[i].to);
                CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", examples[i].found);
                free(act(&fixture, store_repair_mailbox, "INBOX"));
                CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", "");
                check_uids(&fixture, examples[i].uids);
        }
}

TEST("a damaged or missing index is made anew with the UIDs that copies have") {
        for (int copy = 0; copy < 2; copy++) {
                _cleanup_fixture_ Fixture fixture;

                put_mailbox(&fixture);
                put_file(&fixture, "imapd.index", "damaged");
                if (copy == 1)
                        move_file(&fixture, "courierimapuiddb", "tmp/away");
                if (copy == 1)
                        put_file(&fixture, "dovecot-uidlist", "3 V700000000 N30 G1\n3 :1700000001.a\n"
                                 "11 :1700000002.b\n20 :1700000003.c\n");
                CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", "index-damaged");
                CHECK_ACT(&fixture, store_repair_mailbox, "INBOX", "index-rebuilt");
                CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", "");
                check_uids(&fixture, "3S 11 20F");
        }
}

TEST("of two messages with one name one gets another, and none is lost") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        put_mailbox(&fixture);
        put_file(&fixture, "cur/1700000002.b:2,T", "another\n");
        CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", "name-twice");
        CHECK_ACT(&fixture, store_repair_mailbox, "INBOX", "index-corrected");
        CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", "");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_ONLY);
        CHECK_NUMBER(mailbox_n_messages(box), 4);
        CHECK_NUMBER(count_files(&fixture, "cur"), 4);
}

TEST("directories and markers that are missing are made") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *cur = NULL, *tmp = NULL;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        cur = fixture_path(&fixture, ".A/cur");
        tmp = fixture_path(&fixture, ".A/tmp");
        CHECK(rmdir(cur) == 0 && rmdir(tmp) == 0);
        CHECK_ACT(&fixture, store_verify_mailbox, "INBOX/A", "directory-missing directory-missing");
        CHECK(access(tmp, F_OK) != 0);
        remove_file(&fixture, ".A/maildirfolder");
        {
                _cleanup_free_ char *told = act(&fixture, store_repair_mailbox, "INBOX/A");

                CHECK(text_starts_with(told, "directory-made directory-made marker-made"));
        }
        CHECK_ACT(&fixture, store_verify_mailbox, "INBOX/A", "");
}

TEST("another server's file that has another UID for a message is told of, and ours is written") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *path = NULL, *written = NULL;
        struct stat st;
        struct timespec times[2];

        put_mailbox(&fixture);
        path = fixture_path(&fixture, "courierimapuiddb");
        CHECK(stat(path, &st) == 0);
        times[0] = st.st_atim;
        times[1] = st.st_mtim;
        put_file(&fixture, "courierimapuiddb", "1 700000000 30\n3 1700000001.a\n12 1700000002.b\n20 1700000003.c\n");
        CHECK(utimensat(AT_FDCWD, path, times, 0) == 0);
        CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", "uid-differs=11");
        CHECK_ACT(&fixture, store_repair_mailbox, "INBOX", "written");
        written = get_file(&fixture, "courierimapuiddb");
        CHECK_TEXT(written, "1 700000000 30\n3 1700000001.a\n11 1700000002.b\n20 1700000003.c\n");
        CHECK_ACT(&fixture, store_verify_mailbox, "INBOX", "");
}

TEST("what is beside the mailboxes and should not be is told of") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *link = NULL, *odd = NULL;
        Buffer told = { 0 };
        StoreReporter reporter = { on_finding, &told };

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        buffer_append_text(&told, "");
        CHECK_NUMBER(store_verify_account(fixture.store, &reporter), STORE_DONE);
        CHECK_TEXT(told.data, "");
        put_file(&fixture, ".file", "");
        CHECK_NUMBER(store_verify_account(fixture.store, &reporter), STORE_DONE);
        CHECK_TEXT(told.data, "dot-file");
        remove_file(&fixture, ".file");
        link = fixture_path(&fixture, ".link");
        CHECK(symlink(".A", link) == 0);
        buffer_clear(&told);
        CHECK_NUMBER(store_verify_account(fixture.store, &reporter), STORE_DONE);
        CHECK_TEXT(told.data, "link");
        remove_file(&fixture, ".link");
        odd = fixture_path(&fixture, ".a..b");
        CHECK(mkdir(odd, 0700) == 0);
        buffer_clear(&told);
        CHECK_NUMBER(store_verify_account(fixture.store, &reporter), STORE_DONE);
        CHECK_TEXT(told.data, "name-invalid");
        buffer_done(&told);
}

static void on_line(void *userdata, const char *line) {
        buffer_printf(userdata, "%.*s|", (int) strcspn(line, " "), line);
}

TEST("status and dump show what the index knows, and change nothing") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_buffer_ Buffer lines = { 0 };
        MailboxInspection found;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,S", "a\n");
        CHECK_NUMBER(store_inspect(fixture.store, "INBOX", &found), STORE_DONE);
        CHECK(!found.has_index && !found.is_damaged);
        CHECK_NUMBER(store_inspect(fixture.store, "INBOX/No", &found), STORE_NO_SUCH_MAILBOX);
        CHECK(!has_file(&fixture, "imapd.index"));
        append_text(&fixture, "INBOX", "x\r\n", FLAG_DELETED);
        CHECK_NUMBER(store_inspect(fixture.store, "INBOX", &found), STORE_DONE);
        CHECK(found.has_index && !found.is_damaged && found.index_octets > 0);
        CHECK_NUMBER(found.n_messages, 2);
        CHECK_NUMBER(found.n_unseen, 1);
        CHECK_NUMBER(found.n_deleted, 1);
        CHECK_NUMBER(found.uidnext, 3);
        CHECK_NUMBER(strlen(found.object_id), 33);
        CHECK_NUMBER(store_dump(fixture.store, "INBOX", STORE_DUMP_INDEX, on_line, &lines), STORE_DONE);
        CHECK_TEXT(lines.data, "mailbox|message|message|");
        buffer_clear(&lines);
        CHECK_NUMBER(store_dump(fixture.store, "INBOX", STORE_DUMP_LOG, on_line, &lines), STORE_DONE);
        CHECK(text_starts_with(lines.data, "log|0|"));
}

TESTS_END
