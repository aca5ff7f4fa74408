/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other programs do to the files, and what the index makes of it. */
#include <time.h>

#include "basic/clock.h"
#include "store-fixture.h"
#include "store/store-private.h"

/* As if nothing had been done for a while: the times of the directories prove that nothing changed. */
static void let_age(const Fixture *fixture) {
        static const char *const names[] = { "cur", "new" };

        for (size_t i = 0; i < ELEMENTSOF(names); i++) {
                _cleanup_free_ char *path = fixture_path(fixture, names[i]);
                struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
                                             { .tv_sec = time(NULL) - 100 + (time_t) i, .tv_nsec = 1 } };

                CHECK(utimensat(AT_FDCWD, path, times, 0) == 0);
        }
}

/* INBOX with one message, of which the times say that nothing changes. */
static Mailbox *open_aged(Fixture *fixture, const char *file, MailboxAccess access) {
        put_file(fixture, file, "a\n");
        let_age(fixture);
        return open_box(fixture, "INBOX", access);
}

static void set_time(const Fixture *fixture, const char *name, const struct stat *st) {
        _cleanup_free_ char *path = fixture_path(fixture, name);
        struct timespec times[2] = { st->st_atim, st->st_mtim };

        CHECK(utimensat(AT_FDCWD, path, times, 0) == 0);
}

static struct stat get_stat(const Fixture *fixture, const char *name) {
        _cleanup_free_ char *path = fixture_path(fixture, name);
        struct stat st = { 0 };

        CHECK(stat(path, &st) == 0);
        return st;
}

/* A listing for proof is put off when the machine is slow; a session would do it in silence. */
static void prove(Mailbox *box) {
        if (mailbox_proof_wait_usec(box) < USEC_INFINITY)
                mailbox_prove(box);
}

static void refresh_until(Mailbox *box, const char *want) {
        uint64_t end = clock_deadline_usec(10 * USEC_PER_SEC);
        _cleanup_free_ char *is = NULL;

        do {
                free(TAKE_PTR(is));
                prove(box);
                CHECK_NUMBER(mailbox_refresh(box, true, NULL), STORE_DONE);
                is = describe(box);
        } while (!text_equal(is, want) && clock_left_usec(end) > 0 && usleep(10000) == 0);
        CHECK_TEXT(is, want);
}

static void refresh_to_number(Mailbox *box, size_t n) {
        uint64_t end = clock_deadline_usec(10 * USEC_PER_SEC);

        do {
                prove(box);
                CHECK_NUMBER(mailbox_refresh(box, true, NULL), STORE_DONE);
        } while (mailbox_n_messages(box) != n && clock_left_usec(end) > 0 && usleep(10000) == 0);
        CHECK_NUMBER(mailbox_n_messages(box), n);
}

TEST("mail in new/ is numbered without a look at cur/, which is known") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        struct stat cur;

        fixture_init(&fixture);
        box = open_aged(&fixture, "cur/1.a:2,S", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "1S*");
        /* A change that leaves no trace in the time of cur/ shows whether it is listed. */
        cur = get_stat(&fixture, "cur");
        move_file(&fixture, "cur/1.a:2,S", "cur/1.a:2,");
        set_time(&fixture, "cur", &cur);
        put_file(&fixture, "new/2.b", "b\n");
        put_file(&fixture, "new/3.c:2,F", "c\n");
        CHECK_REFRESH(box, "+2");
        CHECK_BOX(box, "1S* 2* 3F*");
        CHECK(has_file(&fixture, "cur/2.b:2,") && has_file(&fixture, "cur/3.c:2,F"));
        /* It is young now, and listed for proof. */
        refresh_until(box, "1* 2* 3F*");
}

TEST("an examined mailbox does not take mail out of new/, and is not listed for its sake") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        box = open_aged(&fixture, "cur/1.a:2,S", MAILBOX_READ_ONLY);
        put_file(&fixture, "new/2.b", "b\n");
        CHECK_REFRESH(box, "+0");
        CHECK(has_file(&fixture, "new/2.b"));
        box = mailbox_close(box);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "1S* 2*");
}

