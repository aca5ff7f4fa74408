/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailboxes that Dovecot has served: UIDs, letters that are keywords, and who was last. */
#include <utime.h>

#include "store-fixture.h"

static const char uidlist[] = "3 V1795565095 N4 G19c4dd222526066b381a000083ecc375\n"
                              "2 :1700000001.a,S=2,W=3\n"
                              "5 W3 :1700000002.b:2,S\n"
                              "9 :1700000000.gone\n";

static void put_dovecot_mailbox(const Fixture *fixture) {
        put_file(fixture, "cur/1700000001.a,S=2,W=3:2,Sac", "a\n");
        put_file(fixture, "cur/1700000002.b:2,b", "b\n");
        put_file(fixture, "cur/1700000003.c:2,Fz", "c\n");
        put_file(fixture, "dovecot-uidlist", uidlist);
        put_file(fixture, "dovecot-keywords", "0 $Forwarded\n1 Junk\n2 Work\n");
}

/* As another program does it: a new file in place of the old one. */
static void replace_file(const Fixture *fixture, const char *name, const char *text) {
        put_file(fixture, "tmp/replacement", text);
        move_file(fixture, "tmp/replacement", name);
}

static void set_time(const Fixture *fixture, const char *name, time_t sec) {
        _cleanup_free_ char *path = fixture_path(fixture, name);
        struct utimbuf times = { sec, sec };

        CHECK(utime(path, &times) == 0);
}

TEST("Dovecot's UIDs, UIDVALIDITY and keywords are adopted; Courier gets them too") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *courier = NULL, *keywords = NULL, *dovecot = NULL;

        fixture_init(&fixture);
        put_dovecot_mailbox(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "2S+$Forwarded+Work 5+Junk 10F*");
        CHECK_NUMBER(mailbox_uidvalidity(box), 1795565095);
        CHECK_NUMBER(mailbox_uidnext(box), 11);
        box = mailbox_close(box);
        courier = get_file(&fixture, "courierimapuiddb");
        CHECK_TEXT(courier, "1 1795565095 11\n2 1700000001.a,S=2,W=3\n5 1700000002.b\n10 1700000003.c\n");
        keywords = get_file(&fixture, "courierimapkeywords/:list");
        CHECK_TEXT(keywords, "$Forwarded\nJunk\nWork\n\n1700000001.a,S=2,W=3:0 2\n1700000002.b:1\n");
        dovecot = get_file(&fixture, "dovecot-uidlist");
        CHECK_TEXT(dovecot, uidlist);
        CHECK(has_file(&fixture, "cur/1700000001.a,S=2,W=3:2,Sac"));
        CHECK(has_file(&fixture, "cur/1700000003.c:2,Fz"));
}

TEST("version 1 of dovecot-uidlist is adopted as well") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1700000001.a:2,", "a\n");
        put_file(&fixture, "dovecot-uidlist", "1 1200000000 8\n3 1700000001.a:2,S\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "3");
        CHECK_NUMBER(mailbox_uidvalidity(box), 1200000000);
        CHECK_NUMBER(mailbox_uidnext(box), 8);
}

TEST("an index that is lost comes back with the same UIDs and keywords") {
        for (int lost = 0; lost < 3; lost++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(mailbox_closep) Mailbox *box = NULL;

                fixture_init(&fixture);
                put_dovecot_mailbox(&fixture);
                box = mailbox_close(open_box(&fixture, "INBOX", MAILBOX_READ_WRITE));
                remove_file(&fixture, "imapd.index");
                if (lost == 1)
                        remove_file(&fixture, "courierimapuiddb");
                if (lost == 2)
                        remove_file(&fixture, "dovecot-uidlist");
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                CHECK_BOX(box, lost == 1 ? "2S+$Forwarded+Work 5+Junk 10F*" : "2S+$Forwarded+Work 5+Junk 10F");
                CHECK_NUMBER(mailbox_uidvalidity(box), 1795565095);
        }
}

