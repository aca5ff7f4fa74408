/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of results. */
#include "imap-proto/partial-range.h"

#include "basic/text.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/sequence-set.h"

static bool take_end(const char **at, const char *end, bool has_minus, uint32_t *ret_number) {
        if (has_minus && (*at == end || *(*at)++ != '-'))
                return false;
        return nz_number_take(at, end, ret_number);
}

bool partial_range_take(ImapArgs *args, PartialRange *ret_range) {
        const char *at, *end, *before = args->at;
        PartialRange range = { 0 };
        size_t size;

        if (!imap_args_take_run(args, IMAP_CHARS_ATOM, "a range such as 1:500", &at, &size))
                return false;
        end = at + size;
        range.from_end = *at == '-';
        if (!take_end(&at, end, range.from_end, &range.first) || at == end || *at++ != ':' ||
            !take_end(&at, end, range.from_end, &range.last) || at != end) {
                args->at = before;
                return imap_args_wants(args, "a range such as 1:500 or -1:-100");
        }
        *ret_range = range;
        return true;
}

uint32_t partial_range_reach(const PartialRange *range) {
        return MAX(range->first, range->last);
}

uint64_t partial_range_size(const PartialRange *range) {
        return (uint64_t) MAX(range->first, range->last) - MIN(range->first, range->last) + 1;
}

void partial_range_slice(const PartialRange *range, size_t n, size_t *ret_start, size_t *ret_end) {
        size_t start = MIN((size_t) MIN(range->first, range->last) - 1, n);
        size_t end = MIN((size_t) partial_range_reach(range), n);

        *ret_start = range->from_end ? n - end : start;
        *ret_end = range->from_end ? n - start : end;
}

void partial_range_append(const PartialRange *range, Buffer *target) {
        const char *minus = range->from_end ? "-" : "";

        buffer_printf(target, "%s%u:%s%u", minus, range->first, minus, range->last);
}