TEST("flags that another program changed are told once, and what it removed is expunged") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,S", "a\n");
        put_file(&fixture, "cur/2.b:2,", "b\n");
        put_file(&fixture, "cur/3.c:2,", "c\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        move_file(&fixture, "cur/3.c:2,", "cur/3.c:2,FS");
        remove_file(&fixture, "cur/2.b:2,");
        CHECK_REFRESH(box, "-1 +0 ~1");
        CHECK_BOX(box, "1S* 3FS*");
        CHECK_REFRESH(box, "+0");
}

TEST("files without a suffix, with another one, and with letters of others are messages") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a", "a\n");
        put_file(&fixture, "cur/2.b:1,S", "b\n");
        put_file(&fixture, "cur/3.c:2,SPa", "c\n");
        put_file(&fixture, "cur/no-number", "d\n");
        put_file(&fixture, "cur/4.e:2,S:2,F", "e\n");
        put_file(&fixture, "cur/.hidden", "f\n");
        put_file(&fixture, "cur/:2,S", "g\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "1* 2* 3* 4S* 5F*");
        CHECK_NUMBER(store_flags(box, 1, 5, FLAGS_ADD, FLAG_ANSWERED, NULL), STORE_DONE);
        CHECK_BOX(box, "1R* 2R* 3R* 4RS* 5RF*");
        CHECK(has_file(&fixture, "cur/1.a:2,R") && has_file(&fixture, "cur/2.b:2,R"));
        CHECK(has_file(&fixture, "cur/3.c:2,PRSa") && has_file(&fixture, "cur/.hidden"));
        CHECK_REFRESH(box, "+0");
}

TEST("directories and symbolic links in cur/ and new/ are no messages, and stay") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *directory = NULL, *waiting = NULL, *symlink_path = NULL;

        fixture_init(&fixture);
        directory = fixture_path(&fixture, "cur/1.dir");
        waiting = fixture_path(&fixture, "new/2.dir");
        symlink_path = fixture_path(&fixture, "cur/3.link");
        CHECK(mkdir(directory, 0700) == 0 && mkdir(waiting, 0700) == 0);
        CHECK(symlink("/etc/passwd", symlink_path) == 0);
        put_file(&fixture, "cur/4.a:2,", "a\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "1*");
        CHECK_REFRESH(box, "+0");
        CHECK(has_file(&fixture, "cur/1.dir") && has_file(&fixture, "new/2.dir"));
}

TEST("two messages with one name in cur/ are both kept, one of them under a new name") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *first = NULL, *second = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "one\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        put_file(&fixture, "cur/1.a:2,S", "two\n");
        refresh_until(box, "1* 2S*");
        first = message_text(box, 1);
        second = message_text(box, 2);
        CHECK_TEXT(first, "one\n");
        CHECK_TEXT(second, "two\n");
        CHECK_NUMBER(count_files(&fixture, "cur"), 2);
}

TEST("two messages with one name that nobody knew yet are both numbered") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "one\n");
        put_file(&fixture, "cur/1.a:2,S", "two\n");
        put_file(&fixture, "cur/2.b:2,", "b\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        refresh_to_number(box, 3);
        CHECK_NUMBER(count_files(&fixture, "cur"), 3);
}

TEST("two names of one file are one message, and both stay while somebody may be renaming it") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *from = NULL, *to = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "one\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        from = fixture_path(&fixture, "cur/1.a:2,");
        to = fixture_path(&fixture, "cur/1.a:2,S");
        CHECK(link(from, to) == 0);
        CHECK_NUMBER(mailbox_refresh(box, true, NULL), STORE_DONE);
        CHECK_NUMBER(mailbox_refresh(box, true, NULL), STORE_DONE);
        CHECK_NUMBER(mailbox_n_messages(box), 1);
        CHECK_NUMBER(count_files(&fixture, "cur"), 2); /* whoever linked it may be about to unlink */
}

