/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A SEARCH program made ready for one mailbox: sets resolved, texts prepared, cheap keys first
 * (RFC 9051, section 6.4.4).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/number-set.h"
#include "imap-proto/search-program.h"
#include "imapd/imap-session.h"

typedef struct CachedFields CachedFields;
typedef struct SearchText SearchText;

typedef struct SearchStep {
        const SearchNode *node; /* borrowed from the program */
        unsigned cost;          /* what looking at one message costs, roughly */
        NumberSet numbers;      /* of SEARCH_SEQUENCE and SEARCH_UID: sequence numbers */
        SearchText *text;       /* owned; of the keys that look for text */
        CachedFields *fields;   /* owned; of the keys that look at one header field */
        bool has_keyword;       /* of SEARCH_KEYWORD: the mailbox knows it, as this: */
        size_t keyword;
        uint64_t email_id;      /* of SEARCH_EMAILID; 0: nobody's */
        int64_t limit_sec;      /* of SEARCH_OLDER and SEARCH_YOUNGER: the date between them */
        struct SearchStep *children; /* owned; in ascending cost */
        size_t n_children;
} SearchStep;

/**
 * search_plan_init() - make a program ready
 * @program:  borrowed, outlives the plan; its texts are UTF-8
 *
 * Numbers that no message has are left out; SEARCH has no error for them.
 */
void search_plan_init(SearchStep *ret_root, ImapSession *session, const SearchProgram *program);
void search_plan_done(SearchStep *root);

/** search_plan_candidates() - the messages that can match at all, by the sets at the top */
void search_plan_candidates(const SearchStep *root, size_t n_messages, NumberSet *ret_numbers);

/**
 * search_plan_matches() - does the message at a position match?
 *
 * A message that is gone or cannot be read matches nothing, not even NOT, once a key asks for
 * its content.
 */
bool search_plan_matches(const SearchStep *root, ImapSession *session, size_t position);
