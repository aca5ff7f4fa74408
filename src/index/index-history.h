/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which UIDs were expunged, and at which modseq: what QRESYNC's VANISHED (EARLIER) is made of
 * (RFC 7162, 3.2.5.2). Kept for 30 days and for the last 10,000 UIDs, whichever is more; the
 * greatest modseq that was forgotten is the floor below which an answer is not complete.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/number-set.h"
#include "index/region.h"

enum {
        INDEX_HISTORY_SEC = 30 * 24 * 60 * 60,
        INDEX_HISTORY_UIDS = 10000,
        INDEX_HISTORY_RANGES_MAX = 64 * 1024, /* however young they are */
};

/* In memory as on disk. Ascending by modseq. */
typedef struct IndexExpunge {
        uint32_t first_uid, last_uid;
        uint64_t modseq;
        uint32_t sec; /* since 1970 */
        uint32_t reserved;
} IndexExpunge;

typedef struct IndexHistory {
        Region region;       /* of IndexExpunge */
        size_t n_items;
        size_t n_unchecked;  /* at the start: from a snapshot, nobody has looked at them yet */
        uint32_t checksum;   /* of these */
        bool is_damaged;
        uint64_t floor;      /* what was expunged at this modseq or before may be missing */
} IndexHistory;

void index_history_done(IndexHistory *history);
void index_history_add(IndexHistory *history, const IndexExpunge *expunge);

/** index_history_items() - borrowed; none if they are damaged, with the floor raised to modseq */
const IndexExpunge *index_history_items(IndexHistory *history, uint64_t modseq, size_t *ret_n);

/**
 * index_history_start() - the first of the items that need be kept
 * @floor:  raised by what is forgotten
 */
size_t index_history_start(const IndexExpunge *items, size_t n_items, int64_t now_sec,
                           uint64_t *floor);

/** index_history_since() - add the UIDs expunged after this modseq; false: some may be missing */
bool index_history_since(IndexHistory *history, uint64_t highest_modseq, uint64_t modseq,
                         NumberSet *uids);
