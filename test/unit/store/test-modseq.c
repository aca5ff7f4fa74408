/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mod-sequences: they only rise, and a condition on them holds (RFC 7162). */
#include "store-fixture.h"

static uint64_t modseq_of(Mailbox *box, uint32_t uid) {
        MessageRecord record = { 0 };
        size_t position;

        CHECK(mailbox_find_uid(box, uid, &position));
        mailbox_message_at(box, position, &record);
        return record.modseq;
}

static Mailbox *three_messages(Fixture *fixture) {
        fixture_init(fixture);
        put_file(fixture, "new/1700000001.M1P1.host", "a\n");
        put_file(fixture, "new/1700000002.M1P1.host", "b\n");
        put_file(fixture, "new/1700000003.M1P1.host", "c\n");
        return open_box(fixture, "INBOX", MAILBOX_READ_WRITE);
}

TEST("a change raises the modseq of its message, what changes nothing does not") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = three_messages(&fixture);
        uint64_t before = mailbox_highest_modseq(box), first = modseq_of(box, 1);

        CHECK(before > 0 && first <= before);
        CHECK_NUMBER(store_flags(box, 2, 2, FLAGS_ADD, FLAG_SEEN, NULL), STORE_DONE);
        CHECK(modseq_of(box, 2) > before);
        CHECK(mailbox_highest_modseq(box) == modseq_of(box, 2));
        CHECK(modseq_of(box, 1) == first);
        before = mailbox_highest_modseq(box);
        CHECK_NUMBER(store_flags(box, 2, 2, FLAGS_ADD, FLAG_SEEN, NULL), STORE_DONE);
        CHECK(mailbox_highest_modseq(box) == before);
        CHECK_NUMBER(store_flags(box, 1, 1, FLAGS_REMOVE, FLAG_SEEN, "work"), STORE_DONE);
        CHECK(mailbox_highest_modseq(box) == before);
        CHECK_NUMBER(store_flags(box, 1, 1, FLAGS_ADD, 0, "work"), STORE_DONE);
        CHECK(modseq_of(box, 1) > before);
}

TEST("a conditional change leaves alone what others have changed since, and names it") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = three_messages(&fixture), *other = NULL;
        _cleanup_number_set_ NumberSet changed = { 0 }, modified = { 0 };
        _cleanup_buffer_ Buffer text = { 0 };
        FlagsWanted wanted = { .change = FLAGS_ADD, .flags = FLAG_DELETED, .is_conditional = true,
                               .unchanged_since = mailbox_highest_modseq(box) };

        other = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_flags(other, 2, 2, FLAGS_ADD, FLAG_FLAGGED, NULL), STORE_DONE);
        CHECK_NUMBER(mailbox_store_flags(box, uids(1, 3), &wanted, &changed, &modified), STORE_DONE);
        number_set_append_text(&changed, &text);
        buffer_append_char(&text, ' ');
        number_set_append_text(&modified, &text);
        CHECK_TEXT(text.data, "1,3 2");
        CHECK_BOX(box, "1T* 2F* 3T*");
        CHECK(modseq_of(box, 1) > modseq_of(box, 2));
}

TEST("a condition of 0 is never fulfilled, one of the highest modseq always") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = three_messages(&fixture);
        _cleanup_number_set_ NumberSet modified = { 0 };
        FlagsWanted wanted = { .change = FLAGS_REPLACE, .flags = FLAG_SEEN, .is_conditional = true };

        CHECK_NUMBER(mailbox_store_flags(box, uids(1, 3), &wanted, NULL, &modified), STORE_DONE);
        CHECK_NUMBER(number_set_count(&modified), 3);
        CHECK_BOX(box, "1* 2* 3*");
        wanted.unchanged_since = mailbox_highest_modseq(box);
        CHECK_NUMBER(mailbox_store_flags(box, uids(1, 3), &wanted, NULL, NULL), STORE_DONE);
        CHECK_BOX(box, "1S* 2S* 3S*");
}

TEST("what was told lags behind while an expunge may not be told") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = three_messages(&fixture), *other = NULL;
        uint64_t told = mailbox_told_modseq(box);

        CHECK(told == mailbox_highest_modseq(box));
        other = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_flags(other, 2, 2, FLAGS_ADD, FLAG_DELETED, NULL), STORE_DONE);
        CHECK_NUMBER(mailbox_expunge(other, NULL), STORE_DONE);
        CHECK_NUMBER(mailbox_refresh(box, false, NULL), STORE_DONE);
        CHECK(mailbox_highest_modseq(box) > told);
        CHECK(mailbox_told_modseq(box) == told);
        CHECK_NUMBER(store_flags(box, 1, 1, FLAGS_ADD, FLAG_SEEN, NULL), STORE_DONE);
        CHECK(mailbox_told_modseq(box) == told);
        CHECK_REFRESH(box, "-1 +0");
        CHECK(mailbox_told_modseq(box) == mailbox_highest_modseq(box));
        CHECK(mailbox_told_modseq(box) >= modseq_of(box, 1));
}

TEST("who opens later finds the same modseqs, and the expunged UIDs") {
        _cleanup_fixture_ Fixture fixture;
        Mailbox *box = three_messages(&fixture);
        uint64_t before = mailbox_highest_modseq(box), flagged, highest;
        _cleanup_number_set_ NumberSet expunged = { 0 }, none = { 0 };
        bool complete = false;

        CHECK_NUMBER(store_flags(box, 1, 1, FLAGS_ADD, FLAG_FLAGGED, NULL), STORE_DONE);
        flagged = modseq_of(box, 1);
        CHECK_NUMBER(store_flags(box, 3, 3, FLAGS_ADD, FLAG_DELETED, NULL), STORE_DONE);
        CHECK_NUMBER(mailbox_expunge(box, NULL), STORE_DONE);
        highest = mailbox_highest_modseq(box);
        mailbox_close(box);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK(mailbox_highest_modseq(box) == highest && mailbox_told_modseq(box) == highest);
        CHECK(modseq_of(box, 1) == flagged);
        mailbox_expunged_since(box, before, &expunged, &complete);
        CHECK(complete && number_set_count(&expunged) == 1 && number_set_has(&expunged, 3));
        mailbox_expunged_since(box, highest, &none, &complete);
        CHECK(complete && number_set_count(&none) == 0);
        mailbox_close(box);
}

TEST("STATUS of a mailbox with mail in new/ has a higher modseq than the one that was told") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = three_messages(&fixture);
        MailboxStatus status = { 0 };

        CHECK_NUMBER(store_status(fixture.store, "INBOX", 0, &status), STORE_DONE);
        CHECK(status.highest_modseq == mailbox_told_modseq(box));
        put_file(&fixture, "new/1700000004.M1P1.host", "d\n");
        CHECK_NUMBER(store_status(fixture.store, "INBOX", 0, &status), STORE_DONE);
        CHECK(status.highest_modseq > mailbox_told_modseq(box));
        CHECK_REFRESH(box, "+1");
        CHECK(mailbox_told_modseq(box) >= status.highest_modseq);
}

TESTS_END
