/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By what a SORT sorts (RFC 5256, section 3; RFC 5957, section 3). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct ImapArgs ImapArgs;

typedef enum SortField {
        SORT_ARRIVAL,
        SORT_CC,
        SORT_DATE,
        SORT_DISPLAY_FROM,
        SORT_DISPLAY_TO,
        SORT_FROM,
        SORT_SIZE,
        SORT_SUBJECT,
        SORT_TO,
        _SORT_FIELD_MAX,
} SortField;

typedef struct SortKey {
        SortField field;
        bool is_reversed;
} SortKey;

typedef struct SortProgram {
        SortKey keys[_SORT_FIELD_MAX]; /* the most important first, no field twice */
        size_t n_keys;
} SortProgram;

/**
 * sort_program_take() - "(REVERSE DATE SUBJECT)"
 *
 * A field that comes again decides nothing any more and is left out.
 */
[[nodiscard]] bool sort_program_take(ImapArgs *args, SortProgram *ret_program);
