/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds what belongs to the base name of a message file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

typedef struct NameMapSlot {
        const char *name; /* borrowed; ends at ':' or NUL; NULL: free */
        uint32_t size, value;
} NameMapSlot;

typedef struct NameMap {
        NameMapSlot *slots; /* owned */
        size_t n_slots;     /* a power of two */
} NameMap;

#define _cleanup_name_map_ _cleanup_(name_map_done)
void name_map_done(NameMap *map);

/** name_map_init() - room for n names and no more */
void name_map_init(NameMap *map, size_t n_names);

/** name_map_add() - of two equal names the first stays; only what is in front of ':' counts */
void name_map_add(NameMap *map, const char *name, uint32_t value);
bool name_map_find(const NameMap *map, const char *name, uint32_t *ret_value);

/** name_hash() - of size octets; in this process only */
_pure_ size_t name_hash(const char *name, size_t size);