TEST("a message in new/ whose name is taken in cur/ is kept under a new name") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        static const char *const names[] = { "cur/1.a:2,", "cur/1.a:2,S" };

        for (size_t i = 0; i < ELEMENTSOF(names); i++) {
                fixture_init(&fixture);
                put_file(&fixture, names[i], "one\n");
                let_age(&fixture);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                put_file(&fixture, "new/1.a", "two\n");
                refresh_to_number(box, 2);
                CHECK_NUMBER(count_files(&fixture, "cur"), 2);
                box = mailbox_close(box);
                if (i + 1 < ELEMENTSOF(names))
                        fixture_done(&fixture);
        }
}

TEST("a flag is set on one of two messages with one name without overwriting the other") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        struct stat cur;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "one\n");
        let_age(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        cur = get_stat(&fixture, "cur");
        put_file(&fixture, "cur/1.a:2,S", "two\n");
        set_time(&fixture, "cur", &cur); /* so that it is not found before */
        CHECK_NUMBER(store_flags(box, 1, 1, FLAGS_ADD, FLAG_SEEN, NULL), STORE_DONE);
        refresh_to_number(box, 2);
        CHECK_NUMBER(count_files(&fixture, "cur"), 2);
}

TEST("a change in the tick of the listing is found though it left the directory's time as it was") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        struct stat cur;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "a\n");
        cur = get_stat(&fixture, "cur");
        cur.st_mtim.tv_sec += 2; /* young on the slowest machine */
        set_time(&fixture, "cur", &cur);
        set_time(&fixture, "new", &cur);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        put_file(&fixture, "cur/2.b:2,", "b\n");
        set_time(&fixture, "cur", &cur);
        refresh_until(box, "1* 2*");
        put_file(&fixture, "new/3.c", "c\n");
        set_time(&fixture, "new", &cur);
        CHECK_REFRESH(box, "+1");
        CHECK_BOX(box, "1* 2* 3*");
}

TEST("a directory whose time lies in the future proves nothing, and no change is overlooked") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        struct stat cur;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "a\n");
        cur = get_stat(&fixture, "cur");
        cur.st_mtim.tv_sec += 3600;
        set_time(&fixture, "cur", &cur);
        set_time(&fixture, "new", &cur);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        put_file(&fixture, "cur/2.b:2,", "b\n");
        put_file(&fixture, "new/3.c", "c\n");
        set_time(&fixture, "cur", &cur);
        set_time(&fixture, "new", &cur);
        refresh_to_number(box, 3);
        move_file(&fixture, "cur/1.a:2,", "cur/1.a:2,F");
        set_time(&fixture, "cur", &cur);
        refresh_until(box, "1F* 2* 3*");
}

TEST("a message that is renamed behind the back of a MOVE is moved all the same, with its flags") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL, *target = NULL;
        _cleanup_(copy_result_done) CopyResult result = { 0 };
        struct stat cur;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "a\n");
        put_file(&fixture, "cur/2.b:2,", "b\n");
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/T"), STORE_DONE);
        let_age(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_flags(box, 1, 1, FLAGS_ADD, 0, "kw"), STORE_DONE);
        cur = get_stat(&fixture, "cur");
        move_file(&fixture, "cur/1.a:2,", "cur/1.a:2,F");
        set_time(&fixture, "cur", &cur);
        CHECK_NUMBER(mailbox_move(box, uids(1, 2), "INBOX/T", &result), STORE_DONE);
        CHECK_NUMBER(count_files(&fixture, "cur"), 0);
        target = open_box(&fixture, "INBOX/T", MAILBOX_READ_WRITE);
        CHECK_BOX(target, "1F+kw 2");
        CHECK(has_file(&fixture, ".T/cur/1.a:2,F"));
}

