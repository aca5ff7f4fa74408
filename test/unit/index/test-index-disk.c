/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other versions, bulk, damage and history of an index on disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "basic/disk.h"
#include "basic/log.h"
#include "index-text.h"
#include "index/index-facts.h"
#include "index/index.h"
#include "index/journal.h"
#include "index/octets.h"

typedef struct Fixture {
        char path[64];
        int fd;
} Fixture;

static void fixture_init(Fixture *fixture) {
        log_set_max_level(LOG_CRIT);
        *fixture = (Fixture){ .path = "/tmp/test-index-XXXXXX" };
        CHECK(mkdtemp(fixture->path) != NULL);
        fixture->fd = open(fixture->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        CHECK_NUMBER(disk_make_directory(fixture->fd, "tmp", 0700), DISK_DONE);
}

static void fixture_done(Fixture *fixture) {
        _cleanup_close_ int tmp = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        fixture->fd = fd_close(fixture->fd);
        CHECK_NUMBER(disk_remove_tree(tmp, strrchr(fixture->path, '/') + 1), DISK_DONE);
}

#define _cleanup_fixture_ _cleanup_(fixture_done)

static void put_file(const Fixture *fixture, const char *name, const Buffer *octets) {
        DiskFile file = { fixture->fd, "x", fixture->fd, name, 0644, 0 };

        CHECK_NUMBER(disk_replace(&file, octets->data, octets->size), DISK_DONE);
}

static void change_octet(const Fixture *fixture, const char *name, off_t offset, int change) {
        _cleanup_close_ int fd = openat(fixture->fd, name, O_RDWR | O_CLOEXEC);
        unsigned char octet = 0;

        CHECK(fd >= 0 && pread(fd, &octet, 1, offset) == 1);
        octet ^= (unsigned char) change;
        CHECK(pwrite(fd, &octet, 1, offset) == 1);
}

static void add_message(Index *index, unsigned number) {
        char base[40];

        (void) snprintf(base, sizeof(base), "%u.M1P1V0000I00000_1.host,S=1", 1700000000 + number);
        (void) index_change_add(index, &(IndexMessage){ .base = base,
                                                        .record.wire_size = INDEX_SIZE_UNKNOWN });
}

static Index *make_index(const Fixture *fixture, unsigned n) {
        Index *index = index_new(fixture->fd, 7);

        for (unsigned i = 1; i <= n; i++)
                add_message(index, i);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        return index;
}

/* Version 1, as its program wrote it. */
static void put_version_1(const Fixture *fixture) {
        _cleanup_buffer_ Buffer snapshot = { 0 }, facts = { 0 }, log = { 0 }, payload = { 0 };
        IndexFacts known = { .uidvalidity = 7, .uidnext = 6, .highest_modseq = 12 };
        size_t start;

        index_facts_put(&facts, &known);
        buffer_append(&snapshot, "IMAPDIDX", 8);
        octets_put(&snapshot, 1, 4);
        octets_put(&snapshot, 100, 8); /* generation */
        octets_put(&snapshot, 2, 4);   /* messages, words, keywords */
        octets_put(&snapshot, 1, 4);
        octets_put(&snapshot, 1, 4);
        buffer_append(&snapshot, facts.data, 128); /* without dovecot-uidlist */
        buffer_append(&snapshot, facts.data + 156, 20);
        buffer_append(&snapshot, "work", 5);
        for (unsigned i = 0; i < 2; i++) {
                octets_put(&snapshot, i == 0 ? 3 : 5, 4);
                octets_put(&snapshot, i * 3, 4); /* the names are "a\0b" long */
                octets_put(&snapshot, FLAG_SEEN, 2);
                octets_put(&snapshot, 1, 1);
                octets_put(&snapshot, i, 1); /* unclaimed */
                octets_put(&snapshot, 0, 8);
                octets_put(&snapshot, 12, 8);
                octets_put(&snapshot, 1000, 8);
                octets_put(&snapshot, 10, 8);
                octets_put(&snapshot, UINT64_MAX, 8);
                octets_put(&snapshot, i, 8);
        }
        buffer_append(&snapshot, "1a\0" "2b", 6);
        octets_put(&snapshot, octets_checksum(snapshot.data, snapshot.size), 4);
        put_file(fixture, SNAPSHOT_NAME, &snapshot);

        journal_append_header(&log, 100);
        log.data[8] = 1;
        start = log.size - 4;
        log.size = start;
        octets_put(&log, octets_checksum(log.data, start), 4);
        octets_put(&payload, 3, 1); /* UID 3 is expunged */
        octets_put(&payload, 3, 4);
        octets_put(&payload, 13, 8);
        octets_put(&log, payload.size, 4);
        octets_put(&log, 0, 4);
        octets_put(&log, octets_checksum_more(octets_checksum(log.data + log.size - 8, 8), payload.data,
                                              payload.size), 4);
        buffer_append(&log, payload.data, payload.size);
        put_file(fixture, JOURNAL_NAME, &log);
}

TEST("an index of version 1 is read, and written anew with the same numbers") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;
        const IndexTable *table;

        fixture_init(&fixture);
        put_version_1(&fixture);
        CHECK_NUMBER(index_open(fixture.fd, &index), INDEX_DONE);
        CHECK(index_is_old(index));
        CHECK_TABLE(index_table(index), "5:10+worku");
        CHECK_NUMBER(index_pull(index), INDEX_DONE);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        CHECK(!index_is_old(index));
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
        CHECK(!index_is_old(other));
        table = index_table(other);
        CHECK_TABLE(table, "5:10+worku");
        CHECK_TEXT(index_table_name(table, 0), "2b");
        CHECK_NUMBER(table->facts.uidvalidity, 7);
        CHECK_NUMBER(table->facts.uidnext, 6);
        CHECK_NUMBER(table->facts.highest_modseq, 13);
        CHECK_NUMBER(table->records[0].modseq, 12);
        CHECK_NUMBER(table->records[0].internal_date_sec, 1000);
        CHECK(table->records[0].email_id != 0);
}

