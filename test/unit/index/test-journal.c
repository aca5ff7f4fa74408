/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index-text.h"
#include "index/journal.h"

static const JournalRecord records[] = {
        { .kind = JOURNAL_KEYWORD, .base = "work", .base_size = 4 },
        { .kind = JOURNAL_ADD, .record = { .uid = 4, .flags = 16, .suffix = 1, .modseq = 7, .letters = 9,
                                           .internal_date_sec = -3, .file_size = 12, .wire_size = 14 },
          .base = "1.a,S=12", .base_size = 8, .words = { 1 } },
        { .kind = JOURNAL_ADD, .record = { .uid = 6, .modseq = 7, .state = INDEX_UNCLAIMED,
                                           .wire_size = INDEX_SIZE_UNKNOWN }, .base = "2.b", .base_size = 3 },
        { .kind = JOURNAL_FLAGS, .record = { .uid = 6, .flags = 2, .modseq = 8 }, .words = { 1 } },
        { .kind = JOURNAL_CLAIM, .record = { .uid = 6 } },
        { .kind = JOURNAL_LEARNED, .record = { .uid = 6, .wire_size = 77, .file_size = 70, .internal_date_sec = 5 } },
        { .kind = JOURNAL_EXPUNGE, .expunge = { .first_uid = 2, .last_uid = 4, .modseq = 9, .sec = 99 } },
        { .kind = JOURNAL_SYNCED },
        { .kind = JOURNAL_FACTS, .facts = { .uidvalidity = 5, .uidnext = 20, .highest_modseq = 9, .dirty = 3 } },
};

static void write_all(Buffer *octets) {
        for (size_t i = 0; i < ELEMENTSOF(records); i++)
                journal_append(octets, (uint32_t) i, &records[i]);
}

static size_t apply_all(IndexTable *table, const char *data, size_t size, JournalActor actor) {
        OctetReader reader = octet_reader(data, size);
        JournalRecord record;
        uint32_t sequence = 0;

        for (; journal_next(&reader, sequence, &record); sequence++)
                if (!journal_apply(table, &record, actor))
                        break;
        return sequence;
}

TEST("every kind of record reads as it was written, and does what it says") {
        _cleanup_table_ IndexTable table = { .facts = { .uidvalidity = 5, .uidnext = 1 } };
        _cleanup_buffer_ Buffer octets = { 0 };

        write_all(&octets);
        CHECK_NUMBER(apply_all(&table, octets.data, octets.size, JOURNAL_FOREIGN), ELEMENTSOF(records));
        CHECK_TABLE(&table, "4:10+work- 6:2+work!");
        CHECK_TEXT(index_table_name(&table, 0), "1.a,S=12");
        CHECK_NUMBER(table.records[0].internal_date_sec, -3);
        CHECK_NUMBER(table.records[0].letters, 9);
        CHECK_NUMBER(table.records[1].wire_size, 77);
        CHECK_NUMBER(table.facts.uidnext, 20);
        CHECK_NUMBER(table.facts.highest_modseq, 9);
        CHECK_NUMBER(table.history.n_items, 1);
        CHECK_NUMBER(table.claimed_up_to, 6);
}

TEST("our own changes are not marked as somebody else's") {
        _cleanup_table_ IndexTable table = { .facts = { .uidvalidity = 5, .uidnext = 1 } };
        _cleanup_buffer_ Buffer octets = { 0 };

        write_all(&octets);
        CHECK_NUMBER(apply_all(&table, octets.data, octets.size, JOURNAL_OWN), ELEMENTSOF(records));
        CHECK_TABLE(&table, "4:10+work- 6:2+work");
}

TEST("a log cut anywhere reads up to the last whole record") {
        _cleanup_buffer_ Buffer octets = { 0 };
        size_t n_whole = 0;

        write_all(&octets);
        for (size_t size = 0; size <= octets.size; size++) {
                IndexTable table = { .facts = { .uidvalidity = 5, .uidnext = 1 } };
                size_t n = apply_all(&table, octets.data, size, JOURNAL_OWN);

                CHECK(n == n_whole || n == n_whole + 1);
                n_whole = n;
                index_table_done(&table);
        }
        CHECK_NUMBER(n_whole, ELEMENTSOF(records));
}

TEST("a record with any octet changed, or of another place in the log, ends it") {
        _cleanup_buffer_ Buffer octets = { 0 };
        JournalRecord record;

        journal_append(&octets, 0, &records[1]);
        for (size_t i = 0; i < octets.size; i++) {
                OctetReader reader = octet_reader(octets.data, octets.size);

                octets.data[i] ^= 0x01;
                CHECK(!journal_next(&reader, 0, &record));
                octets.data[i] ^= 0x01;
        }
        OctetReader reader = octet_reader(octets.data, octets.size);
        CHECK(!journal_next(&reader, 1, &record));
        CHECK(journal_next(&reader, 0, &record));
}

TEST("records that do not fit the table are refused") {
        static const JournalRecord wrong[] = {
                { .kind = JOURNAL_FLAGS, .record = { .uid = 3 } },
                { .kind = JOURNAL_EXPUNGE, .expunge = { .first_uid = 3, .last_uid = 9 } },
                { .kind = JOURNAL_ADD, .record = { .uid = 1 }, .base = "x", .base_size = 1 },
                { .kind = JOURNAL_ADD, .record = { .uid = 9 }, .base = "x", .base_size = 1, .words = { 1 } },
                { .kind = JOURNAL_ADD, .record = { .uid = UINT32_MAX }, .base = "x", .base_size = 1 },
                { .kind = JOURNAL_FACTS, .facts = { .uidvalidity = 6, .uidnext = 9 } },
                { .kind = JOURNAL_FACTS, .facts = { .uidvalidity = 5, .uidnext = 1 } },
        };

        for (size_t i = 0; i < ELEMENTSOF(wrong); i++) {
                _cleanup_table_ IndexTable table = { .facts = { .uidvalidity = 5, .uidnext = 1 } };

                add(&table, 1, 0, 0);
                CHECK(!journal_apply(&table, &wrong[i], JOURNAL_OWN));
                CHECK_TABLE(&table, "1");
        }
}

TEST("a header says which snapshot the log belongs to") {
        _cleanup_buffer_ Buffer octets = { 0 };
        uint64_t generation = 0;

        journal_append_header(&octets, UINT64_C(0x123456789abcdef));
        CHECK_NUMBER(octets.size, JOURNAL_HEADER_OCTETS);
        CHECK_NUMBER(journal_read_header(octets.data, octets.size, &generation), JOURNAL_HEADER_GOOD);
        CHECK(generation == UINT64_C(0x123456789abcdef));
        CHECK_NUMBER(journal_read_header(octets.data, octets.size - 1, &generation), JOURNAL_HEADER_DAMAGED);
        octets.data[9] ^= 1;
        CHECK_NUMBER(journal_read_header(octets.data, octets.size, &generation), JOURNAL_HEADER_DAMAGED);
}

TESTS_END