TEST("dates and sizes are asked of the file once; W= is believed if S= is true") {
        static const struct {
                const char *name;
                uint64_t size;
        } cases[] = {
                { "cur/1.a,S=4,W=8:2,", 8 }, { "cur/2.b,S=5,W=8:2,", 6 },
                { "cur/3.c,W=8:2,",     6 }, { "cur/4.d,S=4,W=3:2,", 6 },
                { "cur/5.e,S=4,W=9:2,", 6 }, /* no text of four octets becomes so long */
        };
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        struct stat st = { .st_mtim = { .tv_sec = 1000000000 } };

        fixture_init(&fixture);
        for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
                put_file(&fixture, cases[i].name, "a\nb\n");
                set_time(&fixture, cases[i].name, &st);
        }
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
                uint64_t size = 0;

                CHECK_NUMBER(mailbox_wire_size(box, i, &size), STORE_DONE);
                CHECK_NUMBER(size, cases[i].size);
                CHECK_NUMBER(date_of(box, i), 1000000000);
        }
        st.st_mtim.tv_sec = 1;
        set_time(&fixture, cases[0].name, &st);
        CHECK_NUMBER(date_of(box, 0), 1000000000);
}

/* A source of changes that says what the test tells it to, and counts. */
typedef struct Source {
        StoreChange answer;
        int n_asked;
} Source;

static StoreChange look(void *userdata, int mailbox_fd) {
        Source *source = userdata;

        (void) mailbox_fd;
        source->n_asked++;
        return source->answer;
}

TEST("a source of changes that says 'none' spares the look, and one that says more is asked once") {
        StoreSettings settings = { .use_locks = true, .host_name = "host", .trash_name = "Trash" };
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        Source source = { .answer = STORE_CHANGE_SOME };

        fixture_init(&fixture);
        fixture.store = store_close(fixture.store);
        settings.changes = (StoreChangeSource){ look, &source };
        CHECK_NUMBER(store_open(fixture.path, &settings, &fixture.store), STORE_DONE);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        source = (Source){ .answer = STORE_CHANGE_NONE };
        put_file(&fixture, "cur/1.a:2,", "a\n");
        CHECK_REFRESH(box, "+0");
        source = (Source){ .answer = STORE_CHANGE_SOME };
        CHECK_REFRESH(box, "+1");
        CHECK_NUMBER(source.n_asked, 1);
}

TESTS_END

static void expect_slow_listing(Mailbox *box) {
        box->scan_cost_usec = 20 * USEC_PER_MSEC;
        box->scanned_usec = clock_monotonic_usec();
}

/* Behind a change of our own one that leaves no trace. */
static void hide_delivery(const Fixture *fixture, Mailbox *box) {
        struct stat cur;

        put_file(fixture, "new/2.b", "b\n");
        CHECK_REFRESH(box, "+1");
        cur = get_stat(fixture, "cur");
        put_file(fixture, "cur/3.c:2,", "c\n");
        set_time(fixture, "cur", &cur);
}

TEST("a mailbox that is slow to list is listed for proof in the client's silence") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        box = open_aged(&fixture, "cur/1.a:2,", MAILBOX_READ_WRITE);
        expect_slow_listing(box);
        CHECK_NUMBER(mailbox_proof_wait_usec(box), USEC_INFINITY);
        hide_delivery(&fixture, box);
        CHECK(mailbox_proof_wait_usec(box) <= 200 * USEC_PER_MSEC);
        mailbox_prove(box); /* too early: it would be more than a tenth of the time */
        CHECK_REFRESH(box, "+0");
        usleep((useconds_t) mailbox_proof_wait_usec(box));
        CHECK_REFRESH(box, "+0");
        mailbox_prove(box);
        CHECK_REFRESH(box, "+1");
        CHECK_BOX(box, "1* 2* 3*");
}

TEST("for a client that is never silent a mailbox is listed when the change is some seconds old") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        box = open_aged(&fixture, "cur/1.a:2,", MAILBOX_READ_WRITE);
        expect_slow_listing(box);
        hide_delivery(&fixture, box);
        box->scanned_usec = 0;
        CHECK_REFRESH(box, "+0");
        index_table(box->index)->facts.cur.mtime_sec -= 6;
        index_table(box->index)->facts.scan_usec -= 7 * (int64_t) USEC_PER_SEC;
        let_age(&fixture);
        set_time(&fixture, "cur", &(struct stat){ .st_mtim = {
                .tv_sec = index_table(box->index)->facts.cur.mtime_sec,
                .tv_nsec = index_table(box->index)->facts.cur.mtime_nsec } });
        CHECK_REFRESH(box, "+1");
}
