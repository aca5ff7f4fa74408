/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UIDs that are gone. */
#include "index/index-history.h"

#include <string.h>

#include "basic/memory.h"
#include "index/octets.h"

void index_history_done(IndexHistory *history) {
        region_done(&history->region);
        *history = (IndexHistory){ 0 };
}

void index_history_add(IndexHistory *history, const IndexExpunge *expunge) {
        Region *region = &history->region;

        region_reserve(region, region->size + sizeof(IndexExpunge), NULL);
        memcpy(region->data + region->size, expunge, sizeof(IndexExpunge));
        region->size += sizeof(IndexExpunge);
        history->n_items++;
}

const IndexExpunge *index_history_items(IndexHistory *history, uint64_t modseq, size_t *ret_n) {
        const Region *region = &history->region;

        if (history->n_unchecked > 0 &&
            octets_checksum(region->data, history->n_unchecked * sizeof(IndexExpunge)) !=
                    history->checksum) {
                history->n_items = history->region.size = 0;
                history->is_damaged = true;
                history->floor = modseq;
        }
        history->n_unchecked = 0;
        *ret_n = history->n_items;
        return (const IndexExpunge *) (const void *) region->data;
}

size_t index_history_start(const IndexExpunge *items, size_t n_items, int64_t now_sec,
                           uint64_t *floor) {
        uint64_t n_uids = 0;
        size_t start = n_items;

        while (start > 0 && n_items - start < INDEX_HISTORY_RANGES_MAX &&
               (n_uids < INDEX_HISTORY_UIDS ||
                items[start - 1].sec + (int64_t) INDEX_HISTORY_SEC >= now_sec)) {
                start--;
                n_uids += (uint64_t) items[start].last_uid - items[start].first_uid + 1;
        }
        if (start > 0)
                *floor = MAX(*floor, items[start - 1].modseq);
        return start;
}

bool index_history_since(IndexHistory *history, uint64_t highest_modseq, uint64_t modseq,
                         NumberSet *uids) {
        _cleanup_free_ NumberRange *ranges = NULL;
        size_t n, n_ranges = 0;
        const IndexExpunge *items = index_history_items(history, highest_modseq, &n);
        size_t i = n;

        while (i > 0 && items[i - 1].modseq > modseq)
                i--;
        ranges = make_array(NumberRange, n - i + 1);
        for (; i < n; i++)
                ranges[n_ranges++] = (NumberRange){ items[i].first_uid, items[i].last_uid };
        number_set_add_all(uids, ranges, n_ranges);
        return modseq >= history->floor;
}
