/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of many small things that are given back together. */
#include "mime/arena.h"

#include <stdint.h>

enum {
        FIRST_BLOCK_OCTETS = 2 * 1024,
        BLOCK_OCTETS_MAX = 64 * 1024,
        ALIGNMENT = 16,
};

struct ArenaBlock {
        ArenaBlock *older;
        size_t size, n_used;
        _Alignas(ALIGNMENT) char data[];
};

void arena_done(Arena *arena) {
        for (ArenaBlock *block = arena->newest, *older; block; block = older) {
                older = block->older;
                free(block);
        }
        arena->newest = NULL;
}

static ArenaBlock *add_block(Arena *arena, size_t size) {
        size_t wanted = FIRST_BLOCK_OCTETS;
        ArenaBlock *block;

        if (arena->newest)
                wanted = MIN(arena->newest->size * 2, (size_t) BLOCK_OCTETS_MAX);
        wanted = MAX(wanted, size);
        block = memory_resize(NULL, 1, sizeof(ArenaBlock) + wanted);
        *block = (ArenaBlock){ .older = arena->newest, .size = wanted };
        arena->newest = block;
        return block;
}

static void *take(Arena *arena, size_t size, size_t alignment) {
        ArenaBlock *block = arena->newest;
        size_t start = block ? (block->n_used + alignment - 1) & ~(alignment - 1) : 0;

        if (!block || start > block->size || size > block->size - start) {
                block = add_block(arena, size);
                start = 0;
        }
        block->n_used = start + size;
        return block->data + start;
}

void *arena_new(Arena *arena, size_t size) {
        void *zeroed = take(arena, size, ALIGNMENT);

        memset(zeroed, 0, size);
        return zeroed;
}

void *arena_copy(Arena *arena, const void *data, size_t size) {
        void *copy = take(arena, size, ALIGNMENT);

        if (size > 0)
                memcpy(copy, data, size);
        return copy;
}

char *arena_text(Arena *arena, const char *start, size_t size) {
        char *text = take(arena, size + 1, 1);

        for (size_t i = 0; i < size; i++)
                text[i] = start[i] != '\0' ? start[i] : (char) 0x80;
        text[size] = '\0';
        return text;
}

void *arena_grow(Arena *arena, void *items, size_t n_items, size_t *n_allocated,
                 size_t item_size) {
        size_t wanted = n_items > 0 ? n_items * 2 : 4;
        void *grown;

        if (n_items < *n_allocated)
                return items;
        grown = take(arena, wanted * item_size, ALIGNMENT);
        if (n_items > 0)
                memcpy(grown, items, n_items * item_size);
        *n_allocated = wanted;
        return grown;
}
