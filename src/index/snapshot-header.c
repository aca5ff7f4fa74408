/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The start of imapd.index. */
#include "index/snapshot-header.h"

#include <assert.h>

#include "index/index-facts.h"

static const char magic[8] = "IMAPDIDX";

void snapshot_header_put(Buffer *target, const SnapshotHeader *header, const IndexTable *table) {
        size_t start = target->size;

        buffer_append(target, magic, sizeof(magic));
        octets_put(target, SNAPSHOT_VERSION, 4);
        octets_put(target, header->front_octets, 4);
        octets_put(target, header->facts.generation, 8);
        octets_put(target, (uint64_t) header->facts.boot_sec, 8);
        buffer_append(target, table->object_id, sizeof(table->object_id));
        octets_put(target, header->n_records, 4);
        octets_put(target, header->n_words, 4);
        octets_put(target, header->n_keywords, 4);
        octets_put(target, header->n_history, 4);
        octets_put(target, header->records_at, 8);
        octets_put(target, header->words_at, 8);
        octets_put(target, header->names_at, 8);
        octets_put(target, header->names_size, 8);
        octets_put(target, header->history_at, 8);
        octets_put(target, header->history_checksum, 4);
        octets_put(target, table->claimed_up_to, 4);
        octets_put(target, table->history.floor, 8);
        octets_put(target, table->counts.n_unseen, 4);
        octets_put(target, table->counts.n_deleted, 4);
        octets_put(target, table->counts.n_unclaimed, 4);
        octets_put(target, table->counts.n_wire_sizes_unknown, 4);
        octets_put(target, table->counts.wire_size_sum, 8);
        octets_put(target, table->unseen_from, 4);
        octets_put(target, 0, 4);
        index_facts_put(target, &table->facts);
        assert(target->size - start == SNAPSHOT_HEADER_OCTETS);
}

static void take_counts(OctetReader *reader, IndexTable *table) {
        table->claimed_up_to = (uint32_t) octets_take(reader, 4);
        table->history.floor = octets_take(reader, 8);
        table->counts.n_unseen = (uint32_t) octets_take(reader, 4);
        table->counts.n_deleted = (uint32_t) octets_take(reader, 4);
        table->counts.n_unclaimed = (uint32_t) octets_take(reader, 4);
        table->counts.n_wire_sizes_unknown = (uint32_t) octets_take(reader, 4);
        table->counts.wire_size_sum = octets_take(reader, 8);
        table->unseen_from = (uint32_t) octets_take(reader, 4);
        (void) octets_take(reader, 4); /* reserved, zero so far */
}

/* A section lies behind the front and within the file, and starts where numbers can. */
static bool is_section(const SnapshotHeader *header, uint64_t at, uint64_t size,
                       uint64_t file_size) {
        return size == 0 || (at % 8 == 0 && at >= header->front_octets && at <= file_size &&
                             size <= file_size - at);
}

static bool is_possible(const SnapshotHeader *header, const IndexCounts *counts,
                        uint64_t file_size) {
        uint64_t n = header->n_records;

        return n <= INDEX_RECORDS_MAX && header->n_keywords <= INDEX_KEYWORDS_MAX &&
               header->n_words == (header->n_keywords + 63) / 64 &&
               header->n_history <= INDEX_HISTORY_RANGES_MAX &&
               header->names_size <= UINT32_MAX && header->names_size >= 2 * n &&
               header->front_octets <= SNAPSHOT_FRONT_OCTETS_MAX &&
               counts->n_unseen <= n && counts->n_deleted <= n && counts->n_unclaimed <= n &&
               counts->n_wire_sizes_unknown <= n &&
               is_section(header, header->records_at, n * sizeof(IndexRecord), file_size) &&
               is_section(header, header->words_at, n * header->n_words * 8, file_size) &&
               is_section(header, header->names_at, header->names_size, file_size) &&
               is_section(header, header->history_at,
                          header->n_history * sizeof(IndexExpunge), file_size);
}

bool snapshot_header_take(OctetReader *reader, uint64_t file_size, SnapshotHeader *ret_header,
                          IndexTable *table) {
        const char *start = octets_take_run(reader, sizeof(magic));
        const char *object_id;

        if (!start || memcmp(start, magic, sizeof(magic)) != 0)
                return false;
        *ret_header = (SnapshotHeader){ .version = (uint32_t) octets_take(reader, 4) };
        if (ret_header->version != SNAPSHOT_VERSION)
                return ret_header->version != 0;
        ret_header->front_octets = (uint32_t) octets_take(reader, 4);
        ret_header->facts.generation = octets_take(reader, 8);
        ret_header->facts.boot_sec = (int64_t) octets_take(reader, 8);
        object_id = octets_take_run(reader, sizeof(table->object_id));
        ret_header->n_records = (uint32_t) octets_take(reader, 4);
        ret_header->n_words = (uint32_t) octets_take(reader, 4);
        ret_header->n_keywords = (uint32_t) octets_take(reader, 4);
        ret_header->n_history = (uint32_t) octets_take(reader, 4);
        ret_header->records_at = octets_take(reader, 8);
        ret_header->words_at = octets_take(reader, 8);
        ret_header->names_at = octets_take(reader, 8);
        ret_header->names_size = octets_take(reader, 8);
        ret_header->history_at = octets_take(reader, 8);
        ret_header->history_checksum = (uint32_t) octets_take(reader, 4);
        take_counts(reader, table);
        table->counts.n_messages = ret_header->n_records;
        table->facts = index_facts_take(reader);
        if (reader->failed)
                return false;
        memcpy(table->object_id, object_id, sizeof(table->object_id));
        return is_possible(ret_header, &table->counts, file_size);
}
