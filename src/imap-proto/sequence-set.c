/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sequence sets as clients write them. */
#include "imap-proto/sequence-set.h"

#include "basic/text.h"
#include "imap-proto/imap-limits.h"

void sequence_set_done(SequenceSet *set) {
        free(set->ranges);
        *set = (SequenceSet){ 0 };
}

bool nz_number_take(const char **at, const char *end, uint32_t *ret_number) {
        uint64_t number = 0;
        const char *c = *at;

        if (c == end || *c < '1' || *c > '9')
                return false;
        for (; c < end && char_is_digit(*c); c++) {
                number = number * 10 + (uint64_t) (*c - '0');
                if (number > UINT32_MAX)
                        return false;
        }
        *at = c;
        *ret_number = (uint32_t) number;
        return true;
}

static bool take_number(const char **at, const char *end, uint32_t *ret_number) {
        if (*at == end || **at != '*')
                return nz_number_take(at, end, ret_number);
        (*at)++;
        *ret_number = SEQUENCE_SET_STAR;
        return true;
}

static bool take_range(const char **at, const char *end, NumberRange *ret_range) {
        NumberRange range;

        if (!take_number(at, end, &range.first))
                return false;
        range.last = range.first;
        if (*at < end && **at == ':') {
                (*at)++;
                if (!take_number(at, end, &range.last))
                        return false;
        }
        *ret_range = range;
        return true;
}

bool sequence_set_parse(const char *text, size_t size, SequenceSet *ret_set,
                        const char **ret_error) {
        _cleanup_sequence_set_ SequenceSet set = { 0 };
        const char *at = text, *end = text + size;
        size_t n_allocated = 0;

        if (size == 1 && *text == '$') {
                *ret_set = (SequenceSet){ .saved_result = true };
                return true;
        }
        do {
                NumberRange range;

                if (set.n_ranges >= IMAP_SET_RANGES_MAX) {
                        *ret_error = "Too many ranges";
                        return false;
                }
                if (!take_range(&at, end, &range) || (at < end && *at != ',')) {
                        *ret_error = "Malformed sequence set";
                        return false;
                }
                GROW(set.ranges, set.n_ranges, n_allocated);
                set.ranges[set.n_ranges++] = range;
        } while (at < end && *at++ == ',');

        *ret_set = set;
        set = (SequenceSet){ 0 };
        return true;
}

bool sequence_set_resolve(const SequenceSet *set, uint32_t largest, NumberSet *ret_set) {
        NumberRange *ranges = make_array(NumberRange, set->n_ranges + 1);
        bool within = true;
        size_t n = 0;

        for (size_t i = 0; i < set->n_ranges; i++) {
                NumberRange range = set->ranges[i];

                if (range.first == SEQUENCE_SET_STAR)
                        range.first = largest;
                if (range.last == SEQUENCE_SET_STAR)
                        range.last = largest;
                if (MAX(range.first, range.last) > largest || largest == 0)
                        within = false;
                if (range.first > 0 && range.last > 0)
                        ranges[n++] = range;
        }
        number_set_add_all(ret_set, ranges, n);
        free(ranges);
        return within;
}
