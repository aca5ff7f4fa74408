/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages that a search has found: all, or as many from either end as were wanted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

typedef struct SearchFound {
        uint32_t *numbers; /* owned; sequence numbers, ascending, or as a SORT orders them */
        size_t n_numbers;
        bool is_whole;   /* numbers has all; otherwise only the first, and the last are in: */
        uint32_t *last;  /* owned; ascending */
        size_t n_last;
} SearchFound;

#define _cleanup_search_found_ _cleanup_(search_found_done)

static inline void search_found_done(SearchFound *found) {
        free(found->numbers);
        free(found->last);
        *found = (SearchFound){ 0 };
}
