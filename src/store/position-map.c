/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash table of positions. */
#include "store/position-map.h"

#include "basic/text.h"
#include "maildir/message-name.h"

/* What is looked for. */
typedef struct Wanted {
        size_t slot;         /* where to begin */
        uint32_t base, file;
        const char *name;
        size_t base_size;
} Wanted;

void position_map_done(PositionMap *map) {
        free(map->slots);
        *map = (PositionMap){ 0 };
}

/* @tail: hash of what follows the base name; 0: unknown, or to be left out */
static Wanted wanted(const PositionMap *map, const char *name, size_t base_size, uint32_t tail) {
        NamePrint print = name_print(&map->key, name, base_size);

        return (Wanted){
                .slot = (size_t) ((print.first >> 32) * map->n_slots >> 32),
                .base = (uint32_t) print.first, .name = name, .base_size = base_size,
                .file = tail == 0 ? 0 : (uint32_t) print.second ^ tail,
        };
}

static uint32_t hash_tail(const PositionMap *map, const char *tail) {
        return (uint32_t) name_print(&map->key, tail, strlen(tail)).first | 1;
}

static bool has_name(const PositionMap *map, const PositionSlot *slot, const Wanted *wanted) {
        const char *known = index_table_name(map->table, slot->position - 1);

        return strncmp(known, wanted->name, wanted->base_size) == 0 &&
               known[wanted->base_size] == '\0';
}

/* The slot of the name, or a free one. */
static PositionSlot *find(const PositionMap *map, const Wanted *wanted, bool *ret_is_same) {
        for (size_t i = wanted->slot;; i = i + 1 == map->n_slots ? 0 : i + 1) {
                PositionSlot *slot = &map->slots[i];
                bool is_like = slot->position != 0 && slot->base == wanted->base;

                *ret_is_same = is_like && wanted->file != 0 && slot->file == wanted->file;
                if (slot->position == 0 || *ret_is_same ||
                    (is_like && has_name(map, slot, wanted)))
                        return slot;
        }
}

/* What the table says that follows the base name; neighbours mostly have the same. */
typedef struct Tail {
        uint16_t flags;
        uint8_t suffix;
        uint64_t letters;
        uint32_t hash;
} Tail;

static void describe_tail(const PositionMap *map, const IndexRecord *record, Tail *tail) {
        _cleanup_free_ char *text = NULL;

        if (tail->hash != 0 && tail->flags == record->flags && tail->suffix == record->suffix &&
            tail->letters == record->letters)
                return;
        *tail = (Tail){ record->flags, record->suffix, record->letters, 0 };
        if (record->suffix == MESSAGE_SUFFIX_ODD)
                return;
        text = message_name_format("", 0, (MessageSuffix) record->suffix, record->flags,
                                   record->letters);
        tail->hash = hash_tail(map, text);
}

void position_map_init(PositionMap *map, const IndexTable *table) {
        Tail tail = { 0 };

        *map = (PositionMap){ .table = table, .key = name_print_key(),
                              .is_empty = table->n_records == 0 };
        map->n_slots = table->n_records + table->n_records / 3 + 16;
        map->slots = make_array(PositionSlot, map->n_slots);
        for (size_t i = 0; i < table->n_records; i++) {
                const IndexRecord *record = index_table_record(table, i);
                const char *name = index_table_name(table, i);
                PositionSlot *slot;
                bool is_same;
                Wanted key;

                if (record->state & INDEX_GONE)
                        continue;
                describe_tail(map, record, &tail);
                key = wanted(map, name, strlen(name), tail.hash);
                slot = find(map, &key, &is_same);
                if (slot->position == 0)
                        *slot = (PositionSlot){ (uint32_t) i + 1, key.base, key.file };
        }
}

bool position_map_find(const PositionMap *map, const char *name, size_t base_size,
                       size_t *ret_position, bool *ret_is_same) {
        const PositionSlot *slot;
        bool is_same;
        Wanted key;

        if (map->is_empty)
                return false;
        key = wanted(map, name, base_size, ret_is_same ? hash_tail(map, name + base_size) : 0);
        slot = find(map, &key, &is_same);
        if (slot->position == 0)
                return false;
        *ret_position = slot->position - 1;
        if (ret_is_same)
                *ret_is_same = is_same;
        return true;
}
