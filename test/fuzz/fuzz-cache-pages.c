/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message cache file of any octets: look-ups and the check before a write stay inside it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/memory.h"
#include "index/cache-pages.h"
#include "index/cache-value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(CacheTree *tree, CacheKind kind, uint64_t number) {
        unsigned char key[CACHE_KEY_OCTETS] = { 0 };
        _cleanup_buffer_ Buffer value = { 0 };
        const unsigned char *found;
        size_t size;

        key[7] = (unsigned char) number;
        if (cache_tree_find(tree, key, &found, &size) == CACHE_DONE)
                (void) cache_value_decode(kind, (CacheKey){ number, 1000 + number }, found, size, &value);
        (void) cache_tree_is_sound(tree, key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_free_ unsigned char *map = memory_copy(data, size); /* of just this size */
        CachePages pages;

        if (cache_pages_open(map, size, &pages) != CACHE_DONE)
                return 0;
        (void) cache_pages_are_sound(&pages);
        for (CacheKind kind = 0; kind < _CACHE_KIND_MAX; kind++) {
                CacheTree tree;

                if (cache_pages_tree(&pages, cache_value_tree(kind), &tree) == CACHE_DONE)
                        for (uint64_t number = 0; number < 40; number++)
                                look(&tree, kind, number);
        }
        return 0;
}
