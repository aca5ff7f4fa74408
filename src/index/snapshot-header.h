/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The start of imapd.index, as octets. */
#pragma once

#include <stdbool.h>

#include "index/index-table.h"
#include "index/octets.h"
#include "index/snapshot.h"

enum { SNAPSHOT_HEADER_OCTETS = 152 + 176 };

typedef struct SnapshotHeader {
        uint32_t version;
        uint32_t front_octets; /* header, keyword names, checksums, and the checksum of these */
        SnapshotFacts facts;
        uint32_t n_records, n_words, n_keywords, n_history;
        uint32_t history_checksum;
        uint64_t records_at, words_at, names_at, names_size, history_at;
} SnapshotHeader;

/** snapshot_header_put() - with what is said of the table as a whole; n_unclaimed, … from it */
void snapshot_header_put(Buffer *target, const SnapshotHeader *header, const IndexTable *table);

/** snapshot_header_take() - false if these are not numbers that can belong together */
[[nodiscard]] bool snapshot_header_take(OctetReader *reader, uint64_t file_size,
                                        SnapshotHeader *ret_header, IndexTable *table);
