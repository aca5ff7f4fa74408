/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads by base subject: ORDEREDSUBJECT, and step 5 of REFERENCES (RFC 5256, section 3). */
#include "basic/memory.h"
#include "imapd/threading.h"

/* The first message with a subject, by date, is above all others with it. */
void thread_by_subject(const Threading *threading, const uint32_t *order, ThreadTree *tree) {
        uint32_t *firsts = make_array(uint32_t, (size_t) threading->subjects.n_numbers + 1);

        for (size_t i = 0; i < threading->n_messages; i++) {
                uint32_t *first = &firsts[threading->messages[order[i]].subject];

                thread_tree_append(tree, *first, order[i]);
                if (*first == 0)
                        *first = order[i];
        }
        free(firsts);
}

typedef struct SubjectMerge {
        const Threading *threading;
        const uint32_t *firsts;
        uint32_t *parents;
        uint32_t *table; /* owned; by subject, the root that stands for it */
        size_t n_nodes;
} SubjectMerge;

static bool is_dummy(const SubjectMerge *merge, uint32_t node) {
        return node > merge->threading->n_messages;
}

static const ThreadMessage *first_of(const SubjectMerge *merge, uint32_t root) {
        return &merge->threading->messages[merge->firsts[root]];
}

/* A dummy that was made here says nothing of itself; nobody asks it. */
static bool is_reply(const SubjectMerge *merge, uint32_t root) {
        return !is_dummy(merge, root) && first_of(merge, root)->is_reply;
}

/* (5)(B) */
static void enter(SubjectMerge *merge, uint32_t root) {
        uint32_t *entry = &merge->table[first_of(merge, root)->subject];

        if (*entry == 0 ||
            (!is_dummy(merge, *entry) && (is_dummy(merge, root) || (is_reply(merge, *entry) &&
                                                                    !is_reply(merge, root)))))
                *entry = root;
}

/* (5)(C): below the root that stands for the subject, or both below a new dummy. */
static void merge_root(SubjectMerge *merge, uint32_t root) {
        uint32_t *entry = &merge->table[first_of(merge, root)->subject];

        if (*entry == root)
                return;
        if (is_dummy(merge, root)) {
                merge->parents[root] = *entry; /* and its children go where it went */
        } else if (is_dummy(merge, *entry) || (is_reply(merge, root) && !is_reply(merge, *entry))) {
                merge->parents[root] = *entry;
        } else {
                uint32_t dummy = (uint32_t) merge->n_nodes++;

                merge->parents[root] = merge->parents[*entry] = dummy;
                *entry = dummy;
        }
}

size_t thread_merge_subjects(const Threading *threading, uint32_t *parents, const uint32_t *roots,
                             size_t n_roots, const uint32_t *firsts, size_t n_nodes) {
        SubjectMerge merge = {
                .threading = threading, .firsts = firsts, .parents = parents, .n_nodes = n_nodes,
                .table = make_array(uint32_t, (size_t) threading->subjects.n_numbers + 1),
        };

        for (size_t i = 0; i < n_roots; i++)
                if (first_of(&merge, roots[i])->subject != 0)
                        enter(&merge, roots[i]);
        for (size_t i = 0; i < n_roots; i++)
                if (first_of(&merge, roots[i])->subject != 0)
                        merge_root(&merge, roots[i]);
        free(merge.table);
        return merge.n_nodes;
}