TEST("of two servers the one that knows more of the messages was the last, else the younger file") {
        static const struct {
                const char *courier, *dovecot;
                time_t courier_sec, dovecot_sec;
                const char *want;
                uint32_t uidvalidity;
        } examples[] = {
                { "1 7 9\n3 1.a\n", "3 V5 N9\n4 :1.a\n5 :2.b\n", 2000, 1000, "4 5+k", 5 },
                { "1 7 9\n3 1.a\n4 2.b\n", "3 V9 N9\n4 :1.a\n", 1000, 2000, "3 4+k", 7 },
                { "1 7 9\n3 1.a\n4 2.b\n", "3 V5 N9\n5 :1.a\n6 :2.b\n", 1000, 2000, "5 6+k", 5 },
                { "1 7 9\n3 1.a\n4 2.b\n", "3 V9 N9\n5 :1.a\n6 :2.b\n", 2000, 1000, "3 4+k", 7 },
                /* the same numbering: what one does not know the other does */
                { "1 7 9\n3 1.a\n", "3 V7 N20\n4 :2.b\n", 2000, 1000, "3 4+k", 7 },
                /* and a UID that both gave away stays with the last one's message */
                { "1 7 9\n3 1.a\n", "3 V7 N20\n3 :2.b\n", 1000, 2000, "3+k 20*", 7 },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(mailbox_closep) Mailbox *box = NULL;

                fixture_init(&fixture);
                put_file(&fixture, "cur/1.a:2,", "a\n");
                put_file(&fixture, "cur/2.b:2,a", "b\n");
                put_file(&fixture, "dovecot-keywords", "0 k\n");
                put_file(&fixture, "courierimapuiddb", examples[i].courier);
                put_file(&fixture, "dovecot-uidlist", examples[i].dovecot);
                set_time(&fixture, "courierimapuiddb", examples[i].courier_sec);
                set_time(&fixture, "dovecot-uidlist", examples[i].dovecot_sec);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                CHECK_BOX(box, examples[i].want);
                CHECK_NUMBER(mailbox_uidvalidity(box), examples[i].uidvalidity);
                box = mailbox_close(box);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                CHECK_NUMBER(mailbox_uidvalidity(box), examples[i].uidvalidity);
        }
}

TEST("whose keywords count: letters if Dovecot was last, both if Courier was") {
        for (int dovecot_last = 0; dovecot_last < 2; dovecot_last++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(mailbox_closep) Mailbox *box = NULL;
                _cleanup_free_ char *path = NULL;

                fixture_init(&fixture);
                path = fixture_path(&fixture, "courierimapkeywords");
                CHECK(mkdir(path, 0700) == 0);
                put_file(&fixture, "cur/1.a:2,b", "a\n");
                put_file(&fixture, "dovecot-keywords", "0 k\n1 l\n");
                put_file(&fixture, "courierimapkeywords/:list", "k\nm\n\n1.a:0 1\n");
                put_file(&fixture, "courierimapuiddb", "1 7 9\n3 1.a\n");
                put_file(&fixture, "dovecot-uidlist", "3 V7 N9\n3 :1.a\n");
                set_time(&fixture, "courierimapuiddb", 2000);
                set_time(&fixture, "dovecot-uidlist", dovecot_last ? 3000 : 1000);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                CHECK_BOX(box, dovecot_last ? "3+l+m" : "3+k+l+m");
        }
}

TEST("what Dovecot numbers and marks behind us is taken over") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_dovecot_mailbox(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "2S+$Forwarded+Work 5+Junk 10F*");
        put_file(&fixture, "cur/1700000009.e:2,d", "e\n");
        move_file(&fixture, "cur/1700000001.a,S=2,W=3:2,Sac", "cur/1700000001.a,S=2,W=3:2,Sbc");
        replace_file(&fixture, "dovecot-keywords", "0 $Forwarded\n1 Junk\n2 Work\n3 New\n");
        replace_file(&fixture, "dovecot-uidlist", "3 V1795565095 N30 G1\n2 :1700000001.a,S=2,W=3\n"
                     "5 :1700000002.b\n10 :1700000003.c\n25 :1700000009.e\n");
        CHECK_REFRESH(box, "+1 ~0 k");
        CHECK_BOX(box, "2S+Junk+Work 5+Junk 10F* 25+New");
        CHECK_NUMBER(mailbox_uidnext(box), 30);
}

