/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads as they are told to a client (RFC 5256, section 4). Nodes are numbers from 1 on: first
 * the messages, then dummies, which have children only; node 0 stands above all threads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

typedef struct ThreadNode {
        uint32_t first_child, last_child, next; /* 0: none */
} ThreadNode;

typedef struct ThreadTree {
        ThreadNode *nodes; /* owned */
        size_t n_nodes;    /* with node 0 */
        size_t n_messages; /* nodes 1 … n_messages are messages */
} ThreadTree;

/** thread_tree_init() - @n_dummies: room for so many besides the messages */
void thread_tree_init(ThreadTree *tree, size_t n_messages, size_t n_dummies);
void thread_tree_done(ThreadTree *tree);

/** thread_tree_append() - make a node the last child of another; each node once */
void thread_tree_append(ThreadTree *tree, uint32_t parent, uint32_t child);

/** Gives a node its name in the response. */
typedef uint32_t (*ThreadName)(void *userdata, uint32_t node);

/** Called between messages, so that output may leave; not 0 ends the writing. */
typedef int (*ThreadPause)(void *userdata);

/**
 * thread_tree_write() - "(2)(3 6 (4 23)(44 7 96))"
 *
 * Deep trees take memory for their depth, but no stack. Return: what @pause returned.
 */
[[nodiscard]] int thread_tree_write(const ThreadTree *tree, ThreadName name, ThreadPause pause,
                                    void *userdata, Buffer *out);
