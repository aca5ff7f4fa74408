/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that come, are copied, moved, and go. */
#include <time.h>

#include "store-fixture.h"
#include "store/message-cache.h"

static char *describe_copy(const CopyResult *result) {
        Buffer text = { 0 };

        number_set_append_text(&result->source_uids, &text);
        buffer_append_text(&text, " to ");
        number_set_append_text(&result->target_uids, &text);
        return buffer_take_text(&text);
}

TEST("what is appended with CRLF comes back octet for octet, and so do bare CRs") {
        static const struct {
                const char *appended, *stored;
                uint64_t wire_size;
        } examples[] = {
                { "A: b\r\n\r\ntext\r\n", "A: b\n\ntext\n", 14 },
                { "A: b\r\n\r\nno end", "A: b\n\nno end", 14 },
                { "bare\rcr\r\n", "bare\rcr\n", 9 },
                { "two\r\r\n", "two\r\r\n", 6 },
                { "ends in cr\r", "ends in cr\r", 11 },
                { "lone\nlf\r\n", "lone\nlf\n", 10 },
                { "", "", 0 },
        };
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                uint32_t uid = append_text(&fixture, "INBOX", examples[i].appended, 0);
                _cleanup_(mailbox_closep) Mailbox *box = open_box(&fixture, "INBOX", MAILBOX_READ_ONLY);
                _cleanup_free_ char *text = message_text(box, uid);
                uint64_t size = 0;

                CHECK_TEXT(text, examples[i].stored);
                CHECK_NUMBER(mailbox_wire_size(box, i, &size), STORE_DONE);
                CHECK_NUMBER(size, examples[i].wire_size);
        }
}

TEST("several messages are appended together, in order, with flags, keywords and date") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(append_result_done) AppendResult result = { 0 };
        _cleanup_(append_freep) Append *append = NULL;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        char *keywords[] = { (char *) "work", (char *) "$Forwarded" };

        fixture_init(&fixture);
        CHECK_NUMBER(append_begin(fixture.store, "INBOX/No", &append), STORE_NO_SUCH_MAILBOX);
        CHECK_NUMBER(append_begin(fixture.store, "INBOX", &append), STORE_DONE);
        CHECK_NUMBER(append_write(append, "one\r", 4), STORE_DONE);
        CHECK_NUMBER(append_write(append, "\n", 1), STORE_DONE);
        CHECK_NUMBER(append_message_done(append, FLAG_SEEN, keywords, 2, 1000000000), STORE_DONE);
        CHECK_NUMBER(append_write(append, "two\r\n", 5), STORE_DONE);
        CHECK_NUMBER(append_message_done(append, 0, keywords, 1, APPEND_DATE_NOW), STORE_DONE);
        CHECK_NUMBER(count_files(&fixture, "cur"), 0);
        CHECK_NUMBER(append_commit(append, &result), STORE_DONE);
        append = append_free(append);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "1S+work+$Forwarded 2+work");
        CHECK_NUMBER(date_of(box, 0), 1000000000);
        CHECK_NUMBER(mailbox_uidvalidity(box), result.uidvalidity);
        CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
}

/* The text of a message in lines of all lengths, as a client sends it. */
static void make_long_mail(Buffer *mail, Buffer *stored) {
        for (int i = 0; stored->size < 700000; i++) {
                static const char filler[] = "................................................................";

                buffer_printf(mail, "%x %.*s\r\n", (unsigned) i, i % 64, filler);
                buffer_printf(stored, "%x %.*s\n", (unsigned) i, i % 64, filler);
        }
}

TEST("a long message arrives whole, whatever the pieces it comes in") {
        static const size_t pieces[] = { 4099, 131072, 262144, 262145, 1 << 20 };
        _cleanup_buffer_ Buffer mail = { 0 }, stored = { 0 };
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        make_long_mail(&mail, &stored);
        for (uint32_t i = 0; i < ELEMENTSOF(pieces); i++) {
                _cleanup_(append_result_done) AppendResult result = { 0 };
                _cleanup_(append_freep) Append *append = NULL;
                _cleanup_(mailbox_closep) Mailbox *box = NULL;
                _cleanup_(message_closep) Message *message = NULL;
                _cleanup_free_ char *text = memory_new(1, stored.size + 1);
                uint64_t size = 0;
                size_t n = 0;

                CHECK_NUMBER(append_begin(fixture.store, "INBOX", &append), STORE_DONE);
                for (size_t at = 0; at < mail.size; at += pieces[i])
                        CHECK_NUMBER(append_write(append, mail.data + at, MIN(pieces[i], mail.size - at)),
                                     STORE_DONE);
                CHECK_NUMBER(append_message_done(append, 0, NULL, 0, APPEND_DATE_NOW), STORE_DONE);
                CHECK_NUMBER(append_commit(append, &result), STORE_DONE);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_ONLY);
                CHECK_NUMBER(message_open(box, i + 1, &message), STORE_DONE);
                CHECK_NUMBER(message_read_at(message, 0, text, stored.size + 1, &n), 0);
                CHECK_NUMBER(n, stored.size);
                CHECK(memcmp(text, stored.data, stored.size) == 0);
                CHECK_NUMBER(mailbox_wire_size(box, i, &size), STORE_DONE);
                CHECK_NUMBER(size, mail.size);
        }
}

