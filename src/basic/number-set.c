/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of UIDs and sequence numbers. */
#include "basic/number-set.h"

void number_set_done(NumberSet *set) {
        free(set->ranges);
        *set = (NumberSet){ 0 };
}

static int compare_ranges(const void *a, const void *b) {
        const NumberRange *left = a, *right = b;

        return left->first < right->first ? -1 : left->first > right->first;
}

/* Merges sorted ranges that overlap or touch, in place. */
static void merge(NumberSet *set) {
        size_t n_kept = 0;

        for (size_t i = 0; i < set->n_ranges; i++) {
                NumberRange *last = n_kept > 0 ? &set->ranges[n_kept - 1] : NULL;

                if (last && (last->last == UINT32_MAX || set->ranges[i].first <= last->last + 1))
                        last->last = MAX(last->last, set->ranges[i].last);
                else
                        set->ranges[n_kept++] = set->ranges[i];
        }
        set->n_ranges = n_kept;
}

static void push(NumberSet *set, uint32_t first, uint32_t last) {
        GROW(set->ranges, set->n_ranges, set->n_allocated);
        set->ranges[set->n_ranges++] = (NumberRange){ MIN(first, last), MAX(first, last) };
}

void number_set_add_all(NumberSet *set, const NumberRange *ranges, size_t n_ranges) {
        if (n_ranges == 0)
                return;
        for (size_t i = 0; i < n_ranges; i++)
                push(set, ranges[i].first, ranges[i].last);
        qsort(set->ranges, set->n_ranges, sizeof(*set->ranges), compare_ranges);
        merge(set);
}

void number_set_add(NumberSet *set, uint32_t first, uint32_t last) {
        NumberRange *end = set->n_ranges > 0 ? &set->ranges[set->n_ranges - 1] : NULL;
        NumberRange added = { MIN(first, last), MAX(first, last) };

        if (!end || (end->last < UINT32_MAX && added.first > end->last + 1)) {
                push(set, added.first, added.last);
        } else if (added.first >= end->first) {
                end->last = MAX(end->last, added.last);
        } else {
                number_set_add_all(set, &added, 1);
        }
}

/* The first range whose end is not below number; n_ranges when there is none. */
static _pure_ size_t find_range(const NumberSet *set, uint32_t number) {
        size_t low = 0, high = set->n_ranges;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (set->ranges[middle].last < number)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

bool number_set_has(const NumberSet *set, uint32_t number) {
        size_t i = find_range(set, number);

        return i < set->n_ranges && set->ranges[i].first <= number;
}

uint64_t number_set_count(const NumberSet *set) {
        uint64_t n = 0;

        for (size_t i = 0; i < set->n_ranges; i++)
                n += (uint64_t) set->ranges[i].last - set->ranges[i].first + 1;
        return n;
}

bool number_set_next(const NumberSet *set, uint32_t from, uint32_t *ret_number) {
        size_t i = find_range(set, from);

        if (i == set->n_ranges)
                return false;
        *ret_number = MAX(from, set->ranges[i].first);
        return true;
}

bool number_set_previous(const NumberSet *set, uint32_t from, uint32_t *ret_number) {
        size_t i = find_range(set, from);

        if (i < set->n_ranges && set->ranges[i].first <= from) {
                *ret_number = from;
                return true;
        }
        if (i == 0)
                return false;
        *ret_number = set->ranges[i - 1].last;
        return true;
}

void number_set_keep_last(NumberSet *set, uint64_t n) {
        size_t i = set->n_ranges;

        while (i > 0 && n > 0) {
                NumberRange *range = &set->ranges[--i];
                uint64_t size = (uint64_t) range->last - range->first + 1;

                if (size > n)
                        range->first = range->last - (uint32_t) (n - 1);
                n -= MIN(size, n);
        }
        set->n_ranges -= i;
        memmove(set->ranges, set->ranges + i, set->n_ranges * sizeof(NumberRange));
}

void number_set_intersect(const NumberSet *a, const NumberSet *b, NumberSet *ret_set) {
        size_t i = 0, j = 0;

        while (i < a->n_ranges && j < b->n_ranges) {
                const NumberRange *left = &a->ranges[i], *right = &b->ranges[j];
                uint32_t first = MAX(left->first, right->first);
                uint32_t last = MIN(left->last, right->last);

                if (first <= last)
                        number_set_add(ret_set, first, last);
                if (left->last < right->last)
                        i++;
                else
                        j++;
        }
}

void number_set_append_text(const NumberSet *set, Buffer *target) {
        for (size_t i = 0; i < set->n_ranges; i++) {
                const NumberRange *range = &set->ranges[i];

                if (i > 0)
                        buffer_append_char(target, ',');
                buffer_append_number(target, range->first);
                if (range->last > range->first) {
                        buffer_append_char(target, ':');
                        buffer_append_number(target, range->last);
                }
        }
}
