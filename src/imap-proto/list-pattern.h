/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns of LIST and LSUB: '*' matches all, '%' one level (RFC 9051, section 6.3.9). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/memory.h"

/* Outcomes of list_pattern_init(). */
enum {
        LIST_PATTERN_DONE = 0,
        LIST_PATTERN_BROKEN,   /* not modified UTF-7 or UTF-8: BAD */
        LIST_PATTERN_NOTHING,  /* well-formed, but no name of ours can match: plain OK */
        LIST_PATTERN_TOO_MANY, /* over IMAP_LIST_WILDCARDS_MAX: NO */
};

typedef struct ListPattern {
        char *text; /* owned; in the program's form: "INBOX/Work/%"; runs of wildcards are one */
        size_t size;
        bool is_bare; /* what matches is told without "INBOX/" (bare-name.h) */
} ListPattern;

#define _cleanup_list_pattern_ _cleanup_(list_pattern_done)

void list_pattern_done(ListPattern *pattern);

/**
 * list_pattern_init() - combine reference and pattern as Courier does
 * @reference, @pattern:  wire text of the arguments; an empty pattern is the caller's business
 *
 * One trailing '.' of the reference is dropped, both are joined with '.', one trailing '.' of
 * the whole is dropped: `"INBOX" "%"` and `"" "INBOX.%"` are the same.
 */
int list_pattern_init(const char *reference, const char *pattern, bool utf8,
                      ListPattern *ret_pattern);

/**
 * list_pattern_matches() - whole name in the program's form
 *
 * INBOX at the start matches in any case of letters. At most (octets of the name) times
 * (octets of the pattern) steps, whatever the wildcards are.
 */
bool list_pattern_matches(const ListPattern *pattern, const char *name);
