/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of many small things that are given back together. */
#pragma once

#include <stddef.h>

#include "basic/memory.h"

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
        ArenaBlock *newest; /* owned */
} Arena;

#define _cleanup_arena_ _cleanup_(arena_done)

void arena_done(Arena *arena);

/** arena_new() - size zeroed octets, aligned for any pointer; never NULL */
[[nodiscard]] void *arena_new(Arena *arena, size_t size) __attribute__((__returns_nonnull__));

/** arena_copy() - a copy of size octets; never NULL */
[[nodiscard]] void *arena_copy(Arena *arena, const void *data, size_t size)
        __attribute__((__returns_nonnull__));

/** arena_text() - a NUL-terminated copy; a NUL inside reads as 0x80 */
[[nodiscard]] char *arena_text(Arena *arena, const char *start, size_t size)
        __attribute__((__returns_nonnull__));

/** arena_grow() - room for one more item, like GROW(); old arrays stay until the end */
[[nodiscard]] void *arena_grow(Arena *arena, void *items, size_t n_items, size_t *n_allocated,
                               size_t item_size) __attribute__((__returns_nonnull__));