TEST("an index or a log of a newer version is refused and not touched") {
        for (int i = 0; i < 2; i++) {
                const char *name = i == 0 ? SNAPSHOT_NAME : JOURNAL_NAME;
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(index_closep) Index *index = NULL, *other = NULL;
                _cleanup_buffer_ Buffer log = { 0 };
                struct stat before, after;

                fixture_init(&fixture);
                index = make_index(&fixture, 2);
                if (i == 0) {
                        change_octet(&fixture, SNAPSHOT_NAME, 8, 1); /* version 3 */
                } else {
                        journal_append_header(&log, 1);
                        log.data[8] = 3;
                        log.size -= 4;
                        octets_put(&log, octets_checksum(log.data, log.size), 4);
                        put_file(&fixture, JOURNAL_NAME, &log);
                }
                CHECK(fstatat(fixture.fd, name, &before, 0) == 0);
                CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_NEWER);
                CHECK_NUMBER(index_pull(index), INDEX_REPLACED);
                CHECK(fstatat(fixture.fd, name, &after, 0) == 0);
                CHECK(before.st_ino == after.st_ino && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
        }
}

TEST("many messages at once go to the table and into a snapshot, or not at all") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;

        fixture_init(&fixture);
        index = make_index(&fixture, 20000);
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
        index_change_many(index, 90000, 90000);
        for (unsigned i = 0; i < 90000; i++)
                add_message(index, i);
        CHECK_NUMBER(index_table(index)->counts.n_messages, 110000);
        index_change_drop(index);
        CHECK_NUMBER(index_table(index)->counts.n_messages, 20000);
        CHECK_NUMBER(index_table(index)->facts.uidnext, 20001);
        index_change_many(index, 90000, 90000);
        for (unsigned i = 0; i < 90000; i++)
                add_message(index, i);
        CHECK_NUMBER(index_commit(index, INDEX_FOUND), INDEX_DONE);
        CHECK_NUMBER(index_pull(other), INDEX_DONE);
        for (int i = 0; i < 2; i++) {
                IndexTable *table = index_table(i == 0 ? index : other);

                CHECK_NUMBER(table->n_records, 110000);
                CHECK_NUMBER(table->facts.uidnext, 110001);
                CHECK_NUMBER(table->counts.n_unseen, 110000);
                CHECK_TEXT(index_table_name(table, 109999), "1700089999.M1P1V0000I00000_1.host,S=1");
                CHECK(index_check(i == 0 ? index : other));
        }
}

TEST("a damage that shows is told once, and the next open finds no index") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL;
        struct stat st;
        size_t position;

        fixture_init(&fixture);
        index = index_close(make_index(&fixture, 5000));
        change_octet(&fixture, SNAPSHOT_NAME, 100000, 1);
        CHECK_NUMBER(index_open(fixture.fd, &index), INDEX_DONE);
        CHECK_NUMBER(index_pull(index), INDEX_DONE);
        (void) index_table_find(index_table(index), 1500, &position);
        CHECK_NUMBER(index_pull(index), INDEX_DAMAGED);
        CHECK(fstatat(fixture.fd, "imapd.index.damaged", &st, 0) == 0);
        index = index_close(index);
        CHECK_NUMBER(index_open(fixture.fd, &index), INDEX_MISSING);
}

