/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back to Courier and Dovecot, and names from one coding to the other. */
#include "store-fixture.h"
#include "store/convert-names.h"
#include "store/export.h"

static void on_finding(void *userdata, const StoreFinding *finding) {
        buffer_printf(userdata, "%s %s%s%s\n", finding->kind, finding->mailbox ? finding->mailbox : "-",
                      finding->path ? " " : "", finding->path ? finding->path : "");
}

static char *export(Fixture *fixture, ExportTarget target, const char *name) {
        Buffer told = { 0 };
        StoreReporter reporter = { on_finding, &told };

        buffer_append_text(&told, "");
        if (name)
                CHECK_NUMBER(store_export_mailbox(fixture->store, name, target, &reporter), STORE_DONE);
        else
                CHECK_NUMBER(store_export_subscriptions(fixture->store, target, &reporter), STORE_DONE);
        return buffer_take_text(&told);
}

#define CHECK_EXPORT(fixture, target, name, want)                       \
        do {                                                            \
                _cleanup_free_ char *told = export(fixture, target, name); \
                CHECK_TEXT(told, want);                                 \
        } while (0)

#define CHECK_FILE(fixture, name, want)                                 \
        do {                                                            \
                _cleanup_free_ char *text = get_file(fixture, name);    \
                CHECK_TEXT(text, want);                                 \
        } while (0)

TEST("Dovecot gets UIDs, keywords with letters, and what it remembers of messages stays") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1700000001.a:2,Sa", "a\n");
        put_file(&fixture, "dovecot-uidlist", "3 V1795565095 N3 Gabc\n2 W3 Pp1 :1700000001.a\n");
        put_file(&fixture, "dovecot-keywords", "0 $Forwarded\n");
        put_file(&fixture, "cur/1700000002.b:2,", "b\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_flags(box, 3, 3, FLAGS_ADD, 0, "Work"), STORE_DONE);
        CHECK_NUMBER(store_flags(box, 2, 2, FLAGS_REMOVE, 0, "$Forwarded"), STORE_DONE);
        box = mailbox_close(box);
        CHECK_EXPORT(&fixture, EXPORT_DOVECOT, "INBOX",
                     "written INBOX dovecot-uidlist\nwritten INBOX dovecot-keywords\n");
        CHECK_FILE(&fixture, "dovecot-uidlist", "3 V1795565095 N4 Gabc\n2 W3 Pp1 :1700000001.a\n3 :1700000002.b\n");
        CHECK_FILE(&fixture, "dovecot-keywords", "0 $Forwarded\n1 Work\n");
        CHECK(has_file(&fixture, "cur/1700000001.a:2,S"));
        CHECK(has_file(&fixture, "cur/1700000002.b:2,b"));
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "2S 3+Work");
        box = mailbox_close(box);
        CHECK_EXPORT(&fixture, EXPORT_DOVECOT, "INBOX", "");
}

TEST("a mailbox that Dovecot has never seen gets all of its files") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *uidlist = NULL, *want = NULL;
        uint32_t uidvalidity;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        append_text(&fixture, "INBOX/A", "x\r\n", FLAG_SEEN);
        box = open_box(&fixture, "INBOX/A", MAILBOX_READ_WRITE);
        uidvalidity = mailbox_uidvalidity(box);
        box = mailbox_close(box);
        CHECK_EXPORT(&fixture, EXPORT_DOVECOT, "INBOX/A", "written INBOX/A .A/dovecot-uidlist\n");
        uidlist = get_file(&fixture, ".A/dovecot-uidlist");
        want = text_printf("3 V%u N2 G", uidvalidity);
        CHECK(uidlist && text_starts_with(uidlist, want));
        CHECK(uidlist && strcspn(uidlist, "\n") == strlen(want) + 32);
        CHECK(!has_file(&fixture, ".A/dovecot-keywords"));
}

