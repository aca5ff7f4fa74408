/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emptying the trash: the rules, and what they remove. */
#include "store-fixture.h"

#include <time.h>

#include "store/purge.h"

enum { DAY = 24 * 60 * 60 };

TEST("rules as Courier reads them") {
        static const struct {
                const char *text, *shown;
        } examples[] = {
                { "Trash:7", "Trash=7" },
                { "Trash:7,Lists.Old:30", "Trash=7 Lists.Old=30" },
                { "14", "Bin=14" },
                { "0", "Bin=1" },
                { "soon", "Bin=1" },
                { "Trash:x,Spam:0,Old:", "Trash=1 Spam=1 Old=1" },
                { "Trash:7,14,:3", "Trash=7" },
                { " Trash:7, Spam:2 ", "Trash=7 Spam=2" },
                { "Trash:99999999999", "Trash=36500" },
                { "", "" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_purge_rules_ PurgeRules rules = { 0 };
                _cleanup_buffer_ Buffer shown = { 0 };

                buffer_append_text(&shown, "");
                purge_rules_parse(examples[i].text, "Bin", &rules);
                for (size_t k = 0; k < rules.n_rules; k++)
                        buffer_printf(&shown, "%s%s=%u", k > 0 ? " " : "", rules.rules[k].folder, rules.rules[k].days);
                CHECK_TEXT(shown.data, examples[i].shown);
        }
}

static void purge_in(Fixture *fixture, const char *text, unsigned days) {
        _cleanup_purge_rules_ PurgeRules rules = { 0 };

        purge_rules_parse(text, "Trash", &rules);
        store_purge(fixture->store, &rules, time(NULL) + (int64_t) days * DAY);
}

TEST("what is older than its rule goes, in new/ as well, and with its UID") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/Trash"), STORE_DONE);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/Lists/Old"), STORE_DONE);
        put_file(&fixture, ".Trash/cur/1700000001.M1P1.host:2,S", "a\n");
        put_file(&fixture, ".Trash/new/1700000002.M1P1.host", "b\n");
        put_file(&fixture, ".Lists.Old/cur/1700000003.M1P1.host:2,", "c\n");
        put_file(&fixture, "cur/1700000004.M1P1.host:2,", "d\n");
        purge_in(&fixture, "Trash:7,Lists.Old:30,Nowhere:1,../x:1", 6);
        box = open_box(&fixture, "INBOX/Trash", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_n_messages(box), 2);
        purge_in(&fixture, "Trash:7,Lists.Old:30", 8);
        CHECK_REFRESH(box, "-0 -1 +0");
        CHECK(has_file(&fixture, ".Lists.Old/cur/1700000003.M1P1.host:2,"));
        put_file(&fixture, ".Trash/new/1700000005.M1P1.host", "e\n");
        CHECK_REFRESH(box, "+1");
        CHECK_NUMBER(mailbox_uidnext(box), 4);
        purge_in(&fixture, "Lists.Old:30", 31);
        CHECK(!has_file(&fixture, ".Lists.Old/cur/1700000003.M1P1.host:2,"));
        CHECK(has_file(&fixture, "cur/1700000004.M1P1.host:2,"));
}

TEST("within an hour one session does it for all") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_purge_rules_ PurgeRules rules = { 0 };

        fixture_init(&fixture);
        put_file(&fixture, "cur/1700000001.M1P1.host:2,S", "a\n");
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/Trash"), STORE_DONE);
        purge_rules_parse("7", "Trash", &rules);
        store_purge(fixture.store, &rules, time(NULL));
        CHECK(has_file(&fixture, "imapd.purged"));
        put_file(&fixture, ".Trash/cur/1700000001.M1P1.host:2,S", "a\n");
        store_purge(fixture.store, &rules, time(NULL) + PURGE_PAUSE_SEC / 2);
        CHECK(has_file(&fixture, ".Trash/cur/1700000001.M1P1.host:2,S"));
        store_purge(fixture.store, &rules, time(NULL) + 8 * DAY);
        CHECK(!has_file(&fixture, ".Trash/cur/1700000001.M1P1.host:2,S"));
}

TESTS_END
