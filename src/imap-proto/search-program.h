/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a SEARCH asks for, as a tree (RFC 9051, section 6.4.4; NEW, OLD, RECENT of RFC 3501; OLDER
 * and YOUNGER of RFC 5032, SAVED… of RFC 8514, object IDs of RFC 8474).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/flag.h"
#include "basic/memory.h"
#include "imap-proto/sequence-set.h"

typedef struct ImapArgs ImapArgs;

typedef enum SearchKind {
        SEARCH_ALL,
        SEARCH_AND, /* any number of children, also none, which is all */
        SEARCH_OR,  /* two children */
        SEARCH_NOT, /* one child */
        SEARCH_SEQUENCE,
        SEARCH_UID,
        SEARCH_FLAG,    /* a flag is set; UNSEEN is NOT of it */
        SEARCH_KEYWORD, /* text; UNKEYWORD is NOT of it */
        SEARCH_HEADER,  /* field and text; FROM is field "From" */
        SEARCH_BODY,    /* text */
        SEARCH_TEXT,    /* text */
        SEARCH_LARGER,  /* than size */
        SEARCH_SMALLER,
        SEARCH_MODSEQ, /* is that or greater (RFC 7162, section 3.1.5) */
        SEARCH_OLDER,   /* the internal date is so many seconds ago, size, or more */
        SEARCH_YOUNGER, /* or less */
        SEARCH_BEFORE, /* internal date; day, without regard to zones */
        SEARCH_ON,
        SEARCH_SINCE,
        SEARCH_SENT_BEFORE, /* Date: header */
        SEARCH_SENT_ON,
        SEARCH_SENT_SINCE,
        SEARCH_SAVED_BEFORE, /* when it came into the mailbox */
        SEARCH_SAVED_ON,
        SEARCH_SAVED_SINCE,
        SEARCH_EMAILID,  /* text: an object ID */
        SEARCH_THREADID,
} SearchKind;

typedef struct SearchNode SearchNode;
struct SearchNode {
        SearchKind kind;
        MessageFlags flag; /* one bit */
        SequenceSet set;
        char *field;      /* owned */
        char *text;       /* owned; raw octets in the program's charset, NUL behind them */
        size_t text_size;
        uint64_t size; /* or modseq */
        int64_t day; /* since 1970-01-01 */
        SearchNode *first_child, *next_sibling; /* owned */
};

typedef struct SearchProgram {
        SearchNode *root; /* owned; SEARCH_AND of the keys given */
        char *charset;    /* owned; as the client wrote it, NULL when it gave none */
        bool has_modseq;  /* a key is MODSEQ: the result has one too */
} SearchProgram;

#define _cleanup_search_program_ _cleanup_(search_program_done)

void search_program_done(SearchProgram *program);

/**
 * search_program_take() - "[CHARSET x] key …", to the end of the command
 *
 * At most IMAP_SEARCH_NODES_MAX nodes and IMAP_NESTING_MAX levels (NOT and OR are levels too),
 * so whoever walks over the tree may recurse.
 */
[[nodiscard]] bool search_program_take(ImapArgs *args, SearchProgram *ret_program);

/** search_program_take_sorted() - "charset key …" of SORT and THREAD, where it is not optional */
[[nodiscard]] bool search_program_take_sorted(ImapArgs *args, SearchProgram *ret_program);