TEST("keywords beyond the letters are told of and stay here") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        append_text(&fixture, "INBOX", "x\r\n", 0);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        for (int i = 0; i < 27; i++) {
                _cleanup_free_ char *keyword = text_printf("k%d", i);

                CHECK_NUMBER(store_flags(box, 1, 1, FLAGS_ADD, 0, keyword), STORE_DONE);
        }
        box = mailbox_close(box);
        CHECK_EXPORT(&fixture, EXPORT_DOVECOT, "INBOX", "written INBOX dovecot-uidlist\n"
                     "keyword-without-letter INBOX\nwritten INBOX dovecot-keywords\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_n_keywords(box), 27);
}

TEST("Courier gets UIDs and keywords; what says the same already is not touched") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,", "a\n");
        put_file(&fixture, "courierimapuiddb", "1 700000000 20\n3 1.a\n4 0.gone\n");
        box = mailbox_close(open_box(&fixture, "INBOX", MAILBOX_READ_WRITE));
        CHECK_EXPORT(&fixture, EXPORT_COURIER, "INBOX", "");
        CHECK_FILE(&fixture, "courierimapuiddb", "1 700000000 20\n3 1.a\n4 0.gone\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_flags(box, 3, 3, FLAGS_ADD, 0, "Work"), STORE_DONE);
        /* still open: its own way back would come later */
        CHECK_EXPORT(&fixture, EXPORT_COURIER, "INBOX", "written INBOX courierimapkeywords/:list\n");
        CHECK_FILE(&fixture, "courierimapkeywords/:list", "Work\n\n1.a:0\n");
        box = mailbox_close(box);
        CHECK_EXPORT(&fixture, EXPORT_COURIER, "INBOX", "");
}

TEST("subscriptions go to Dovecot as directories are called, and come back") {
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        CHECK_EXPORT(&fixture, EXPORT_DOVECOT, NULL, "");
        CHECK_NUMBER(store_subscribe(fixture.store, "INBOX/Work/2024"), STORE_DONE);
        CHECK_NUMBER(store_subscribe(fixture.store, "INBOX"), STORE_DONE);
        CHECK_NUMBER(store_subscribe(fixture.store, "#shared/x"), STORE_DONE);
        CHECK_EXPORT(&fixture, EXPORT_DOVECOT, NULL, "written - subscriptions\n");
        CHECK_FILE(&fixture, "subscriptions", "V\t2\n\nWork\t2024\nINBOX\n");
        CHECK_EXPORT(&fixture, EXPORT_DOVECOT, NULL, "");
        put_file(&fixture, "subscriptions", "V\t2\n\nINBOX\nNew\n");
        CHECK_EXPORT(&fixture, EXPORT_COURIER, NULL, "written - courierimapsubscribed\n");
        CHECK_FILE(&fixture, "courierimapsubscribed", "INBOX\nINBOX.New\n#shared.x\n");
        CHECK_EXPORT(&fixture, EXPORT_COURIER, NULL, "");
}

static char *convert_names(Fixture *fixture, NamesCoding coding, unsigned options, int want) {
        Buffer told = { 0 };
        StoreReporter reporter = { on_finding, &told };

        buffer_append_text(&told, "");
        CHECK_NUMBER(store_convert_names(fixture->store, coding, options, &reporter), want);
        return buffer_take_text(&told);
}

#define CHECK_CONVERT(fixture, coding, options, outcome, want)                  \
        do {                                                                    \
                _cleanup_free_ char *told = convert_names(fixture, coding, options, outcome); \
                CHECK_TEXT(told, want);                                         \
        } while (0)

static void make_directory(const Fixture *fixture, const char *name) {
        _cleanup_free_ char *path = fixture_path(fixture, name);

        CHECK(mkdir(path, 0700) == 0);
}

