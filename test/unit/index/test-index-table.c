/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index-text.h"

TEST("records are found by UID, or the place where one would be") {
        _cleanup_table_ IndexTable table = { 0 };
        size_t position;

        CHECK(!index_table_find(&table, 1, &position));
        CHECK_NUMBER(position, 0);
        add(&table, 3, 0, 0);
        add(&table, 7, 0, 0);
        CHECK(index_table_find(&table, 7, &position));
        CHECK_NUMBER(position, 1);
        CHECK(!index_table_find(&table, 4, &position));
        CHECK_NUMBER(position, 1);
        CHECK(!index_table_find(&table, 8, &position));
        CHECK_NUMBER(position, 2);
        CHECK_TEXT(index_table_name(&table, 1), "7.name");
}

TEST("what cannot be a message is refused") {
        _cleanup_table_ IndexTable table = { 0 };
        IndexRecord record = { .uid = 5 };
        uint64_t word = 1;

        CHECK(!index_table_append(&table, &record, "a", 1, &word, 1)); /* no such keyword */
        CHECK(!index_table_append(&table, &record, "", 0, NULL, 0));
        CHECK(!index_table_append(&table, &record, "a\0b", 3, NULL, 0));
        CHECK(!index_table_add_keyword(&table, "", 0));
        CHECK(!index_table_add_keyword(&table, "a\0b", 3));
        CHECK(index_table_append(&table, &record, "a", 1, NULL, 0));
        CHECK(!index_table_append(&table, &record, "b", 1, NULL, 0)); /* the same UID */
        record.uid = 0;
        CHECK(!index_table_append(&table, &record, "b", 1, NULL, 0));
}

TEST("more than 64 keywords keep those of all messages") {
        _cleanup_table_ IndexTable table = { 0 };
        uint64_t words[2] = { 0, 1 };
        char name[8];

        for (int i = 0; i < 64; i++)
                CHECK(index_table_add_keyword(&table, name, (size_t) snprintf(name, sizeof(name), "k%d", i)));
        add(&table, 1, 0, UINT64_C(1) << 63);
        CHECK_TABLE(&table, "1+k63");
        CHECK(index_table_add_keyword(&table, "k64", 3));
        add(&table, 2, 0, 1);
        CHECK(index_table_set_keywords(&table, 1, words, 2));
        CHECK(!index_table_set_keywords(&table, 1, words, 2));
        CHECK_TABLE(&table, "1+k63 2+k64");
        for (int i = 65; i < INDEX_KEYWORDS_MAX; i++)
                CHECK(index_table_add_keyword(&table, name, (size_t) snprintf(name, sizeof(name), "k%d", i)));
        CHECK(!index_table_add_keyword(&table, "one", 3));
        CHECK_TABLE(&table, "1+k63 2+k64");
}

TEST("what is gone is dropped, with its keywords") {
        _cleanup_table_ IndexTable table = { 0 };

        CHECK(index_table_add_keyword(&table, "a", 1) && index_table_add_keyword(&table, "b", 1));
        add(&table, 1, 0, 1);
        add(&table, 2, 0, 2);
        add(&table, 3, 0, 3);
        index_table_set_gone(&table, 0);
        index_table_compact(&table);
        CHECK_TABLE(&table, "2+b 3+a+b");
}

TEST("a newer table is merged: gone, changed, added, and its owner's marks stay") {
        _cleanup_table_ IndexTable table = { 0 };
        IndexTable newer = { 0 };

        CHECK(index_table_add_keyword(&table, "a", 1));
        CHECK(index_table_add_keyword(&newer, "a", 1) && index_table_add_keyword(&newer, "b", 1));
        for (uint32_t uid = 1; uid <= 4; uid++)
                add(&table, uid, 0, 0);
        table.records[0].state = INDEX_UNCLAIMED;
        number_set_add(&table.recent, 1, 1);
        add(&newer, 1, 1, 0);
        newer.records[0].state = INDEX_UNCLAIMED;
        newer.records[0].modseq++;
        add(&newer, 3, 0, 0);
        add(&newer, 4, 0, 2);
        newer.records[2].modseq++;
        newer.claimed_up_to = 1;
        add(&newer, 6, 0, 1);
        CHECK(index_table_merge(&table, &newer));
        CHECK_TABLE(&table, "1:1!* 2- 3 4+b! 6+a");
}

TEST("tables that are not of one mailbox, or number differently, are not merged") {
        _cleanup_table_ IndexTable table = { 0 };
        IndexTable other = { .facts.uidvalidity = 5 }, lower = { 0 };

        add(&table, 2, 0, 0);
        CHECK(!index_table_merge(&table, &other));
        add(&lower, 1, 0, 0);
        CHECK(!index_table_merge(&table, &lower));
        CHECK_TABLE(&table, "2");
}

TEST("counts are those of the messages that are there, whatever changes") {
        _cleanup_table_ IndexTable table = { 0 };

        for (uint32_t uid = 1; uid <= 4; uid++)
                add(&table, uid, uid == 1 ? FLAG_SEEN : 0, 0);
        CHECK_NUMBER(table.counts.n_messages, 4);
        CHECK_NUMBER(table.counts.n_unseen, 3);
        CHECK_NUMBER(table.counts.n_wire_sizes_unknown, 4);
        index_table_set_wire_size(&table, 0, 100);
        index_table_set_wire_size(&table, 1, 1000);
        index_table_set_wire_size(&table, 1, 2000);
        index_table_set_flags(&table, 1, FLAG_SEEN | FLAG_DELETED);
        CHECK_NUMBER(table.counts.wire_size_sum, 2100);
        CHECK_NUMBER(table.counts.n_wire_sizes_unknown, 2);
        CHECK_NUMBER(table.counts.n_unseen, 2);
        CHECK_NUMBER(table.counts.n_deleted, 1);
        index_table_set_gone(&table, 1);
        index_table_set_gone(&table, 1);
        CHECK_NUMBER(table.counts.n_messages, 3);
        CHECK_NUMBER(table.counts.n_deleted, 0);
        CHECK_NUMBER(table.counts.wire_size_sum, 100);
        index_table_compact(&table);
        CHECK_NUMBER(table.counts.n_messages, 3);
}

TEST("an email id comes from the name, and its high bits from the second of delivery") {
        uint64_t first = index_email_id("1700000001.a", 12, 5), second = index_email_id("1700000002.b", 12, 6);

        CHECK(first == index_email_id("1700000001.a", 12, 7));
        CHECK(first >> 40 == (1700000001 & 0xffffff));
        CHECK((second >> 40) - (first >> 40) == 1);
        CHECK((first & 0xffffffffff) != (second & 0xffffffffff));
        CHECK(index_email_id("a", 1, 77) >> 40 == 77);
        CHECK(index_email_id("a", 1, 77) != index_email_id("b", 1, 77));
        CHECK(index_email_id("", 0, 0) != 0);
}

TESTS_END
