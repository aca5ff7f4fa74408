/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the position of a message by its base name. Four octets a slot: the names are those in
 * the table, so it is good until the table changes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"
#include "index/index-table.h"

typedef struct PositionMap {
        const IndexTable *table; /* borrowed */
        uint32_t *slots;         /* owned; position + 1, 0: free */
        size_t n_slots;          /* a power of two */
} PositionMap;

#define _cleanup_position_map_ _cleanup_(position_map_done)
void position_map_done(PositionMap *map);

/** position_map_init() - of all messages that are not gone; of two with one name the first */
void position_map_init(PositionMap *map, const IndexTable *table);

/** position_map_find() - @name: what is in front of ':' counts, @base_size octets */
bool position_map_find(const PositionMap *map, const char *name, size_t base_size,
                       size_t *ret_position);
