/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SORT and THREAD know of messages, from one session to the next. */
#include "store-fixture.h"
#include "store/message-cache.h"
#include "store/message-values.h"

enum { N_MESSAGES = 150 }; /* three chunks */

static void reopen_with_cache(Fixture *fixture) {
        StoreSettings settings = { .host_name = "host", .trash_name = "Trash", .cache_size = 64 << 20 };

        fixture->store = store_close(fixture->store);
        CHECK_NUMBER(store_open(fixture->path, &settings, &fixture->store), STORE_DONE);
}

static Mailbox *many_messages(Fixture *fixture) {
        fixture_init(fixture);
        for (unsigned i = 0; i < N_MESSAGES; i++) {
                _cleanup_free_ char *name = text_printf("cur/%u.M1P1.host:2,", 1700000000 + i);

                put_file(fixture, name, "a\n");
        }
        reopen_with_cache(fixture);
        return open_box(fixture, "INBOX", MAILBOX_READ_WRITE);
}

/* How many are known and right; the others are put when they are wanted. */
static unsigned walk(Mailbox *box, MessageValueKind kind, bool puts) {
        _cleanup_(message_values_freep) MessageValues *values = message_values_new(box, kind);
        unsigned n = 0;

        for (size_t i = 0; i < mailbox_n_messages(box); i++) {
                _cleanup_free_ char *text = text_printf("%zu of %d", i, (int) kind);
                const char *data;
                size_t size;

                if (message_values_get(values, i, &data, &size))
                        n += size == strlen(text) && memcmp(data, text, size) == 0;
                else if (puts)
                        message_values_put(values, i, text, strlen(text));
        }
        return n;
}

TEST("values are there in the next session, each kind for itself") {
        _cleanup_fixture_ Fixture fixture;
        Mailbox *box = many_messages(&fixture);

        CHECK_NUMBER(walk(box, MESSAGE_VALUE_DATE, true), 0);
        store_rest(fixture.store);
        CHECK_NUMBER(walk(box, MESSAGE_VALUE_DATE, false), N_MESSAGES);
        CHECK_NUMBER(walk(box, MESSAGE_VALUE_SUBJECT, true), 0);
        box = mailbox_close(box);
        store_rest(fixture.store);
        reopen_with_cache(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(walk(box, MESSAGE_VALUE_DATE, false), N_MESSAGES);
        CHECK_NUMBER(walk(box, MESSAGE_VALUE_SUBJECT, false), N_MESSAGES);
        CHECK_NUMBER(walk(box, MESSAGE_VALUE_THREAD, false), 0);
        box = mailbox_close(box);
}

TEST("a message whose file has become another one has no value, its neighbours keep theirs") {
        _cleanup_fixture_ Fixture fixture;
        Mailbox *box = many_messages(&fixture);

        CHECK_NUMBER(walk(box, MESSAGE_VALUE_DATE, true), 0);
        box = mailbox_close(box);
        store_rest(fixture.store);
        remove_file(&fixture, "imapd.index"); /* or nobody would look at the file's size again */
        put_file(&fixture, "cur/1700000007.M1P1.host:2,", "longer\n");
        reopen_with_cache(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(walk(box, MESSAGE_VALUE_DATE, false), N_MESSAGES - 1);
        box = mailbox_close(box);
}

TEST("another mailbox has other values, and without a cache there are none") {
        _cleanup_fixture_ Fixture fixture;
        Mailbox *box = many_messages(&fixture), *other;

        CHECK_NUMBER(walk(box, MESSAGE_VALUE_DATE, true), 0);
        store_rest(fixture.store);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/Other"), STORE_DONE);
        put_file(&fixture, ".Other/cur/1700000000.M1P1.host:2,", "a\n");
        other = open_box(&fixture, "INBOX/Other", MAILBOX_READ_WRITE);
        CHECK_NUMBER(walk(other, MESSAGE_VALUE_DATE, false), 0);
        other = mailbox_close(other);
        box = mailbox_close(box);
        fixture_reopen(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(walk(box, MESSAGE_VALUE_DATE, true), 0);
        CHECK_NUMBER(walk(box, MESSAGE_VALUE_DATE, true), 0);
        box = mailbox_close(box);
}

TESTS_END
