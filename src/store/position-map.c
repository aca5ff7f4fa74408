/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash table of positions. */
#include "store/position-map.h"

#include "store/name-map.h"

void position_map_done(PositionMap *map) {
        free(map->slots);
        *map = (PositionMap){ 0 };
}

static uint32_t *slot_of(const PositionMap *map, const char *name, size_t size) {
        size_t i = name_hash(name, size) & (map->n_slots - 1);

        for (; map->slots[i] != 0; i = (i + 1) & (map->n_slots - 1)) {
                const char *known = index_table_name(map->table, map->slots[i] - 1);

                if (strncmp(known, name, size) == 0 && known[size] == '\0')
                        break;
        }
        return &map->slots[i];
}

void position_map_init(PositionMap *map, const IndexTable *table) {
        map->table = table;
        map->n_slots = 16;
        while (map->n_slots < table->n_records + table->n_records / 2)
                map->n_slots *= 2;
        map->slots = make_array(uint32_t, map->n_slots);
        for (size_t i = 0; i < table->n_records; i++) {
                const char *name = index_table_name(table, i);
                uint32_t *slot;

                if (table->records[i].state & INDEX_GONE)
                        continue;
                slot = slot_of(map, name, strlen(name));
                if (*slot == 0)
                        *slot = (uint32_t) i + 1;
        }
}

bool position_map_find(const PositionMap *map, const char *name, size_t base_size,
                       size_t *ret_position) {
        uint32_t found = *slot_of(map, name, base_size);

        if (found == 0)
                return false;
        *ret_position = found - 1;
        return true;
}
