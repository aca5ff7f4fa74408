/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LMDB's file: pages of one size. Pages 0 and 1 hold a "meta" each, the newer one counts. It
 * names the roots of two B+ trees: free pages by transaction, and named trees by name. Numbers
 * have the size and order of the machine that wrote them. Here every number that was read is
 * checked before it leads anywhere, and read once only, because a writer may change it.
 */
#include "index/cache-pages.h"

#include <string.h>

#include "basic/memory.h"
#include "index/cache-pages-private.h"

#define META_MAGIC UINT32_C(0xBEEFC0DE)

enum {
        META_VERSION = 1,
        FLAG_ONE_FILE = 0x4000, /* MDB_NOSUBDIR, kept beside the first tree's own flags */
        PAGE_SIZE_MIN = 512,
        PAGE_SIZE_MAX = 32 * 1024,
};

/* What the file says of one tree. */
typedef struct TreeFacts {
        uint32_t page_size; /* of the file; in the first tree of a meta only */
        uint16_t flags, depth;
        size_t branch_pages, leaf_pages, overflow_pages, n_entries, root;
} TreeFacts;

typedef struct Meta {
        uint32_t magic, version;
        size_t address, map_size;
        TreeFacts free, main;
        size_t last_page, transaction;
} Meta;

static bool read_meta(const unsigned char *map, size_t size, size_t at, Meta *ret_meta) {
        uint16_t flags;

        if (at > size || size - at < CACHE_PAGE_HEAD + sizeof(Meta))
                return false;
        memcpy(&flags, map + at + CACHE_PAGE_FLAGS, sizeof(flags));
        memcpy(ret_meta, map + at + CACHE_PAGE_HEAD, sizeof(Meta));
        return flags & CACHE_PAGE_IS_META && ret_meta->magic == META_MAGIC &&
               ret_meta->version == META_VERSION;
}

static bool is_page_size(uint32_t size) {
        return size >= PAGE_SIZE_MIN && size <= PAGE_SIZE_MAX && (size & (size - 1)) == 0;
}

static uint64_t page_or_none(size_t number) {
        return number == SIZE_MAX ? CACHE_NO_PAGE : number;
}

/* The newer one of the two. */
static bool newest_meta(const void *map, size_t size, Meta *ret_meta) {
        Meta meta, other;

        if (!read_meta(map, size, 0, &meta) || !is_page_size(meta.free.page_size) ||
            !read_meta(map, size, meta.free.page_size, &other) ||
            other.free.page_size != meta.free.page_size)
                return false;
        *ret_meta = other.transaction > meta.transaction ? other : meta;
        return true;
}

int cache_pages_open(const void *map, size_t size, CachePages *ret_pages) {
        Meta meta;

        if (size == 0)
                return CACHE_MISSING;
        if (!newest_meta(map, size, &meta) || meta.last_page < 1 ||
            meta.last_page >= size / meta.free.page_size || meta.main.flags != 0 ||
            (meta.free.flags & ~FLAG_ONE_FILE) != CACHE_TREE_INTEGER_KEY)
                return CACHE_BROKEN;
        *ret_pages = (CachePages){
                .map = map, .page_size = meta.free.page_size, .n_pages = meta.last_page + 1,
                .transaction = meta.transaction,
                .main_root = page_or_none(meta.main.root),
                .free_root = page_or_none(meta.free.root),
        };
        return meta.transaction == 0 ? CACHE_MISSING : CACHE_DONE;
}

bool cache_pages_have_moved_on(const CachePages *pages) {
        Meta meta;

        /* Both metas were in the map when it was opened. */
        return newest_meta(pages->map, 2 * pages->page_size, &meta) &&
               meta.transaction != pages->transaction;
}

const unsigned char *cache_page(const CachePages *pages, uint64_t number) {
        const unsigned char *page;
        size_t own_number;

        if (number < 2 || number >= pages->n_pages)
                return NULL;
        page = pages->map + number * pages->page_size;
        memcpy(&own_number, page, sizeof(own_number));
        return own_number == number ? page : NULL;
}

