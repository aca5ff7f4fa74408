/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From messages to threads (RFC 5256, section 3; REFS of draft-ietf-morg-inthread). Everything is
 * n log n in the octets of the headers, for any headers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/names.h"
#include "imapd/text-table.h"
#include "imapd/thread-links.h"
#include "imapd/thread-tree.h"
#include "imapd/thread-value.h"

typedef enum ThreadAlgorithm {
        THREAD_ORDEREDSUBJECT, /* one subject, one thread */
        THREAD_REFERENCES,     /* by references, then roots by subject */
        THREAD_REFS,           /* by references; the thread with the latest message comes last */
        _THREAD_ALGORITHM_MAX,
} ThreadAlgorithm;
DECLARE_NAMES(thread_algorithm, ThreadAlgorithm);

typedef struct ThreadMessage {
        int64_t date_sec;  /* sent date */
        uint32_t subject;  /* number of its base subject; 0 when that is empty */
        bool is_reply;     /* the subject says so, or that it is a forward */
        uint32_t id;       /* number of its message ID, also when it has none */
} ThreadMessage;

typedef struct Threading {
        ThreadAlgorithm algorithm;
        ThreadMessage *messages; /* owned; [0] is none */
        size_t n_messages;       /* without [0] */
        size_t n_allocated;
        TextTable subjects;
        TextTable ids;
        uint32_t *holders; /* owned; by number of an ID, the message that has it, 0 for none */
        size_t n_holders;
        ThreadLinks links; /* between IDs */
} Threading;

void threading_init(Threading *threading, ThreadAlgorithm algorithm);
void threading_done(Threading *threading);

/**
 * threading_add() - the next message, in the order of the mailbox
 * @value:  its references are read to the end
 */
void threading_add(Threading *threading, int64_t date_sec, ThreadValue *value);

/** threading_octets() - the memory that is held, roughly */
size_t threading_octets(const Threading *threading);

/** threading_finish() - @ret_tree: nodes 1 … n are the messages in the order they were added */
void threading_finish(const Threading *threading, ThreadTree *ret_tree);

/* Its parts, one a file. */

/** thread_by_subject() - ORDEREDSUBJECT. @order: messages by date */
void thread_by_subject(const Threading *threading, const uint32_t *order, ThreadTree *tree);

/** thread_by_references() - REFERENCES and REFS, from step 2 on */
void thread_by_references(const Threading *threading, const uint32_t *order, ThreadTree *tree);

/**
 * thread_merge_subjects() - step 5 of REFERENCES: roots with one subject become one thread
 * @parents:  of all nodes of the tree; 0 above roots; roots get new ones here
 * @roots:    n_roots of them in their order
 * @firsts:   by node: itself, of a dummy its first child by date
 *
 * Return: how many nodes there are now; dummies that were made have the highest numbers.
 */
size_t thread_merge_subjects(const Threading *threading, uint32_t *parents, const uint32_t *roots,
                             size_t n_roots, const uint32_t *firsts, size_t n_nodes);