TEST("numbers that Dovecot began anew replace ours, for whoever opens next") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *courier = NULL;

        fixture_init(&fixture);
        put_dovecot_mailbox(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        replace_file(&fixture, "dovecot-uidlist", "3 V1795565099 N4\n1 :1700000003.c\n2 :1700000001.a,S=2,W=3\n"
                     "3 :1700000002.b\n");
        CHECK_NUMBER(mailbox_refresh(box, true, NULL), STORE_MAILBOX_LOST);
        box = mailbox_close(box);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_uidvalidity(box), 1795565099);
        CHECK_BOX(box, "1F 2S+$Forwarded+Work 3+Junk");
        courier = get_file(&fixture, "courierimapuiddb");
        CHECK_TEXT(courier, "1 1795565099 4\n1 1700000003.c\n2 1700000001.a,S=2,W=3\n3 1700000002.b\n");
}

TEST("letters that Courier drops with a change of flags take no keyword away, Dovecot's do") {
        for (int dovecot = 0; dovecot < 2; dovecot++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(mailbox_closep) Mailbox *box = NULL;

                fixture_init(&fixture);
                put_dovecot_mailbox(&fixture);
                put_file(&fixture, "dovecot.index.log", "");
                set_time(&fixture, "dovecot.index.log", 1700000000);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                move_file(&fixture, "cur/1700000001.a,S=2,W=3:2,Sac", "cur/1700000001.a,S=2,W=3:2,RS");
                if (dovecot)
                        put_file(&fixture, "dovecot.index.log", "x");
                CHECK_REFRESH(box, "+0 ~0");
                CHECK_BOX(box, dovecot ? "2RS 5+Junk 10F*" : "2RS+$Forwarded+Work 5+Junk 10F*");
                box = mailbox_close(box);
                CHECK(has_file(&fixture, dovecot ? "cur/1700000001.a,S=2,W=3:2,RS"
                                                 : "cur/1700000001.a,S=2,W=3:2,RSac"));
        }
}

TEST("letters follow the keywords when the mailbox is closed, those without a meaning stay") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_dovecot_mailbox(&fixture);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_flags(box, 2, 2, FLAGS_REMOVE, FLAG_SEEN, "work"), STORE_DONE);
        CHECK(has_file(&fixture, "cur/1700000001.a,S=2,W=3:2,ac"));
        CHECK_NUMBER(store_flags(box, 10, 10, FLAGS_ADD, 0, "Junk"), STORE_DONE);
        CHECK_NUMBER(store_flags(box, 5, 5, FLAGS_ADD, 0, "unknown-to-dovecot"), STORE_DONE);
        box = mailbox_close(box);
        CHECK(has_file(&fixture, "cur/1700000001.a,S=2,W=3:2,a"));
        CHECK(has_file(&fixture, "cur/1700000002.b:2,b"));
        CHECK(has_file(&fixture, "cur/1700000003.c:2,Fbz"));
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "2+$Forwarded 5+Junk+unknown-to-dovecot 10F+Junk");
}

TEST("letters do not go into a mailbox where they mean something else, keywords do") {
        for (int move = 0; move < 2; move++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(mailbox_closep) Mailbox *box = NULL, *target = NULL;
                _cleanup_(copy_result_done) CopyResult result = { 0 };

                fixture_init(&fixture);
                put_dovecot_mailbox(&fixture);
                CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
                put_file(&fixture, ".A/dovecot-keywords", "0 Other\n1 Work\n");
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                CHECK_NUMBER(move ? mailbox_move(box, uids(2, 2), "INBOX/A", &result)
                                  : mailbox_copy(box, uids(2, 2), "INBOX/A", &result), STORE_DONE);
                target = mailbox_close(open_box(&fixture, "INBOX/A", MAILBOX_READ_WRITE));
                target = open_box(&fixture, "INBOX/A", MAILBOX_READ_WRITE);
                CHECK_BOX(target, "1S+Work+$Forwarded");
                remove_file(&fixture, ".A/courierimapkeywords/:list");
                remove_file(&fixture, ".A/imapd.index");
                target = mailbox_close(target);
                target = open_box(&fixture, "INBOX/A", MAILBOX_READ_WRITE);
                CHECK_BOX(target, "1S+Work");
        }
}

TEST("a mailbox made after Dovecot's has a greater UIDVALIDITY") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_dovecot_mailbox(&fixture);
        box = mailbox_close(open_box(&fixture, "INBOX", MAILBOX_READ_WRITE));
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        box = open_box(&fixture, "INBOX/A", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_uidvalidity(box), 1795565096);
}

TESTS_END
