/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parents of messages that are found out bit by bit (RFC 5256, section 3, REFERENCES, step 1):
 * a forest that never gets a loop. Nodes are numbers from 1 on; 0 is none.
 *
 * A node's root is found in logarithmic time however long the chain is, because the forest is
 * kept a second time as a link-cut tree (Sleator and Tarjan), whose paths are splay trees.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ThreadLink {
        uint32_t parent;
        uint32_t left, right, up; /* of the splay tree of its path; up leads out of it too */
} ThreadLink;

typedef struct ThreadLinks {
        ThreadLink *nodes; /* owned; nodes[0] is no node */
        size_t n_nodes;    /* with nodes[0] */
        size_t n_allocated;
} ThreadLinks;

void thread_links_done(ThreadLinks *links);

/** thread_links_reach() - make all nodes up to this one exist, without parents at first */
void thread_links_reach(ThreadLinks *links, uint32_t node);

static inline uint32_t thread_links_parent(const ThreadLinks *links, uint32_t node) {
        return links->nodes[node].parent;
}

/** thread_links_set() - give a parent to a node that has none; nothing where it would be a loop */
void thread_links_set(ThreadLinks *links, uint32_t node, uint32_t parent);

/** thread_links_cut() - take the parent away, if there is one */
void thread_links_cut(ThreadLinks *links, uint32_t node);
