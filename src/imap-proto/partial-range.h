/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of a result, "1:500" or "-1:-100" (RFC 9394, section 3.1). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

typedef struct ImapArgs ImapArgs;

typedef struct PartialRange {
        uint32_t first, last; /* as the client wrote them, from 1, in either order */
        bool from_end;        /* they count from the last result backwards */
} PartialRange;

/** partial_range_take() - the next argument; both ends have a minus, or none */
[[nodiscard]] bool partial_range_take(ImapArgs *args, PartialRange *ret_range);

/** partial_range_size() - results of a full page */
uint64_t partial_range_size(const PartialRange *range);

/** partial_range_reach() - how many results must be known, from its side, to fill the page */
uint32_t partial_range_reach(const PartialRange *range);

/** partial_range_slice() - the page of n results: *ret_start, *ret_end (exclusive), may be empty */
void partial_range_slice(const PartialRange *range, size_t n, size_t *ret_start, size_t *ret_end);

/** partial_range_append() - as the client wrote it */
void partial_range_append(const PartialRange *range, Buffer *target);
