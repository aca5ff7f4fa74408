/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A link-cut tree without reversal: links are made below roots only. */
#include "imapd/thread-links.h"

#include <string.h>

#include "basic/memory.h"

/* So many steps up are cheaper than a look into the tree. Threads are rarely longer. */
enum { STEPS_MAX = 16 };

void thread_links_done(ThreadLinks *links) {
        free(links->nodes);
        *links = (ThreadLinks){ 0 };
}

void thread_links_reach(ThreadLinks *links, uint32_t node) {
        size_t n = (size_t) node + 1;

        if (n <= links->n_nodes)
                return;
        links->nodes = memory_grow(links->nodes, &links->n_allocated, n, sizeof(ThreadLink));
        memset(links->nodes + links->n_nodes, 0, (n - links->n_nodes) * sizeof(ThreadLink));
        links->n_nodes = n;
}

/* The link of the node above that leads to this one; NULL at the top of a splay tree. */
static uint32_t *link_to(ThreadLink *nodes, uint32_t node) {
        ThreadLink *above = &nodes[nodes[node].up];

        if (nodes[node].up == 0)
                return NULL;
        return above->left == node ? &above->left : above->right == node ? &above->right : NULL;
}

/* Brings a node one level up. */
static void rotate(ThreadLink *nodes, uint32_t node) {
        uint32_t above = nodes[node].up;
        uint32_t *from_top = link_to(nodes, above);
        bool is_left = nodes[above].left == node;
        uint32_t moved = is_left ? nodes[node].right : nodes[node].left;

        if (is_left) {
                nodes[node].right = above;
                nodes[above].left = moved;
        } else {
                nodes[node].left = above;
                nodes[above].right = moved;
        }
        if (moved)
                nodes[moved].up = above;
        if (from_top)
                *from_top = node;
        nodes[node].up = nodes[above].up;
        nodes[above].up = node;
}

/* Brings a node to the top of its splay tree. */
static void splay(ThreadLink *nodes, uint32_t node) {
        while (link_to(nodes, node)) {
                uint32_t above = nodes[node].up;

                if (link_to(nodes, above)) {
                        uint32_t top = nodes[above].up;
                        bool in_line = (nodes[top].left == above) == (nodes[above].left == node);

                        rotate(nodes, in_line ? above : node);
                }
                rotate(nodes, node);
        }
}

/* Makes the way from the root to a node one path, with the node at the top of its splay tree. */
static void access(ThreadLink *nodes, uint32_t node) {
        splay(nodes, node);
        nodes[node].right = 0;
        while (nodes[node].up) {
                uint32_t above = nodes[node].up;

                splay(nodes, above);
                nodes[above].right = node;
                splay(nodes, node);
        }
}

static uint32_t find_root(ThreadLink *nodes, uint32_t node) {
        access(nodes, node);
        while (nodes[node].left)
                node = nodes[node].left;
        splay(nodes, node);
        return node;
}

/* A node without parent is a root: it is above another one if it is that one's root. */
static bool is_above(ThreadLinks *links, uint32_t root, uint32_t node) {
        for (unsigned i = 0; i < STEPS_MAX; i++) {
                if (node == root)
                        return true;
                if (links->nodes[node].parent == 0)
                        return false;
                node = links->nodes[node].parent;
        }
        return find_root(links->nodes, node) == root;
}

void thread_links_set(ThreadLinks *links, uint32_t node, uint32_t parent) {
        if (is_above(links, node, parent))
                return;
        access(links->nodes, node);
        links->nodes[node].up = parent;
        links->nodes[node].parent = parent;
}

void thread_links_cut(ThreadLinks *links, uint32_t node) {
        ThreadLink *nodes = links->nodes;

        if (nodes[node].parent == 0)
                return;
        access(nodes, node);
        nodes[nodes[node].left].up = 0;
        nodes[node].left = 0;
        nodes[node].parent = 0;
}