bool cache_page_nodes(const CachePages *pages, const unsigned char *page, uint16_t *ret_kind,
                      size_t *ret_n) {
        uint16_t kind, lower;

        memcpy(&kind, page + CACHE_PAGE_FLAGS, sizeof(kind));
        memcpy(&lower, page + CACHE_PAGE_LOWER, sizeof(lower));
        if ((kind != CACHE_PAGE_IS_BRANCH && kind != CACHE_PAGE_IS_LEAF) ||
            lower < CACHE_PAGE_HEAD || lower > pages->page_size || lower % 2 != 0)
                return false;
        *ret_kind = kind;
        *ret_n = (size_t) (lower - CACHE_PAGE_HEAD) / 2;
        return *ret_n > 0;
}

bool cache_node_at(const CachePages *pages, const unsigned char *page, size_t number,
                   CacheNode *ret_node) {
        uint16_t offset, head[4];

        memcpy(&offset, page + CACHE_PAGE_HEAD + 2 * number, sizeof(offset));
        if (offset < CACHE_PAGE_HEAD || offset > pages->page_size - sizeof(head))
                return false;
        memcpy(head, page + offset, sizeof(head));
        if (head[3] > pages->page_size - sizeof(head) - offset)
                return false;
        *ret_node = (CacheNode){
                .low = head[CACHE_NODE_LOW], .high = head[CACHE_NODE_HIGH], .flags = head[2],
                .key = page + offset + sizeof(head), .key_size = head[3], .offset = offset,
                .room = pages->page_size - sizeof(head) - offset - head[3],
        };
        return true;
}

/* A long value is on pages of its own. */
static int find_overflow(const CachePages *pages, uint64_t number, size_t size,
                         const unsigned char **ret_data) {
        const unsigned char *page = cache_page(pages, number);
        uint32_t n_pages;
        uint16_t kind;

        if (!page)
                return CACHE_BROKEN;
        memcpy(&kind, page + CACHE_PAGE_FLAGS, sizeof(kind));
        memcpy(&n_pages, page + CACHE_PAGE_LOWER, sizeof(n_pages));
        if (kind != CACHE_PAGE_IS_OVERFLOW || n_pages == 0 ||
            n_pages > pages->n_pages - number ||
            size > (size_t) n_pages * pages->page_size - CACHE_PAGE_HEAD)
                return CACHE_BROKEN;
        *ret_data = page + CACHE_PAGE_HEAD;
        return CACHE_DONE;
}

int cache_node_value(const CachePages *pages, const CacheNode *node,
                     const unsigned char **ret_data, size_t *ret_size) {
        size_t size = node->low | (size_t) node->high << 16, number;

        *ret_size = size;
        *ret_data = node->key + node->key_size;
        if (node->flags != CACHE_NODE_IS_BIG)
                return size <= node->room ? CACHE_DONE : CACHE_BROKEN;
        if (node->room < sizeof(number))
                return CACHE_BROKEN;
        memcpy(&number, node->key + node->key_size, sizeof(number));
        return find_overflow(pages, number, size, ret_data);
}

uint64_t cache_node_child(const CacheNode *node) {
        return node->low | (uint64_t) node->high << 16 | (uint64_t) node->flags << 32;
}

/* As LMDB compares: octets, then length. */
static int compare(const void *key, size_t size, const CacheNode *node) {
        int r = memcmp(key, node->key, MIN(size, (size_t) node->key_size));

        return r != 0 ? r : (size > node->key_size) - (size < node->key_size);
}

