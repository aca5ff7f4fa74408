/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What SEARCH and SORT are to return (RFC 4731, section 3.1; RFC 4466, section 2.6; RFC 5182;
 * RFC 5267, section 3; RFC 9394).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imap-proto/partial-range.h"

typedef enum SearchReturnOption {
        SEARCH_RETURN_MIN     = 1 << 0,
        SEARCH_RETURN_MAX     = 1 << 1,
        SEARCH_RETURN_ALL     = 1 << 2,
        SEARCH_RETURN_COUNT   = 1 << 3,
        SEARCH_RETURN_PARTIAL = 1 << 4,
        SEARCH_RETURN_SAVE    = 1 << 5,
} SearchReturnOption;

/* Those that say something to the client. */
enum { SEARCH_RETURN_TOLD = SEARCH_RETURN_SAVE - 1 };

typedef struct SearchReturn {
        bool is_extended;     /* RETURN was given: the answer is ESEARCH, not SEARCH or SORT */
        unsigned options;     /* bits; 0 unless is_extended */
        PartialRange partial; /* of SEARCH_RETURN_PARTIAL */
} SearchReturn;

/* How much of the matches must be found to answer. */
typedef struct SearchReach {
        bool all;
        size_t n_first, n_last; /* otherwise: so many from the front, so many from the end */
} SearchReach;

/** search_return_take() - "RETURN (…)" if it comes next; "RETURN ()" is "RETURN (ALL)" */
[[nodiscard]] bool search_return_take(ImapArgs *args, SearchReturn *ret_return);

/** search_return_reach() - what to search for: COUNT wants all, MIN the first match */
SearchReach search_return_reach(const SearchReturn *wanted);

/** search_return_saves_all() - SAVE keeps all matches, not only those that are told */
bool search_return_saves_all(const SearchReturn *wanted);
