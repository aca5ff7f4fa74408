/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sequence sets as clients write them, with '*' still open (RFC 9051, sequence-set). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/number-set.h"

/* Stands for '*' in a range: no message has the number 0. */
#define SEQUENCE_SET_STAR UINT32_C(0)

typedef struct SequenceSet {
        NumberRange *ranges; /* owned; in the client's order, ends in either order */
        size_t n_ranges;
        bool saved_result; /* "$": the result of the last SEARCH (RFC 5182); no ranges then */
} SequenceSet;

#define _cleanup_sequence_set_ _cleanup_(sequence_set_done)

void sequence_set_done(SequenceSet *set);

/**
 * sequence_set_parse() - read a whole text such as "2,4:7,9,12:*" or "$"
 * @ret_error:  on false a static sentence
 */
[[nodiscard]] bool sequence_set_parse(const char *text, size_t size, SequenceSet *ret_set,
                                      const char **ret_error);

/** nz_number_take() - 1 to 2^32-1 without leading zeros (RFC 9051, nz-number); *at moves on */
[[nodiscard]] bool nz_number_take(const char **at, const char *end, uint32_t *ret_number);

/**
 * sequence_set_resolve() - as numbers, '*' being @largest
 * @largest:  the last sequence number or UID in use; 0 in an empty mailbox: '*' then adds nothing
 * @ret_set:  zeroed or a set to add to; released by number_set_done()
 *
 * Return: false when, as sequence numbers, some would lie above @largest (RFC 9051 wants BAD
 * there; for UIDs that is no error); @ret_set is written in either case.
 */
bool sequence_set_resolve(const SequenceSet *set, uint32_t largest, NumberSet *ret_set);