/* The last node whose key is not greater; the first of a branch is below all keys. */
static bool find_node(const CachePages *pages, const unsigned char *page, size_t n, bool is_branch,
                      const void *key, size_t size, size_t *ret_number, bool *ret_equal) {
        size_t low = is_branch ? 1 : 0, high = n;

        *ret_equal = false;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                CacheNode node;
                int r;

                if (!cache_node_at(pages, page, middle, &node))
                        return false;
                r = compare(key, size, &node);
                if (r == 0) {
                        *ret_number = middle;
                        *ret_equal = true;
                        return true;
                }
                if (r > 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        *ret_number = low > 0 ? low - 1 : 0;
        return true;
}

int cache_walk(const CachePages *pages, uint64_t root, const void *key, size_t size,
               CacheVisit visit, void *userdata, const unsigned char **ret_leaf, size_t *ret_n) {
        uint64_t number = root;

        for (int depth = 0; depth < CACHE_DEPTH_MAX; depth++) {
                const unsigned char *page = cache_page(pages, number);
                CacheNode node;
                uint16_t kind;
                size_t n, at;
                bool equal;

                if (!page || !cache_page_nodes(pages, page, &kind, &n) ||
                    (visit && !visit(userdata, number)))
                        return CACHE_BROKEN;
                if (kind == CACHE_PAGE_IS_LEAF) {
                        *ret_leaf = page;
                        *ret_n = n;
                        return CACHE_DONE;
                }
                if (!find_node(pages, page, n, true, key, size, &at, &equal) ||
                    !cache_node_at(pages, page, at, &node))
                        return CACHE_BROKEN;
                number = cache_node_child(&node);
        }
        return CACHE_BROKEN;
}

/* Return: CACHE_DONE, CACHE_MISSING when the leaf has no such key, CACHE_BROKEN. */
static int find_in_leaf(CacheTree *tree, const void *key, size_t size, CacheNode *ret_node) {
        bool equal;

        if (!find_node(tree->pages, tree->leaf, tree->n_nodes, false, key, size, &tree->node,
                       &equal))
                return CACHE_BROKEN;
        if (!equal)
                return CACHE_MISSING;
        return cache_node_at(tree->pages, tree->leaf, tree->node, ret_node) ? CACHE_DONE
                                                                           : CACHE_BROKEN;
}

/* Keys are asked for in order: the next one in the leaf, or one between its first and last. */
static int find_near(CacheTree *tree, const void *key, CacheNode *ret_node) {
        CacheNode node;

        if (!tree->leaf || tree->node + 1 >= tree->n_nodes)
                return CACHE_MISSING;
        if (!cache_node_at(tree->pages, tree->leaf, tree->node + 1, ret_node) ||
            !cache_node_at(tree->pages, tree->leaf, tree->n_nodes - 1, &node))
                return CACHE_BROKEN;
        if (compare(key, CACHE_KEY_OCTETS, ret_node) == 0)
                return tree->node++, CACHE_DONE;
        if (compare(key, CACHE_KEY_OCTETS, &node) > 0 ||
            !cache_node_at(tree->pages, tree->leaf, 0, &node) ||
            compare(key, CACHE_KEY_OCTETS, &node) < 0)
                return CACHE_MISSING;
        return find_in_leaf(tree, key, CACHE_KEY_OCTETS, ret_node);
}

static int find(CacheTree *tree, const void *key, size_t size, CacheNode *ret_node) {
        int r;

        if (tree->root == CACHE_NO_PAGE)
                return CACHE_MISSING;
        r = cache_walk(tree->pages, tree->root, key, size, NULL, NULL, &tree->leaf,
                       &tree->n_nodes);
        if (r == CACHE_DONE)
                r = find_in_leaf(tree, key, size, ret_node);
        if (r == CACHE_BROKEN)
                tree->leaf = NULL;
        return r;
}

int cache_tree_find(CacheTree *tree, const unsigned char key[CACHE_KEY_OCTETS],
                    const unsigned char **ret_data, size_t *ret_size) {
        CacheNode node;
        int r = find_near(tree, key, &node);

        if (r == CACHE_MISSING)
                r = find(tree, key, CACHE_KEY_OCTETS, &node);
        return r == CACHE_DONE ? cache_node_value(tree->pages, &node, ret_data, ret_size) : r;
}

int cache_pages_tree(const CachePages *pages, const char *name, CacheTree *ret_tree) {
        CacheTree main = { .pages = pages, .root = pages->main_root };
        TreeFacts facts;
        CacheNode node;
        int r = find(&main, name, strlen(name), &node);

        if (r != CACHE_DONE)
                return r;
        if (node.flags != CACHE_NODE_IS_TREE || node.room < sizeof(facts))
                return CACHE_BROKEN;
        memcpy(&facts, node.key + node.key_size, sizeof(facts));
        if (facts.flags != 0 || facts.depth > CACHE_DEPTH_MAX)
                return CACHE_BROKEN;
        *ret_tree = (CacheTree){ .pages = pages, .root = page_or_none(facts.root) };
        return CACHE_DONE;
}
