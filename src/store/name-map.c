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

/* Eight octets at a time; names differ most in digits. */
size_t name_hash(const char *name, size_t size) {
        uint64_t value = UINT64_C(0x9e3779b97f4a7c15) ^ size;

        for (; size > 0;) {
                size_t n = MIN(size, sizeof(uint64_t));
                uint64_t octets = 0;

                memcpy(&octets, name, n);
                value = (value ^ octets) * UINT64_C(0xff51afd7ed558ccd);
                value ^= value >> 32;
                name += n;
                size -= n;
        }
        return (size_t) (value ^ value >> 29);
}

static NameMapSlot *slot_of(const NameMap *map, const char *name, size_t size) {
        size_t i = name_hash(name, size) & (map->n_slots - 1);

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