TEST("what is promised to be on disk makes the snapshot so that was not waited for") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL;
        _cleanup_close_ int fd = -EBADF;
        _cleanup_table_ IndexTable table = { 0 };
        _cleanup_free_ char *log = NULL;
        int n_synced = 0, n_added = 0;
        JournalRecord record;
        SnapshotFacts facts;
        OctetReader reader;
        size_t size;

        fixture_init(&fixture);
        index = make_index(&fixture, 5000);
        fd = openat(fixture.fd, SNAPSHOT_NAME, O_RDONLY | O_CLOEXEC);
        CHECK_NUMBER(load_snapshot(fd, &table, &facts), SNAPSHOT_DONE);
        CHECK(facts.boot_sec != 0);
        for (int i = 0; i < 2; i++) {
                add_message(index, 6000);
                CHECK_NUMBER(index_commit(index, INDEX_SYNCED), INDEX_DONE);
        }
        /* Said in the log, and once only. */
        CHECK_NUMBER(disk_read(fixture.fd, JOURNAL_NAME, 10000, &log, &size, NULL), DISK_DONE);
        reader = octet_reader(log + JOURNAL_HEADER_OCTETS, size - JOURNAL_HEADER_OCTETS);
        for (uint32_t i = 0; journal_next(&reader, i, &record); i++) {
                n_synced += record.kind == JOURNAL_SYNCED;
                n_added += record.kind == JOURNAL_ADD;
        }
        CHECK_NUMBER(n_synced, 1);
        CHECK_NUMBER(n_added, 2);
}

TEST("what was expunged is known by modseq, over a fold and a restart") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;
        uint64_t before;

        fixture_init(&fixture);
        index = make_index(&fixture, 20);
        for (uint32_t uid = 3; uid <= 5; uid++)
                index_change_expunge(index, uid);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        before = index_table(index)->facts.highest_modseq;
        index_change_expunge(index, 9);
        index_change_expunge(index, 7);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        for (unsigned i = 0; i < 3000; i++) { /* until it is folded */
                index_change_flags(index, &(IndexMessage){ .record = { .uid = 1, .flags = (uint16_t) (i & 1) } });
                CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        }
        index_change_expunge(index, 20);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
        for (int i = 0; i < 2; i++) {
                _cleanup_number_set_ NumberSet all = { 0 }, late = { 0 };
                _cleanup_buffer_ Buffer text = { 0 };
                bool complete = false;

                index_expunged_since(i == 0 ? index : other, 1, &all, &complete);
                CHECK(complete);
                number_set_append_text(&all, &text);
                buffer_append_char(&text, ' ');
                index_expunged_since(i == 0 ? index : other, before, &late, &complete);
                CHECK(complete);
                number_set_append_text(&late, &text);
                CHECK_TEXT(text.data, "3:5,7,9,20 7,9,20");
        }
}

TEST("history is kept for 30 days and for 10,000 UIDs, and within a bound") {
        const int64_t day = 24 * 60 * 60, now = 100 * day;
        IndexExpunge *items = make_array(IndexExpunge, INDEX_HISTORY_RANGES_MAX + 10);
        uint64_t floor = 0;

        for (uint32_t i = 0; i < 100; i++)
                items[i] = (IndexExpunge){ 1 + i * 200, 200 + i * 200, i + 1, (uint32_t) ((uint64_t) i * 60), 0 };
        CHECK_NUMBER(index_history_start(items, 100, 10 * day, &floor), 0); /* all young */
        CHECK_NUMBER(floor, 0);
        CHECK_NUMBER(index_history_start(items, 100, now, &floor), 50); /* the last 10,000 UIDs */
        CHECK_NUMBER(floor, 50);
        CHECK_NUMBER(index_history_start(items, 40, now, &floor), 0);
        for (uint32_t i = 0; i < INDEX_HISTORY_RANGES_MAX + 10; i++)
                items[i] = (IndexExpunge){ 1 + i, 1 + i, i + 1, (uint32_t) now, 0 };
        CHECK_NUMBER(index_history_start(items, INDEX_HISTORY_RANGES_MAX + 10, now, &floor), 10);
        free(items);
}

TESTS_END
