/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One mailbox, several that look at it: we ourselves, and programs that know nothing of us. */
#include "store-fixture.h"

TEST("a Maildir that does not exist is made, and is empty") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "");
        CHECK_NUMBER(mailbox_uidnext(box), 1);
        CHECK(mailbox_uidvalidity(box) > 0);
        CHECK(!mailbox_is_read_only(box));
}

TEST("a message delivered into new/ is numbered, recent, and in cur/ with an empty flag suffix") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "new/1700000002.M1P1.host", "b\n");
        put_file(&fixture, "new/1700000001.M1P1.host", "a\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "1* 2*");
        CHECK_NUMBER(mailbox_n_recent(box), 2);
        CHECK(has_file(&fixture, "cur/1700000001.M1P1.host:2,"));
        put_file(&fixture, "new/1700000000.M1P1.host", "late\n");
        CHECK_REFRESH(box, "+1");
        CHECK_BOX(box, "1* 2* 3*");
}

TEST("recent is who sees it first, and only for reading and writing") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *reader = NULL, *first = NULL, *second = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1700000001.M1P1.host:2,", "a\n");
        put_file(&fixture, "new/1700000002.M1P1.host", "b\n");
        reader = open_box(&fixture, "INBOX", MAILBOX_READ_ONLY);
        CHECK_BOX(reader, "1");
        CHECK(has_file(&fixture, "new/1700000002.M1P1.host"));
        first = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(first, "1* 2*");
        second = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(second, "1 2");
        CHECK_REFRESH(reader, "+1");
}

TEST("UIDs, flags and keywords survive closing and reopening") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        uint32_t uidvalidity;

        fixture_init(&fixture);
        put_file(&fixture, "new/1700000001.M1P1.host", "a\n");
        put_file(&fixture, "new/1700000002.M1P1.host", "b\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        uidvalidity = mailbox_uidvalidity(box);
        CHECK_NUMBER(store_flags(box, 2, 2, FLAGS_ADD, FLAG_SEEN | FLAG_FLAGGED, "work"), STORE_DONE);
        CHECK_BOX(box, "1* 2FS*+work");
        CHECK(has_file(&fixture, "cur/1700000002.M1P1.host:2,FS"));
        box = mailbox_close(box);
        fixture_reopen(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "1 2FS+work");
        CHECK_NUMBER(mailbox_uidvalidity(box), uidvalidity);
}

TEST("two sessions see each other's flags, keywords, expunges and appends") {
        _cleanup_fixture_ Fixture one;
        Fixture two = { 0 };
        _cleanup_(mailbox_closep) Mailbox *here = NULL, *there = NULL;

        fixture_init(&one);
        memcpy(two.path, one.path, sizeof(two.path));
        fixture_reopen(&two);
        for (int i = 0; i < 3; i++)
                append_text(&one, "INBOX", "x\r\n", 0);
        here = open_box(&one, "INBOX", MAILBOX_READ_WRITE);
        there = open_box(&two, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(there, "1 2 3");

        CHECK_NUMBER(store_flags(here, 1, 2, FLAGS_ADD, FLAG_DELETED, "$Junk"), STORE_DONE);
        CHECK_REFRESH(here, "+0 k");
        CHECK_REFRESH(there, "+0 ~0 ~1 k");
        CHECK_BOX(there, "1T+$Junk 2T+$Junk 3");

        CHECK_NUMBER(store_flags(there, 2, 2, FLAGS_REMOVE, FLAG_DELETED, "$JUNK"), STORE_DONE);
        CHECK_NUMBER(mailbox_expunge(here, NULL), STORE_DONE);
        CHECK_BOX(here, "1T-+$Junk 2 3");
        CHECK_REFRESH(here, "-0 +0 ~0");
        CHECK_NUMBER(append_text(&two, "INBOX", "y\r\n", FLAG_SEEN), 4);
        CHECK_REFRESH(here, "+1");
        CHECK_BOX(here, "2 3 4S");
        CHECK_REFRESH(there, "-0 +1");
        CHECK_BOX(there, "2 3 4S");
        CHECK_NUMBER(store_flags(there, 1, UINT32_MAX, FLAGS_REPLACE, FLAG_SEEN, NULL), STORE_DONE);
        CHECK_REFRESH(here, "+0 ~0 ~1");
        there = mailbox_close(there);
        two.store = store_close(two.store);
}

TEST("an expunged message keeps its position until expunges may be told") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *text = NULL, *changes = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "a\n");
        put_file(&fixture, "cur/2.b:2,", "b\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        remove_file(&fixture, "cur/1.a:2,");
        put_file(&fixture, "cur/3.c:2,", "c\n");
        changes = describe_refresh(box, false);
        CHECK_TEXT(changes, "+1");
        CHECK_BOX(box, "1*- 2* 3*");
        text = message_text(box, 1);
        CHECK_TEXT(text, "(gone)");
        CHECK_REFRESH(box, "-0 +0");
        CHECK_BOX(box, "2* 3*");
}

