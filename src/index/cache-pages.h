/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads an LMDB file without trusting it (data version 1, that of LMDB 0.9).
 *
 * LMDB believes its file: a damaged page number or offset makes it read, and in a write
 * transaction write, where nothing of its own is. A cache may be damaged at any time and must
 * not end the session, so looking up is done here, where each step is checked against the page
 * and the file, and what a write transaction would touch is checked before LMDB is let near it.
 *
 * No lock is needed: a writer may replace pages meanwhile, and what is read then is either
 * sound or recognised as no page at all. Values carry checksums of their own (cache-value.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        CACHE_KEY_OCTETS = 8,
        CACHE_DEPTH_MAX = 16,           /* levels of a tree; LMDB's own limit is 32 */
        CACHE_FREE_LEAVES_MAX = 4096,   /* leaves of the list of free pages that are checked */
};

/* A file as it is mapped; its newest state. */
typedef struct CachePages {
        const unsigned char *map; /* borrowed */
        size_t page_size;
        uint64_t n_pages;         /* in use; all are in the map */
        uint64_t transaction;     /* number of the last one */
        uint64_t main_root, free_root; /* CACHE_NO_PAGE for an empty tree */
} CachePages;

#define CACHE_NO_PAGE UINT64_MAX

/* One of the file's trees, and where the last look ended: neighbours are found at once. */
typedef struct CacheTree {
        const CachePages *pages; /* borrowed */
        uint64_t root;
        const unsigned char *leaf; /* borrowed from the map; NULL at first */
        size_t n_nodes, node;      /* of the leaf; the one that was found last */
} CacheTree;

enum {
        CACHE_DONE = 0,
        CACHE_MISSING, /* there is no such tree or key */
        CACHE_BROKEN,  /* the file is not what LMDB wrote */
};

/**
 * cache_pages_open() - find the newest state in a mapped file
 * @size:  octets that are mapped
 *
 * Return: CACHE_DONE, CACHE_MISSING for a file that nobody has written to, CACHE_BROKEN.
 */
[[nodiscard]] int cache_pages_open(const void *map, size_t size, CachePages *ret_pages);

/** cache_pages_have_moved_on() - somebody has written since; the map may be too short by now */
bool cache_pages_have_moved_on(const CachePages *pages);

/** cache_pages_tree() - a named tree; @pages outlives it. Return: CACHE_DONE, _MISSING, _BROKEN */
[[nodiscard]] int cache_pages_tree(const CachePages *pages, const char *name,
                                   CacheTree *ret_tree);

/**
 * cache_tree_find() - the value of a key
 * @ret_data:  borrowed from the map, which a writer may change while it is looked at
 *
 * Return: CACHE_DONE, CACHE_MISSING, CACHE_BROKEN.
 */
[[nodiscard]] int cache_tree_find(CacheTree *tree, const unsigned char key[CACHE_KEY_OCTETS],
                                  const unsigned char **ret_data, size_t *ret_size);

/**
 * cache_pages_are_sound() - what every write transaction touches can be trusted
 *
 * The list of trees, and the list of free pages with all that it names.
 */
bool cache_pages_are_sound(const CachePages *pages);

/** cache_tree_is_sound() - all that writing this key touches can be trusted */
bool cache_tree_is_sound(const CacheTree *tree, const unsigned char key[CACHE_KEY_OCTETS]);
