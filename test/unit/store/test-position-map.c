/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which position a file is at. */
#include "harness.h"
#include "maildir/message-name.h"
#include "store/position-map.h"

static void add(IndexTable *table, const char *base, MessageFlags flags, uint8_t suffix) {
        IndexRecord record = { .uid = table->facts.uidnext++, .flags = (uint16_t) flags,
                               .suffix = suffix };

        CHECK(index_table_append(table, &record, base, strlen(base), NULL, 0));
}

static const struct {
        const char *file;
        int position; /* -1: none */
        bool is_same;
} files[] = {
        { "1.a:2,S",  0,  true  },
        { "1.a:2,",   0,  false },
        { "1.a",      0,  false },
        { "1.a:2,SF", 0,  false },
        { "2.b",      1,  true  },
        { "2.b:2,",   1,  false },
        { "3.c:1,x",  2,  false }, /* nobody knows */
        { "4.d:2,FS", 3,  true  },
        { "4.d:2,SF", 3,  false }, /* the same flags, in another order */
        { "4.e:2,FS", -1, false },
        { "4.",       -1, false },
        { "5.gone:2,", -1, false },
        { "1.aa:2,S", -1, false },
};

TEST("a file is found by its base name, and known again by all of its name") {
        _cleanup_(index_table_done) IndexTable table = { .facts.uidnext = 1 };
        _cleanup_position_map_ PositionMap map = { 0 };

        add(&table, "1.a", FLAG_SEEN, MESSAGE_SUFFIX_FLAGS);
        add(&table, "2.b", 0, MESSAGE_SUFFIX_NONE);
        add(&table, "3.c", 0, MESSAGE_SUFFIX_ODD);
        add(&table, "4.d", FLAG_SEEN | FLAG_FLAGGED, MESSAGE_SUFFIX_FLAGS);
        add(&table, "5.gone", 0, MESSAGE_SUFFIX_FLAGS);
        index_table_set_gone(&table, 4);
        position_map_init(&map, &table);
        for (size_t i = 0; i < ELEMENTSOF(files); i++) {
                size_t base_size = strcspn(files[i].file, ":"), position = 99, again = 99;
                bool is_same = false;
                bool found = position_map_find(&map, files[i].file, base_size, &position,
                                               &is_same);

                CHECK(found == (files[i].position >= 0));
                CHECK(is_same == files[i].is_same);
                if (found)
                        CHECK_NUMBER(position, files[i].position);
                CHECK(position_map_find(&map, files[i].file, base_size, &again, NULL) == found);
                CHECK_NUMBER(again, position);
        }
}

TEST("of two messages with one name the first is found") {
        _cleanup_(index_table_done) IndexTable table = { .facts.uidnext = 1 };
        _cleanup_position_map_ PositionMap map = { 0 };
        size_t position = 99;

        add(&table, "1.a", 0, MESSAGE_SUFFIX_FLAGS);
        add(&table, "1.a", FLAG_SEEN, MESSAGE_SUFFIX_FLAGS);
        position_map_init(&map, &table);
        CHECK(position_map_find(&map, "1.a", 3, &position, NULL));
        CHECK_NUMBER(position, 0);
}

TEST("all of many are found, and no others") {
        enum { N = 5000 };
        _cleanup_(index_table_done) IndexTable table = { .facts.uidnext = 1 };
        _cleanup_position_map_ PositionMap map = { 0 };
        char name[32];

        for (int i = 0; i < N; i++) {
                (void) snprintf(name, sizeof(name), "%d.x", i);
                add(&table, name, 0, MESSAGE_SUFFIX_FLAGS);
        }
        position_map_init(&map, &table);
        for (int i = 0; i < 2 * N; i++) {
                size_t position = 0;
                bool found, is_same = false;

                (void) snprintf(name, sizeof(name), "%d.x:2,", i);
                found = position_map_find(&map, name, strcspn(name, ":"), &position, &is_same);
                CHECK(found == (i < N) && is_same == found);
                CHECK(!found || position == (size_t) i);
        }
}

TEST("another key gives another hash, and every octet counts") {
        NamePrintKey key = { { 1, 2 } }, other = { { 1, 3 } };
        NamePrint print = name_print(&key, "1700000001.M1P1.host", 20);

        CHECK(print.first != print.second);
        CHECK(name_print(&key, "1700000001.M1P1.host", 20).first == print.first);
        CHECK(name_print(&other, "1700000001.M1P1.host", 20).first != print.first);
        CHECK(name_print(&key, "1700000001.M1P1.host", 19).first != print.first);
        CHECK(name_print(&key, "1700000001.M1P1.hosu", 20).first != print.first);
        CHECK(name_print(&key, "1700000002.M1P1.host", 20).first != print.first);
}

TESTS_END