TEST("a message renamed by another program is found, and its flags are reported") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *text = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a,S=2:2,", "a\n");
        put_file(&fixture, "cur/2.b:2,S", "b\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        move_file(&fixture, "cur/1.a,S=2:2,", "cur/1.a,S=2:2,FPSa");
        text = message_text(box, 1);
        CHECK_TEXT(text, "a\n");
        CHECK_REFRESH(box, "+0 ~0");
        CHECK_BOX(box, "1FS* 2S*");

        /* Letters of others stay, and so does what they change while we do. */
        move_file(&fixture, "cur/2.b:2,S", "cur/2.b:2,RS");
        CHECK_NUMBER(store_flags(box, 1, 2, FLAGS_ADD, FLAG_DRAFT, NULL), STORE_DONE);
        CHECK(has_file(&fixture, "cur/1.a,S=2:2,DFPSa"));
        CHECK(has_file(&fixture, "cur/2.b:2,DRS"));
}

TEST("what a STORE says is gone with the message that another program removed") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "a\n");
        put_file(&fixture, "cur/2.b:2,", "b\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        remove_file(&fixture, "cur/1.a:2,");
        CHECK_NUMBER(store_flags(box, 1, 2, FLAGS_ADD, FLAG_SEEN, NULL), STORE_DONE);
        CHECK_REFRESH(box, "-0 +0");
        CHECK_BOX(box, "2S*");
}

TEST("a mailbox deleted behind us is lost, one made anew has a greater UIDVALIDITY") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        uint32_t uidvalidity;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_EXISTS);
        box = open_box(&fixture, "INBOX/A", MAILBOX_READ_WRITE);
        uidvalidity = mailbox_uidvalidity(box);
        CHECK_NUMBER(store_delete_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        CHECK_NUMBER(mailbox_refresh(box, true, NULL), STORE_MAILBOX_LOST);
        box = mailbox_close(box);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        box = open_box(&fixture, "INBOX/A", MAILBOX_READ_WRITE);
        CHECK(mailbox_uidvalidity(box) > uidvalidity);
        CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
}

TEST("STATUS counts what waits in new/ and leaves it there") {
        _cleanup_fixture_ Fixture fixture;
        MailboxStatus status;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,S", "a\n");
        put_file(&fixture, "cur/2.b:2,T", "b\n");
        put_file(&fixture, "new/3.c", "c\n");
        CHECK_NUMBER(store_status(fixture.store, "INBOX", STATUS_WITH_SIZE, &status), STORE_DONE);
        CHECK_NUMBER(status.n_messages, 3);
        CHECK_NUMBER(status.n_unseen, 2);
        CHECK_NUMBER(status.n_deleted, 1);
        CHECK_NUMBER(status.n_recent, 3);
        CHECK_NUMBER(status.uidnext, 4);
        CHECK(has_file(&fixture, "new/3.c"));
        CHECK_NUMBER(store_status(fixture.store, "INBOX/No", 0, &status), STORE_NO_SUCH_MAILBOX);
}

TEST("a watched mailbox wakes up for mail, for flags and for keywords") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL, *other = NULL;
        int fd;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "a\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        other = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        fd = mailbox_watch(box);
        if (fd < 0)
                return; /* no inotify here */
        mailbox_watch_clear(box);
        CHECK_NUMBER(fd_wait(fd, 1, 0), 0);
        put_file(&fixture, "new/2.b", "b\n");
        CHECK(fd_wait(fd, 1, 1000000) > 0);
        mailbox_watch_clear(box);
        CHECK_REFRESH(box, "+1");
        mailbox_watch_clear(box);
        CHECK_NUMBER(store_flags(other, 1, 1, FLAGS_ADD, 0, "kw"), STORE_DONE);
        CHECK(fd_wait(fd, 1, 1000000) > 0);
        CHECK_REFRESH(box, "+0 ~0 k");
}

TESTS_END