TEST("an append that is given up leaves nothing behind") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(append_freep) Append *append = NULL;

        fixture_init(&fixture);
        CHECK_NUMBER(append_begin(fixture.store, "INBOX", &append), STORE_DONE);
        CHECK_NUMBER(append_write(append, "one\r\n", 5), STORE_DONE);
        CHECK_NUMBER(append_message_done(append, 0, NULL, 0, APPEND_DATE_NOW), STORE_DONE);
        CHECK_NUMBER(append_write(append, "tw", 2), STORE_DONE);
        CHECK_NUMBER(count_files(&fixture, "tmp"), 2);
        append = append_free(append);
        CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
        CHECK_NUMBER(count_files(&fixture, "cur"), 0);
        CHECK_NUMBER(count_files(&fixture, "new"), 0);
}

/* Descriptors of this process. */
static int count_open(void) {
        DIR *dir = opendir("/proc/self/fd");
        int n = 0;

        while (dir && readdir(dir))
                n++;
        if (dir)
                closedir(dir);
        return n;
}

TEST("the mailbox of an append is open for the next one, until another command is over") {
        _cleanup_fixture_ Fixture fixture;
        int n;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        n = count_open();
        for (uint32_t uid = 1; uid <= 3; uid++) {
                CHECK_NUMBER(append_text(&fixture, "INBOX/A", "x\r\n", 0), uid);
                store_rest(fixture.store);
                CHECK(count_open() > n);
        }
        CHECK_NUMBER(append_text(&fixture, "INBOX", "x\r\n", 0), 1);
        store_rest(fixture.store);
        store_rest(fixture.store);
        CHECK_NUMBER(count_open(), n);
}

TEST("between two appends the mailbox may be deleted, renamed or made anew") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_(append_freep) Append *append = NULL;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        CHECK_NUMBER(append_text(&fixture, "INBOX/A", "x\r\n", 0), 1);
        CHECK_NUMBER(store_delete_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        CHECK_NUMBER(append_begin(fixture.store, "INBOX/A", &append), STORE_NO_SUCH_MAILBOX);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        CHECK_NUMBER(append_text(&fixture, "INBOX/A", "y\r\n", 0), 1);
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX/A", "INBOX/B"), STORE_DONE);
        CHECK_NUMBER(append_begin(fixture.store, "INBOX/A", &append), STORE_NO_SUCH_MAILBOX);
        CHECK_NUMBER(append_text(&fixture, "INBOX/B", "z\r\n", 0), 2);
        box = open_box(&fixture, "INBOX/B", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "1 2");
}

TEST("between two appends another server may have given out the next UIDs") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_free_ char *known = NULL, *theirs = NULL;
        unsigned uidvalidity = 0;
        const char *lines;

        fixture_init(&fixture);
        CHECK_NUMBER(append_text(&fixture, "INBOX", "x\r\n", 0), 1);
        known = get_file(&fixture, "courierimapuiddb");
        lines = known ? strchr(known, '\n') : NULL;
        CHECK(lines && sscanf(known, "1 %u", &uidvalidity) == 1);
        put_file(&fixture, "cur/2.b:2,S", "b\n");
        theirs = text_printf("1 %u 8%s7 2.b\n", uidvalidity, lines ? lines : "");
        put_file(&fixture, "courierimapuiddb", theirs);
        CHECK_NUMBER(append_text(&fixture, "INBOX", "y\r\n", 0), 8);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_ONLY);
        CHECK_BOX(box, "1 7S 8");
}

