/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads by references, from step 2 of RFC 5256, section 3, on. Instead of sorting each set of
 * siblings, all messages are sorted once, and handed out to their parents in that order.
 */
#include "basic/memory.h"
#include "imapd/threading.h"

/* Nodes: the messages, then a dummy for each ID, then those that the subjects make. */
typedef struct Pruning {
        const Threading *threading;
        const uint32_t *order; /* messages by date */
        uint32_t *anchors;     /* owned; by ID: the node that the children of its message go to */
        uint32_t *parents;     /* owned; by node; 0: it is a root */
        uint32_t *firsts;      /* owned; by node: itself, of a dummy its first child by date */
        size_t n_nodes, n_messages;
} Pruning;

static void pruning_done(Pruning *pruning) {
        free(pruning->anchors);
        free(pruning->parents);
        free(pruning->firsts);
}

static bool is_dummy(const Pruning *pruning, uint32_t node) {
        return node > pruning->n_messages;
}

/* Where the search for an anchor ends: at a message, at the top, or where it is known. */
static uint32_t anchor_at(const Pruning *pruning, uint32_t id) {
        const Threading *threading = pruning->threading;

        if (threading->holders[id])
                return threading->holders[id];
        if (pruning->anchors[id])
                return pruning->anchors[id];
        if (thread_links_parent(&threading->links, id) == 0)
                return (uint32_t) pruning->n_messages + id;
        return 0;
}

/*
 * (3): dummies in the middle of a thread go, and their children move up: to the next message, or
 * to the dummy at the top. Each ID is walked over once, because what was found is kept.
 */
static uint32_t find_anchor(Pruning *pruning, uint32_t id) {
        uint32_t at = id, anchor;

        while (!(anchor = anchor_at(pruning, at)))
                at = thread_links_parent(&pruning->threading->links, at);
        for (; id != at; id = thread_links_parent(&pruning->threading->links, id))
                pruning->anchors[id] = anchor;
        return anchor;
}

/* (3): a dummy at the top with one child is replaced by it. */
static void promote_only_children(Pruning *pruning) {
        uint32_t *n_children = make_array(uint32_t, pruning->n_nodes);

        for (uint32_t message = 1; message <= pruning->n_messages; message++)
                n_children[pruning->parents[message]]++;
        for (uint32_t message = 1; message <= pruning->n_messages; message++) {
                uint32_t parent = pruning->parents[message];

                if (is_dummy(pruning, parent) && n_children[parent] == 1)
                        pruning->parents[message] = 0;
        }
        free(n_children);
}

static void find_parents(Pruning *pruning) {
        const Threading *threading = pruning->threading;

        for (uint32_t message = 1; message <= pruning->n_messages; message++) {
                uint32_t above = thread_links_parent(&threading->links,
                                                     threading->messages[message].id);

                pruning->parents[message] = above ? find_anchor(pruning, above) : 0;
        }
        promote_only_children(pruning);
}

static void pruning_init(Pruning *pruning, const Threading *threading, const uint32_t *order) {
        size_t n_ids = threading->links.n_nodes;

        *pruning = (Pruning){
                .threading = threading, .order = order, .n_messages = threading->n_messages,
                .n_nodes = threading->n_messages + MAX(n_ids, (size_t) 1),
                .anchors = make_array(uint32_t, n_ids + 1),
                .parents = make_array(uint32_t, 2 * threading->n_messages + n_ids + 1),
                .firsts = make_array(uint32_t, threading->n_messages + n_ids + 1),
        };
        find_parents(pruning);
}

/* (4): the roots by date, a dummy by that of its first child. */
static size_t list_roots(Pruning *pruning, uint32_t *roots) {
        size_t n_roots = 0;

        for (size_t i = 0; i < pruning->n_messages; i++) {
                uint32_t message = pruning->order[i], parent = pruning->parents[message];

                pruning->firsts[message] = message;
                if (parent == 0) {
                        roots[n_roots++] = message;
                } else if (is_dummy(pruning, parent) && pruning->firsts[parent] == 0) {
                        pruning->firsts[parent] = message;
                        roots[n_roots++] = parent;
                }
        }
        return n_roots;
}

static void merge_subjects(Pruning *pruning) {
        uint32_t *roots = make_array(uint32_t, pruning->n_messages + 1);
        size_t n_roots = list_roots(pruning, roots);

        pruning->n_nodes = thread_merge_subjects(pruning->threading, pruning->parents, roots,
                                                 n_roots, pruning->firsts, pruning->n_nodes);
        free(roots);
}

/* The children of a dummy that was merged into another one are the other one's. */
static uint32_t parent_of(const Pruning *pruning, uint32_t message) {
        uint32_t parent = pruning->parents[message];

        return is_dummy(pruning, parent) && pruning->parents[parent] ? pruning->parents[parent]
                                                                      : parent;
}

/* (6), and the order of the threads: by their first messages. */
static void build_by_first(const Pruning *pruning, ThreadTree *tree) {
        for (size_t i = 0; i < pruning->n_messages; i++) {
                uint32_t message = pruning->order[i], parent = parent_of(pruning, message);

                if (is_dummy(pruning, parent) && tree->nodes[parent].first_child == 0)
                        thread_tree_append(tree, 0, parent);
                thread_tree_append(tree, parent, message);
        }
}

/* The root above each message; what was found is kept on the way. */
static void find_tops(const Pruning *pruning, uint32_t *tops) {
        for (uint32_t message = 1; message <= pruning->n_messages; message++) {
                uint32_t at = message, top;

                while (tops[at] == 0 && pruning->parents[at] != 0)
                        at = pruning->parents[at];
                top = tops[at] ? tops[at] : at;
                for (at = message; at != 0 && tops[at] == 0; at = pruning->parents[at])
                        tops[at] = top;
        }
}

/* REFS: the order of the threads is that of their latest messages. */
static void build_by_latest(const Pruning *pruning, ThreadTree *tree) {
        uint32_t *tops = make_array(uint32_t, pruning->n_nodes);
        uint32_t *latest = make_array(uint32_t, pruning->n_nodes);

        find_tops(pruning, tops);
        for (size_t i = 0; i < pruning->n_messages; i++) {
                uint32_t message = pruning->order[i];

                latest[tops[message]] = message;
                if (tops[message] != message)
                        thread_tree_append(tree, pruning->parents[message], message);
        }
        for (size_t i = 0; i < pruning->n_messages; i++)
                if (latest[tops[pruning->order[i]]] == pruning->order[i])
                        thread_tree_append(tree, 0, tops[pruning->order[i]]);
        free(tops);
        free(latest);
}

void thread_by_references(const Threading *threading, const uint32_t *order, ThreadTree *tree) {
        _cleanup_(pruning_done) Pruning pruning = { 0 };

        pruning_init(&pruning, threading, order);
        if (threading->algorithm == THREAD_REFS) {
                build_by_latest(&pruning, tree);
                return;
        }
        merge_subjects(&pruning);
        build_by_first(&pruning, tree);
}