TEST("names are converted once, with the subscriptions, and back") {
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        make_directory(&fixture, ".Entw&APw-rfe.A&-B");
        make_directory(&fixture, ".Sent");
        put_file(&fixture, "courierimapsubscribed", "INBOX.Entw&APw-rfe.A&-B\nINBOX\n#shared.A&-B\nINBOX.&bad\n");
        CHECK_CONVERT(&fixture, NAMES_UTF8, CONVERT_DRY_RUN, STORE_DONE, "would-rename - .Entw&APw-rfe.A&-B\n");
        CHECK(has_file(&fixture, ".Entw&APw-rfe.A&-B"));
        CHECK_CONVERT(&fixture, NAMES_UTF8, 0, STORE_DONE, "renamed - .Entw&APw-rfe.A&-B\n");
        CHECK(has_file(&fixture, ".Entw\xc3\xbcrfe.A&B"));
        CHECK_FILE(&fixture, "courierimapsubscribed",
                   "INBOX.Entw\xc3\xbcrfe.A&B\nINBOX\n#shared.A&-B\nINBOX.&bad\n");
        CHECK_FILE(&fixture, "imapd.names", "UTF-8\n");
        CHECK_CONVERT(&fixture, NAMES_UTF8, 0, STORE_EXISTS, "");
        CHECK_CONVERT(&fixture, NAMES_UTF7, 0, STORE_DONE, "renamed - .Entw\xc3\xbcrfe.A&B\n");
        CHECK(has_file(&fixture, ".Entw&APw-rfe.A&-B"));
        CHECK_FILE(&fixture, "imapd.names", "modified-UTF-7\n");
        CHECK_CONVERT(&fixture, NAMES_UTF7, 0, STORE_EXISTS, "");
}

TEST("names that seem to be UTF-8 already are converted by force only") {
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        make_directory(&fixture, ".\xc3\xa4");
        make_directory(&fixture, ".&APY-");
        CHECK_CONVERT(&fixture, NAMES_UTF8, 0, STORE_EXISTS, "");
        CHECK_CONVERT(&fixture, NAMES_UTF8, CONVERT_FORCE, STORE_DONE, "renamed - .&APY-\n");
}

TEST("what cannot be converted, or has no free name, leaves all names as they are") {
        static const char *const folders[][2] = {
                { ".&bad", ".&APY-" },
                { ".&AC4-x", ".&APY-" }, /* a '.' that hides */
                { ".&-", ".&" },         /* "&" is taken, and is no modified UTF-7 itself */
        };

        for (size_t i = 0; i < ELEMENTSOF(folders); i++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_free_ char *told = NULL;

                fixture_init(&fixture);
                make_directory(&fixture, folders[i][0]);
                make_directory(&fixture, folders[i][1]);
                told = convert_names(&fixture, NAMES_UTF8, 0, STORE_INVALID_NAME);
                CHECK(text_starts_with(told, "not-convertible - "));
                CHECK(has_file(&fixture, folders[i][0]));
                CHECK(has_file(&fixture, folders[i][1]));
                CHECK(!has_file(&fixture, "imapd.names"));
        }
}

TEST("two folders never get one name, but one may take the name that another leaves") {
        _cleanup_fixture_ Fixture taken, left;

        fixture_init(&taken);
        make_directory(&taken, ".\xc3\xb6");
        make_directory(&taken, ".&APY-");
        CHECK_CONVERT(&taken, NAMES_UTF8, CONVERT_FORCE, STORE_INVALID_NAME, "name-taken - .&APY-\n");
        CHECK(has_file(&taken, ".&APY-"));
        fixture_init(&left);
        make_directory(&left, ".A&--B");
        make_directory(&left, ".A&-B");
        CHECK_CONVERT(&left, NAMES_UTF8, 0, STORE_DONE, "renamed - .A&-B\nrenamed - .A&--B\n");
        CHECK(has_file(&left, ".A&B"));
        CHECK(has_file(&left, ".A&-B"));
        CHECK(!has_file(&left, ".A&--B"));
}

TESTS_END