TEST("an append does not look at files that came meanwhile; whoever opens the mailbox does") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        CHECK_NUMBER(append_text(&fixture, "INBOX", "x\r\n", 0), 1);
        put_file(&fixture, "cur/2.b:2,S", "b\n");
        put_file(&fixture, "new/3.c", "c\n");
        CHECK_NUMBER(append_text(&fixture, "INBOX", "y\r\n", 0), 2);
        CHECK(has_file(&fixture, "new/3.c"));
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_BOX(box, "1 2 3S* 4*");
}

TEST("copies keep flags, keywords and date, are not recent, and have new names") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(copy_result_done) CopyResult result = { 0 };
        _cleanup_(mailbox_closep) Mailbox *inbox = NULL, *target = NULL;
        _cleanup_free_ char *copied = NULL, *text = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,S", "a\n");
        put_file(&fixture, "cur/2.b:2,", "b\n");
        put_file(&fixture, "cur/3.c:2,F", "c\n");
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/T"), STORE_DONE);
        inbox = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_flags(inbox, 3, 3, FLAGS_ADD, 0, "kw"), STORE_DONE);
        remove_file(&fixture, "cur/2.b:2,");
        CHECK_NUMBER(mailbox_copy(inbox, uids(1, 9), "INBOX/No", &result), STORE_NO_SUCH_MAILBOX);
        CHECK_NUMBER(mailbox_copy(inbox, uids(1, 9), "INBOX/T", &result), STORE_DONE);
        copied = describe_copy(&result);
        CHECK_TEXT(copied, "1,3 to 1:2");
        target = open_box(&fixture, "INBOX/T", MAILBOX_READ_WRITE);
        CHECK_BOX(target, "1S 2F+kw");
        CHECK_NUMBER(mailbox_uidvalidity(target), result.uidvalidity);
        text = message_text(target, 2);
        CHECK_TEXT(text, "c\n");
        CHECK_NUMBER(date_of(target, 1), date_of(inbox, 2));
        CHECK_REFRESH(inbox, "-1 +0 k");
}

TEST("a copy into the mailbox itself appears in it") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(copy_result_done) CopyResult copied = { 0 }, moved = { 0 };
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,S", "a\n");
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_copy(box, uids(1, 1), "INBOX", &copied), STORE_DONE);
        CHECK_REFRESH(box, "+1");
        CHECK_BOX(box, "1S* 2S");
        CHECK_NUMBER(mailbox_move(box, uids(1, 1), "INBOX", &moved), STORE_DONE);
        CHECK_REFRESH(box, "-0 +1");
        CHECK_BOX(box, "2S 3S");
        CHECK_NUMBER(count_files(&fixture, "cur"), 2);
}

TEST("a move leaves the message in one mailbox only, under its name") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(copy_result_done) CopyResult result = { 0 };
        _cleanup_(mailbox_closep) Mailbox *inbox = NULL, *target = NULL;
        _cleanup_free_ char *moved = NULL, *text = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,S", "a\n");
        put_file(&fixture, "cur/2.b:2,", "b\n");
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/T"), STORE_DONE);
        put_file(&fixture, ".T/cur/1.a:2,", "another a\n");
        inbox = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        target = open_box(&fixture, "INBOX/T", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_flags(inbox, 2, 2, FLAGS_ADD, FLAG_SEEN, "kw"), STORE_DONE);
        CHECK_NUMBER(mailbox_move(inbox, uids(1, UINT32_MAX), "INBOX/T", &result), STORE_DONE);
        moved = describe_copy(&result);
        CHECK_TEXT(moved, "1:2 to 2:3");
        CHECK_REFRESH(inbox, "-0 -1 +0 k");
        CHECK_REFRESH(target, "+2 k");
        CHECK_BOX(target, "1* 2S 3S+kw");
        CHECK(has_file(&fixture, ".T/cur/2.b:2,S"));
        text = message_text(target, 2);
        CHECK_TEXT(text, "a\n");
        CHECK_NUMBER(count_files(&fixture, "cur"), 0);
        CHECK_NUMBER(count_files(&fixture, ".T/cur"), 3);
}

static MessageRecord record_at(const Mailbox *box, size_t position) {
        MessageRecord record;

        mailbox_message_at(box, position, &record);
        return record;
}

