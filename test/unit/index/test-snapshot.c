/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots: small ones, which are read, and large ones, which are mapped. */
#include <errno.h>
#include <fcntl.h>

#include "index-text.h"
#include "index/index.h"

static void fill(IndexTable *table) {
        table->facts = (IndexFacts){ .uidvalidity = 7, .highest_modseq = 99, .scan_usec = -1, .dirty = 1,
                                     .cur = { 1, 2, 3, 4 }, .uid_database = { 5, 6, 7, 8 } };
        table->object_id[15] = 77;
        table->claimed_up_to = 4;
        CHECK(index_table_add_keyword(table, "work", 4));
        add(table, 1, 3, 1);
        add(table, 5, 0, 0);
        add(table, 9, 16, 1);
        table->records[2].state = INDEX_UNCLAIMED;
        table->counts.n_unclaimed = 1;
        index_table_set_gone(table, 1);
        index_history_add(&table->history, &(IndexExpunge){ 2, 4, 50, UINT32_MAX, 0 });
}

/* So many that it is mapped: several blocks of each kind. */
static void fill_many(IndexTable *table, uint32_t n) {
        table->facts = (IndexFacts){ .uidvalidity = 7, .highest_modseq = n };
        table->unseen_from = UINT32_MAX;
        CHECK(index_table_add_keyword(table, "work", 4));
        for (uint32_t uid = 1; uid <= n; uid++)
                add(table, uid, uid % 3 == 0 ? FLAG_SEEN : 0, uid % 2);
}

TEST("a snapshot reads as it was written, without what is gone and what is only in memory") {
        _cleanup_table_ IndexTable table = { 0 }, read = { 0 };
        _cleanup_close_ int fd = -EBADF;
        SnapshotFacts facts;
        size_t n;

        fill(&table);
        fd = write_snapshot(&table, 42);
        CHECK_NUMBER(load_snapshot(fd, &read, &facts), SNAPSHOT_DONE);
        CHECK_NUMBER(facts.generation, 42);
        CHECK_NUMBER(facts.boot_sec, 0);
        CHECK_TABLE(&read, "1:3+work 9:10+worku");
        CHECK_TEXT(index_table_name(&read, 1), "9.name");
        CHECK_NUMBER(read.records[0].internal_date_sec, -5);
        CHECK_NUMBER(read.records[0].letters, 3);
        CHECK_NUMBER(read.records[1].file_size, 90);
        CHECK(read.records[1].wire_size == INDEX_SIZE_UNKNOWN);
        CHECK(index_identity_is_same(&read.facts.cur, &table.facts.cur));
        CHECK_NUMBER(read.facts.scan_usec, -1);
        CHECK_NUMBER(read.facts.uidnext, 10);
        CHECK_NUMBER(read.records[1].email_id, 900);
        CHECK_NUMBER(read.records[1].save_date_sec, 90000);
        CHECK_NUMBER(read.object_id[15], 77);
        CHECK_NUMBER(read.counts.n_messages, 2);
        CHECK_NUMBER(read.counts.n_unclaimed, 1);
        CHECK_NUMBER(read.claimed_up_to, 4);
        CHECK_NUMBER(index_history_items(&read.history, 99, &n)->last_uid, 4);
        CHECK_NUMBER(n, 1);
        CHECK(index_table_check_all(&read));
}

TEST("a large snapshot is mapped, and can be changed and added to") {
        _cleanup_table_ IndexTable table = { 0 }, read = { 0 };
        _cleanup_close_ int fd = -EBADF;
        SnapshotFacts facts;
        size_t position;

        fill_many(&table, 5000);
        fd = write_snapshot(&table, 1);
        CHECK_NUMBER(load_snapshot(fd, &read, &facts), SNAPSHOT_DONE);
        CHECK(read.record_region.mapping && read.names.mapping);
        CHECK_NUMBER(read.counts.n_unseen, table.counts.n_unseen);
        CHECK_NUMBER(read.record_blocks->n_unchecked, 5);
        CHECK(index_table_find(&read, 4711, &position));
        CHECK(read.record_blocks->n_unchecked > 0);
        CHECK_TEXT(index_table_name(&read, position), "4711.name");
        CHECK_NUMBER(*index_table_keywords(&read, position), 1);
        index_table_set_flags(&read, position, FLAG_SEEN);
        for (uint32_t uid = 5001; uid <= 40000; uid++)
                add(&read, uid, 0, uid % 2);
        for (size_t i = 0; i < 40000; i += 1234) {
                char name[20];

                (void) snprintf(name, sizeof(name), "%zu.name", i + 1);
                CHECK_TEXT(index_table_name(&read, i), name);
                CHECK_NUMBER(*index_table_keywords(&read, i), (i + 1) % 2);
        }
        CHECK_NUMBER(read.records[position].flags, FLAG_SEEN);
        CHECK(index_table_check_all(&read));
}

