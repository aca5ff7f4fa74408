/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index-text.h"
#include "index/index.h"
#include "index/snapshot.h"

static void fill(IndexTable *table) {
        table->facts = (IndexFacts){ .uidvalidity = 7, .highest_modseq = 99, .scan_usec = -1, .dirty = 1,
                                     .cur = { 1, 2, 3, 4 }, .uid_database = { 5, 6, 7, 8 } };
        table->object_id[15] = 77;
        CHECK(index_table_add_keyword(table, "work", 4));
        add(table, 1, 3, 1);
        add(table, 5, 0, 0);
        add(table, 9, 16, 1);
        table->records[1].state = INDEX_GONE;
        table->records[2].state = INDEX_UNCLAIMED | INDEX_RECENT;
}

TEST("a snapshot reads as it was written, without what is gone and what is only in memory") {
        _cleanup_table_ IndexTable table = { 0 }, read = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };
        uint64_t generation = 0;

        fill(&table);
        snapshot_encode(&table, 42, &octets);
        CHECK(snapshot_decode(octets.data, octets.size, &read, &generation));
        CHECK_NUMBER(generation, 42);
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
}

TEST("a snapshot with any octet changed, or cut anywhere, is refused") {
        _cleanup_table_ IndexTable table = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };

        fill(&table);
        snapshot_encode(&table, 42, &octets);
        for (size_t i = 0; i < octets.size; i++) {
                IndexTable read = { 0 };
                uint64_t generation;

                octets.data[i] ^= 0x10;
                CHECK(!snapshot_decode(octets.data, octets.size, &read, &generation));
                octets.data[i] ^= 0x10;
                CHECK(!snapshot_decode(octets.data, i, &read, &generation));
        }
}

TEST("an empty mailbox has a snapshot too") {
        _cleanup_table_ IndexTable table = { .facts = { .uidvalidity = 1, .uidnext = 1 } }, read = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };
        uint64_t generation;

        snapshot_encode(&table, 1, &octets);
        CHECK(snapshot_decode(octets.data, octets.size, &read, &generation));
        CHECK_TABLE(&read, "");
}

TESTS_END
