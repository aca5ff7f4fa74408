/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of numbers from 1 to 2^32-1 (UIDs or sequence numbers) as sorted, disjoint ranges. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/memory.h"

typedef struct NumberRange {
        uint32_t first, last; /* both included */
} NumberRange;

typedef struct NumberSet {
        NumberRange *ranges; /* owned; ascending, never touching each other */
        size_t n_ranges;
        size_t n_allocated;
} NumberSet;

#define _cleanup_number_set_ _cleanup_(number_set_done)

void number_set_done(NumberSet *set);

/**
 * number_set_add() - add first..last (either order)
 *
 * Constant when ranges arrive in ascending order, otherwise linear in n_ranges: who adds
 * foreign ranges bounds their number and calls number_set_add_all() with them at once.
 */
void number_set_add(NumberSet *set, uint32_t first, uint32_t last);

/** number_set_add_all() - add ranges in any order (first and last in any order); n log n */
void number_set_add_all(NumberSet *set, const NumberRange *ranges, size_t n_ranges);

/** number_set_has() - logarithmic */
_pure_ bool number_set_has(const NumberSet *set, uint32_t number);

/** number_set_count() - how many numbers are in it */
_pure_ uint64_t number_set_count(const NumberSet *set);

/**
 * number_set_next() - the smallest member that is >= from
 *
 * `for (uint32_t uid = 0; number_set_next(set, uid + 1, &uid);)` walks over all members;
 * stop by hand at UINT32_MAX. Return: false when there is none.
 */
bool number_set_next(const NumberSet *set, uint32_t from, uint32_t *ret_number);

/**
 * number_set_previous() - the greatest member that is <= from
 *
 * `for (uint32_t uid = UINT32_MAX; number_set_previous(set, uid, &uid); uid--)` walks over all
 * members downwards; 0 is none. Return: false when there is none.
 */
bool number_set_previous(const NumberSet *set, uint32_t from, uint32_t *ret_number);

/** number_set_keep_last() - leave only the n greatest members */
void number_set_keep_last(NumberSet *set, uint64_t n);

/** number_set_intersect() - add what is in both to a set that is empty; linear */
void number_set_intersect(const NumberSet *a, const NumberSet *b, NumberSet *ret_set);

/** number_set_append_text() - "1:3,7" as IMAP writes it (RFC 9051, sequence-set) */
void number_set_append_text(const NumberSet *set, Buffer *target);
