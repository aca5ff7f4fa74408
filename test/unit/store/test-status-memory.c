/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"
#include "store/store-private.h"

enum { TICK_USEC = 150 * 1000 }; /* until a directory's time tells the next change */

static MailboxStatus status_of(Fixture *fixture, unsigned options) {
        MailboxStatus status = { 0 };

        CHECK_NUMBER(store_status(fixture->store, "INBOX", options, &status), STORE_DONE);
        return status;
}

static bool is_known(Fixture *fixture, unsigned options) {
        MailboxStatus status;

        return status_memory_find(&fixture->store->statuses, fixture->store->root_fd, ".", options,
                                  &status);
}

/* Until all is so old that it tells something. */
static void settle(Fixture *fixture, unsigned options) {
        (void) usleep(TICK_USEC);
        (void) status_of(fixture, options);
        (void) status_of(fixture, options); /* the first one may have written */
}

static void set_flags(Fixture *fixture) {
        _cleanup_(mailbox_closep) Mailbox *box = open_box(fixture, "INBOX", MAILBOX_READ_WRITE);
        FlagsWanted wanted = { .change = FLAGS_ADD, .flags = FLAG_SEEN };
        _cleanup_number_set_ NumberSet uids = { 0 };

        number_set_add(&uids, 1, 1);
        CHECK_NUMBER(mailbox_store_flags(box, &uids, &wanted, NULL, NULL), STORE_DONE);
}

static void deliver(Fixture *fixture) {
        put_file(fixture, "new/3.c", "c\n");
}

static void rename_in_cur(Fixture *fixture) {
        move_file(fixture, "cur/2.b:2,", "cur/2.b:2,S");
}

static void remove_from_cur(Fixture *fixture) {
        remove_file(fixture, "cur/2.b:2,");
}

static void write_courier(Fixture *fixture) {
        put_file(fixture, "courierimapuiddb", "1 1 9\n1 1.a\n");
}

static void lose_index(Fixture *fixture) {
        remove_file(fixture, "imapd.index");
}

TEST("a status is told from memory until any file says that it may have changed") {
        static const struct {
                void (*change)(Fixture *fixture);
                uint32_t n_messages, n_unseen;
        } changes[] = {
                { set_flags, 2, 1 },  { deliver, 3, 3 },       { rename_in_cur, 2, 1 },
                { remove_from_cur, 1, 1 }, { write_courier, 2, 2 }, { lose_index, 2, 2 },
        };

        for (size_t i = 0; i < ELEMENTSOF(changes); i++) {
                _cleanup_fixture_ Fixture fixture;
                MailboxStatus status;

                fixture_init(&fixture);
                put_file(&fixture, "cur/1.a:2,", "a\n");
                put_file(&fixture, "cur/2.b:2,", "b\n");
                settle(&fixture, 0);
                CHECK(is_known(&fixture, 0));
                changes[i].change(&fixture);
                CHECK(!is_known(&fixture, 0));
                status = status_of(&fixture, 0);
                CHECK_NUMBER(status.n_messages, changes[i].n_messages);
                CHECK_NUMBER(status.n_unseen, changes[i].n_unseen);
        }
}

TEST("a change at the same time as the last one is not overlooked") {
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        settle(&fixture, 0);
        put_file(&fixture, "new/1.a", "a\n");
        CHECK_NUMBER(status_of(&fixture, 0).n_messages, 1);
        put_file(&fixture, "new/2.b", "b\n");
        CHECK_NUMBER(status_of(&fixture, 0).n_messages, 2);
        put_file(&fixture, "cur/3.c:2,", "c\n");
        CHECK_NUMBER(status_of(&fixture, 0).n_messages, 3);
        put_file(&fixture, "cur/4.d:2,", "d\n");
        CHECK_NUMBER(status_of(&fixture, 0).n_messages, 4);
}

TEST("the size is told from memory where it was asked for before") {
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "a\n");
        settle(&fixture, 0);
        CHECK(!is_known(&fixture, STATUS_WITH_SIZE));
        CHECK_NUMBER(status_of(&fixture, STATUS_WITH_SIZE).size_octets, 3);
        settle(&fixture, STATUS_WITH_SIZE);
        CHECK(is_known(&fixture, STATUS_WITH_SIZE));
        CHECK(is_known(&fixture, 0));
        CHECK_NUMBER(status_of(&fixture, STATUS_WITH_SIZE).size_octets, 3);
}

TEST("so many mailboxes are remembered and no more") {
        StatusMemory memory = { 0 };
        StatusSource source = { .cur.ino = 1 };
        MailboxStatus status = { .n_messages = 1 };

        for (int i = 0; i < 3 * STATUS_MEMORY_MAX; i++) {
                _cleanup_free_ char *directory = text_printf(".f%d", i % (STATUS_MEMORY_MAX + 7));

                status_memory_keep(&memory, directory, 0, &source, &status);
                CHECK(!status_memory_find(&memory, AT_FDCWD, directory, 0, &status));
        }
        CHECK_NUMBER(memory.n_list, STATUS_MEMORY_MAX);
        status_memory_done(&memory);
}

TESTS_END
