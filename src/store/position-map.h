/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the position of a message by its file. In twelve octets a slot it keeps a keyed hash of
 * the base name and of what follows, so that a file that is called as the table says is found
 * without a look at the table: in a large mailbox every look is one at another page.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"
#include "index/index-table.h"
#include "store/name-print.h"

typedef struct PositionSlot {
        uint32_t position; /* plus one; 0: free */
        uint32_t base, file; /* of the base name; of all of the name, 0: unknown */
} PositionSlot;

typedef struct PositionMap {
        const IndexTable *table; /* borrowed */
        PositionSlot *slots;     /* owned */
        size_t n_slots;
        bool is_empty;           /* as when a mailbox is numbered: nothing needs a hash */
        NamePrintKey key;
} PositionMap;

#define _cleanup_position_map_ _cleanup_(position_map_done)
void position_map_done(PositionMap *map);

/** position_map_init() - of all messages that are not gone; of two with one name the first */
void position_map_init(PositionMap *map, const IndexTable *table);

/**
 * position_map_find() - @name: what is in front of ':' counts, @base_size octets
 * @ret_is_same:  what follows is also what the table says; false may mean that nobody knows.
 *                NULL: does not matter
 *
 * Good until the table changes, except for flags. Of two names of which one is not in the table,
 * and which only look the same because 84 bits of the hash are, the wrong one may be found.
 */
bool position_map_find(const PositionMap *map, const char *name, size_t base_size,
                       size_t *ret_position, bool *ret_is_same);