TEST("a front with any octet changed is refused, and so is one that is cut") {
        _cleanup_table_ IndexTable table = { 0 };
        _cleanup_close_ int fd = -EBADF;
        SnapshotFacts facts;
        struct stat st;

        fill(&table);
        fd = write_snapshot(&table, 42);
        CHECK(fstat(fd, &st) == 0);
        for (off_t i = 0; i < st.st_size; i++) {
                _cleanup_table_ IndexTable read = { 0 };
                unsigned char octet;
                int r;

                CHECK(pread(fd, &octet, 1, i) == 1);
                octet ^= 0x10;
                CHECK(pwrite(fd, &octet, 1, i) == 1);
                r = load_snapshot(fd, &read, &facts);
                if (i >= 8 && i < 12)
                        CHECK_NUMBER(r, SNAPSHOT_NEWER);
                else
                        CHECK(r == SNAPSHOT_BROKEN || r == SNAPSHOT_DONE);
                CHECK(i >= 349 || r != SNAPSHOT_DONE);
                /* Between the sections are octets that nobody looks at. */
                if (r == SNAPSHOT_DONE && index_table_check_all(&read)) {
                        size_t n;

                        (void) index_history_items(&read.history, 99, &n);
                        CHECK(read.history.is_damaged || i < st.st_size - 24);
                }
                octet ^= 0x10;
                CHECK(pwrite(fd, &octet, 1, i) == 1);
        }
        for (off_t size = st.st_size - 1; size >= 0; size--) {
                _cleanup_table_ IndexTable read = { 0 };

                CHECK(ftruncate(fd, size) == 0);
                CHECK_NUMBER(load_snapshot(fd, &read, &facts), SNAPSHOT_BROKEN);
        }
}

static void damage(int fd, uint64_t offset) {
        unsigned char octet;

        CHECK(pread(fd, &octet, 1, (off_t) offset) == 1);
        octet ^= 1;
        CHECK(pwrite(fd, &octet, 1, (off_t) offset) == 1);
}

TEST("messages of a block that is damaged are gone, the others are there") {
        _cleanup_table_ IndexTable table = { 0 }, read = { 0 };
        _cleanup_close_ int fd = -EBADF;
        SnapshotFacts facts;
        size_t position;

        fill_many(&table, 5000);
        fd = write_snapshot(&table, 1);
        damage(fd, 4096 + INDEX_BLOCK_OCTETS + 64 * 500 + 3); /* the UID of the 1,525th */
        CHECK_NUMBER(load_snapshot(fd, &read, &facts), SNAPSHOT_DONE);
        CHECK(index_table_find(&read, 1000, &position) && !(read.records[position].state & INDEX_GONE));
        CHECK(index_table_find(&read, 1500, &position) && read.records[position].state & INDEX_GONE);
        CHECK(index_table_is_damaged(&read));
        CHECK(index_table_find(&read, 3000, &position) && !(read.records[position].state & INDEX_GONE));
        CHECK(!index_table_check_all(&read));
        for (size_t i = 1; i < read.n_records; i++)
                CHECK(read.records[i - 1].uid < read.records[i].uid);
}

TEST("a name in a block that is damaged is none, and nothing damaged is written again") {
        _cleanup_table_ IndexTable table = { 0 }, read = { 0 };
        _cleanup_close_ int fd = -EBADF, other = memfd_create("other", MFD_CLOEXEC);
        SnapshotFacts facts;
        struct stat st;

        fill_many(&table, 5000);
        fd = write_snapshot(&table, 1);
        CHECK(fstat(fd, &st) == 0);
        damage(fd, (uint64_t) st.st_size - 3);
        CHECK_NUMBER(load_snapshot(fd, &read, &facts), SNAPSHOT_DONE);
        CHECK_TEXT(index_table_name(&read, 4999), "");
        CHECK_NUMBER(strlen(index_table_name(&read, 4998)), 0);
        CHECK(index_table_is_damaged(&read));
        CHECK(snapshot_write(other, &read, &facts) != 0);
}

TEST("a file that is truncated while it is mapped is damaged, not fatal") {
        _cleanup_table_ IndexTable table = { 0 }, read = { 0 };
        _cleanup_close_ int fd = -EBADF;
        SnapshotFacts facts;
        size_t position;

        fill_many(&table, 5000);
        fd = write_snapshot(&table, 1);
        CHECK_NUMBER(load_snapshot(fd, &read, &facts), SNAPSHOT_DONE);
        CHECK(index_table_find(&read, 1, &position));
        CHECK(ftruncate(fd, 8192) == 0);
        (void) index_table_find(&read, 4000, &position);
        CHECK(index_table_is_damaged(&read));
        (void) index_table_name(&read, 10);
        CHECK(!index_table_check_all(&read));
}

TEST("an empty mailbox has a snapshot too") {
        _cleanup_table_ IndexTable table = { .facts = { .uidvalidity = 1, .uidnext = 1 } }, read = { 0 };
        _cleanup_close_ int fd = write_snapshot(&table, 1);
        SnapshotFacts facts;

        CHECK_NUMBER(load_snapshot(fd, &read, &facts), SNAPSHOT_DONE);
        CHECK_TABLE(&read, "");
        CHECK(index_table_check_all(&read));
}

TESTS_END
