/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash table of base names. */
#include "store/name-map.h"

void name_map_done(NameMap *map) {
        free(map->slots);
        *map = (NameMap){ 0 };
}

void name_map_init(NameMap *map, size_t n_names) {
        map->n_slots = 16;
        while (map->n_slots < n_names * 2)
                map->n_slots *= 2;
        map->slots = make_array(NameMapSlot, map->n_slots);
}

/* FNV-1a, mixed at the end; names differ most in digits. */
static size_t hash(const char *name, size_t size) {
        uint64_t value = UINT64_C(0xcbf29ce484222325);

        for (size_t i = 0; i < size; i++)
                value = (value ^ (unsigned char) name[i]) * UINT64_C(0x100000001b3);
        return (size_t) (value ^ value >> 32);
}

static NameMapSlot *slot_of(const NameMap *map, const char *name, size_t size) {
        size_t i = hash(name, size) & (map->n_slots - 1);

        while (map->slots[i].name &&
               (map->slots[i].size != size || memcmp(map->slots[i].name, name, size) != 0))
                i = (i + 1) & (map->n_slots - 1);
        return &map->slots[i];
}

void name_map_add(NameMap *map, const char *name, uint32_t value) {
        size_t size = strcspn(name, ":");
        NameMapSlot *slot = slot_of(map, name, size);

        if (!slot->name)
                *slot = (NameMapSlot){ name, (uint32_t) size, value };
}

bool name_map_find(const NameMap *map, const char *name, uint32_t *ret_value) {
        NameMapSlot *slot = slot_of(map, name, strcspn(name, ":"));

        if (!slot->name)
                return false;
        *ret_value = slot->value;
        return true;
}
