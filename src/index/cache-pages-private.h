/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages and nodes of an LMDB file, shared by looking up and by checking before a write. */
#pragma once

#include "index/cache-pages.h"

enum {
        CACHE_PAGE_HEAD = 8 + sizeof(size_t), /* number, two octets unused, flags, lower, upper */
        CACHE_PAGE_FLAGS = sizeof(size_t) + 2,
        CACHE_PAGE_LOWER = sizeof(size_t) + 4, /* end of the offsets; of overflow: n pages, 4 */
        CACHE_PAGE_UPPER = sizeof(size_t) + 6, /* start of the nodes */

        CACHE_PAGE_IS_BRANCH = 1,
        CACHE_PAGE_IS_LEAF = 2,
        CACHE_PAGE_IS_OVERFLOW = 4,
        CACHE_PAGE_IS_META = 8,

        CACHE_NODE_HEAD = 8,    /* size of the value or number of the child, flags, key size */
        CACHE_NODE_IS_BIG = 1,  /* the value is on overflow pages */
        CACHE_NODE_IS_TREE = 2, /* the value says where a named tree is */

        CACHE_TREE_INTEGER_KEY = 8,
        CACHE_TREE_RECORD = 8 + 5 * sizeof(size_t), /* that value: octets */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        CACHE_NODE_LOW = 0,
        CACHE_NODE_HIGH = 1,
#else
        CACHE_NODE_LOW = 1,
        CACHE_NODE_HIGH = 0,
#endif
};

typedef struct CacheNode {
        uint16_t low, high, flags;
        const unsigned char *key;
        uint16_t key_size, offset;
        size_t room; /* octets of the page behind the key */
} CacheNode;

/** cache_page() - a page by its number, which it carries itself; NULL when it cannot be one */
const unsigned char *cache_page(const CachePages *pages, uint64_t number);

/** cache_page_nodes() - false when it is no branch or leaf, or an empty one */
bool cache_page_nodes(const CachePages *pages, const unsigned char *page, uint16_t *ret_kind,
                      size_t *ret_n);

/** cache_node_at() - @number: less than there are; false when it leaves the page */
bool cache_node_at(const CachePages *pages, const unsigned char *page, size_t number,
                   CacheNode *ret_node);

/** cache_node_value() - of a leaf. Return: CACHE_DONE or CACHE_BROKEN */
int cache_node_value(const CachePages *pages, const CacheNode *node,
                     const unsigned char **ret_data, size_t *ret_size);

/** cache_node_child() - of a branch: a page's number */
uint64_t cache_node_child(const CacheNode *node);

typedef bool (*CacheVisit)(void *userdata, uint64_t page);

/** cache_walk() - from a root to the leaf where a key is or would be; @visit: NULL allowed */
int cache_walk(const CachePages *pages, uint64_t root, const void *key, size_t size,
               CacheVisit visit, void *userdata, const unsigned char **ret_leaf, size_t *ret_n);
