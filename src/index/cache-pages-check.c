/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Before LMDB writes. It copies the pages it changes and moves nodes in the copies, by the
 * offsets and sizes that stand in them; it takes pages from the list of free ones as that says.
 */
#include <string.h>

#include "basic/memory.h"
#include "index/cache-pages-private.h"

static size_t even(size_t size) {
        return size + (size & 1);
}

/* Octets that a node takes in its page; 0 when it is none that our trees can have. */
static size_t size_of(const CachePages *pages, const CacheNode *node, uint16_t kind) {
        const unsigned char *data;
        size_t size = 0;

        if (kind == CACHE_PAGE_IS_BRANCH)
                return CACHE_NODE_HEAD + even(node->key_size);
        if ((node->flags & ~(CACHE_NODE_IS_BIG | CACHE_NODE_IS_TREE)) != 0)
                return 0;
        if (node->flags & CACHE_NODE_IS_TREE)
                size = CACHE_TREE_RECORD <= node->room ? CACHE_TREE_RECORD : 0;
        else if (cache_node_value(pages, node, &data, &size) != CACHE_DONE)
                return 0;
        if (node->flags == CACHE_NODE_IS_BIG)
                size = sizeof(size_t);
        return CACHE_NODE_HEAD + even(node->key_size + size);
}

/* Nodes fill the page from its upper end to its end, without gaps, in any order. */
static bool page_is_sound(const CachePages *pages, const unsigned char *page) {
        uint16_t kind, upper;
        size_t n, total = 0;

        if (!cache_page_nodes(pages, page, &kind, &n))
                return false;
        memcpy(&upper, page + CACHE_PAGE_UPPER, sizeof(upper));
        if (upper < CACHE_PAGE_HEAD + 2 * n || upper > pages->page_size)
                return false;
        for (size_t i = 0; i < n; i++) {
                CacheNode node;
                size_t size;

                if (!cache_node_at(pages, page, i, &node) || node.offset < upper ||
                    node.offset % 2 != 0)
                        return false;
                size = size_of(pages, &node, kind);
                if (size == 0 || node.offset + size > pages->page_size)
                        return false;
                total += size;
        }
        return total == pages->page_size - upper;
}

static bool on_page(void *userdata, uint64_t number) {
        const CachePages *pages = userdata;
        const unsigned char *page = cache_page(pages, number);

        return page && page_is_sound(pages, page);
}

bool cache_tree_is_sound(const CacheTree *tree, const unsigned char key[CACHE_KEY_OCTETS]) {
        const unsigned char *leaf;
        size_t n;

        return tree->root == CACHE_NO_PAGE ||
               cache_walk(tree->pages, tree->root, key, CACHE_KEY_OCTETS, on_page,
                          (void *) tree->pages, &leaf, &n) == CACHE_DONE;
}

/* Of a list of free pages: their count, then their numbers, descending. */
static bool list_is_sound(const CachePages *pages, const unsigned char *data, size_t size) {
        size_t n, before = pages->n_pages, number;

        if (size < sizeof(n))
                return false;
        memcpy(&n, data, sizeof(n));
        if (n > size / sizeof(n) - 1)
                return false;
        for (size_t i = 1; i <= n; i++, before = number) {
                memcpy(&number, data + i * sizeof(number), sizeof(number));
                if (number < 2 || number >= before)
                        return false;
        }
        return true;
}

static bool free_leaf_is_sound(const CachePages *pages, const unsigned char *page, size_t n) {
        for (size_t i = 0; i < n; i++) {
                const unsigned char *data;
                CacheNode node;
                size_t size;

                if (!cache_node_at(pages, page, i, &node) || node.key_size != sizeof(size_t) ||
                    cache_node_value(pages, &node, &data, &size) != CACHE_DONE ||
                    !list_is_sound(pages, data, size))
                        return false;
        }
        return true;
}

static bool free_tree_is_sound(const CachePages *pages, uint64_t number, int depth,
                               size_t *n_left) {
        const unsigned char *page = cache_page(pages, number);
        uint16_t kind;
        size_t n;

        if (!page || depth == CACHE_DEPTH_MAX || *n_left == 0 || !page_is_sound(pages, page) ||
            !cache_page_nodes(pages, page, &kind, &n))
                return false;
        --*n_left;
        if (kind == CACHE_PAGE_IS_LEAF)
                return free_leaf_is_sound(pages, page, n);
        for (size_t i = 0; i < n; i++) {
                CacheNode node;

                if (!cache_node_at(pages, page, i, &node) ||
                    !free_tree_is_sound(pages, cache_node_child(&node), depth + 1, n_left))
                        return false;
        }
        return true;
}

bool cache_pages_are_sound(const CachePages *pages) {
        const unsigned char *page = cache_page(pages, pages->main_root);
        size_t n_left = CACHE_FREE_LEAVES_MAX;
        uint16_t kind;
        size_t n;

        /* A handful of named trees fit into one leaf. */
        if (pages->main_root != CACHE_NO_PAGE &&
            (!page || !page_is_sound(pages, page) || !cache_page_nodes(pages, page, &kind, &n) ||
             kind != CACHE_PAGE_IS_LEAF))
                return false;
        return pages->free_root == CACHE_NO_PAGE ||
               free_tree_is_sound(pages, pages->free_root, 0, &n_left);
}