TEST("copies and moved messages keep their email id, and are saved when they arrive") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(copy_result_done) CopyResult copied = { 0 }, moved = { 0 };
        _cleanup_(mailbox_closep) Mailbox *inbox = NULL, *target = NULL;
        int64_t start = (int64_t) time(NULL);
        MessageRecord one, other;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,S", "a\n");
        append_text(&fixture, "INBOX", "b\r\n", 0);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/T"), STORE_DONE);
        inbox = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        one = record_at(inbox, 0);
        other = record_at(inbox, 1);
        CHECK(one.email_id != 0 && other.email_id != 0 && one.email_id != other.email_id);
        CHECK(one.save_date_sec >= start && one.save_date_sec <= time(NULL));
        CHECK(other.save_date_sec >= start && other.save_date_sec <= time(NULL));
        CHECK_NUMBER(mailbox_copy(inbox, uids(1, 2), "INBOX/T", &copied), STORE_DONE);
        CHECK_NUMBER(mailbox_move(inbox, uids(1, 1), "INBOX/T", &moved), STORE_DONE);
        target = open_box(&fixture, "INBOX/T", MAILBOX_READ_WRITE);
        CHECK(record_at(target, 0).email_id == one.email_id);
        CHECK(record_at(target, 1).email_id == other.email_id);
        CHECK(record_at(target, 2).email_id == one.email_id);
        CHECK(record_at(target, 2).save_date_sec >= start);
}

TEST("only what is marked and named is expunged, and nothing in a read-only mailbox") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL, *reader = NULL;

        fixture_init(&fixture);
        for (int i = 0; i < 4; i++)
                append_text(&fixture, "INBOX", "x\r\n", i == 1 ? 0 : FLAG_DELETED);
        reader = open_box(&fixture, "INBOX", MAILBOX_READ_ONLY);
        CHECK_NUMBER(mailbox_expunge(reader, NULL), STORE_READ_ONLY);
        CHECK_NUMBER(store_flags(reader, 1, 1, FLAGS_ADD, FLAG_SEEN, NULL), STORE_READ_ONLY);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_expunge(box, uids(2, 3)), STORE_DONE);
        CHECK_REFRESH(box, "-2 +0");
        CHECK_BOX(box, "1T 2 4T");
        CHECK_NUMBER(mailbox_expunge(box, NULL), STORE_DONE);
        CHECK_REFRESH(box, "-0 -2 +0");
        CHECK_REFRESH(reader, "-0 -2 -3 +0");
        CHECK_NUMBER(count_files(&fixture, "cur"), 1);
}

TEST("the names of what can be synced are read, and what is none of them is synced in full") {
        static const struct {
                const char *text;
                StoreSync sync;
        } cases[] = {
                { "full", STORE_SYNC_FULL }, { "data", STORE_SYNC_DATA }, { "Off", STORE_SYNC_OFF },
                { "never", STORE_SYNC_FULL }, { NULL, STORE_SYNC_FULL },
        };
        StoreSettings settings;

        log_set_max_level(LOG_CRIT);
        for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
                CHECK((cases[i].text ? setenv("IMAP_FSYNC", cases[i].text, 1) : unsetenv("IMAP_FSYNC")) == 0);
                store_settings_read(&settings);
                CHECK_NUMBER(settings.sync, cases[i].sync);
        }
        for (int i = 0; i < _STORE_SYNC_MAX; i++)
                CHECK_NUMBER(store_sync_from_name(store_sync_to_name((StoreSync) i)), i);
}

TEST("more messages than files may be held open are appended, whatever is synced") {
        for (int sync = 0; sync < _STORE_SYNC_MAX; sync++) {
                StoreSettings settings = { .host_name = "host", .trash_name = "Trash", .sync = (StoreSync) sync };
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(append_result_done) AppendResult result = { 0 };
                _cleanup_(append_freep) Append *append = NULL;

                fixture_init(&fixture);
                fixture.store = store_close(fixture.store);
                CHECK_NUMBER(store_open(fixture.path, &settings, &fixture.store), STORE_DONE);
                CHECK_NUMBER(append_begin(fixture.store, "INBOX", &append), STORE_DONE);
                for (int i = 0; i < 40; i++) {
                        CHECK_NUMBER(append_write(append, "x\r\n", 3), STORE_DONE);
                        CHECK_NUMBER(append_message_done(append, 0, NULL, 0, APPEND_DATE_NOW), STORE_DONE);
                }
                CHECK_NUMBER(append_commit(append, &result), STORE_DONE);
                CHECK_NUMBER(number_set_count(&result.uids), 40);
                CHECK_NUMBER(count_files(&fixture, "cur"), 40);
                CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
                append = append_free(append);
        }
}

TESTS_END
