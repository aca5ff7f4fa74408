/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What messages are sorted by (RFC 5256, sections 2.1, 2.2 and 3; RFC 5957, section 3), and how
 * that is brought into an order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "imap-proto/sort-program.h"
#include "mime/arena.h"

/* One message's value of one key: a number, or a text in the form that is compared. */
typedef struct SortValue {
        uint64_t prefix;  /* the number; of a text the first eight octets, so that it orders it */
        const char *rest; /* of a text: what is behind them; borrowed */
        uint32_t rest_size;
        uint32_t row;     /* of the message among those that are sorted */
} SortValue;

/** sort_value_number() - a number of either sign as it orders */
SortValue sort_value_number(int64_t number);

/**
 * sort_value_text() - a text, already in the form of mime/casemap.h
 *
 * What is behind IMAP_SORT_TEXT_MAX octets is not compared. @arena: holds it.
 */
SortValue sort_value_text(const char *text, size_t size, Arena *arena);

/**
 * sort_field_append() - the text that a field sorts by, of a message's header fields, in the
 * form that is compared; nothing when the header does not have it
 */
void sort_field_append(SortField field, const char *header, size_t size, Buffer *target);

/** sort_field_header() - the header field that it looks at; NULL of ARRIVAL and SIZE */
const char *sort_field_header(SortField field);

/**
 * sort_rank() - equal values get the same rank, from 0 on
 *
 * n log n, at worst again for each eight octets up to which some are equal.
 */
void sort_rank(const SortValue *values, size_t n, uint32_t *ret_ranks);

/**
 * sort_order_by() - order rows by a rank, keeping those of the same rank as they are; linear
 * @rows:  n of them, a permutation of 0 … n-1
 */
void sort_order_by(uint32_t *rows, size_t n, const uint32_t *ranks, bool is_reversed);
