/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of records, and what they do to the counts. */
#include "index/index-table.h"
#include "index/index-table-private.h"

bool index_table_is_unclaimed(const IndexTable *table, const IndexRecord *record) {
        return record->state & INDEX_UNCLAIMED && record->uid > table->claimed_up_to;
}

bool index_table_is_recent(const IndexTable *table, const IndexRecord *record) {
        return record->state & INDEX_UNCLAIMED && number_set_has(&table->recent, record->uid);
}

/* A message that is not gone comes (sign 1) or goes (-1). */
void index_table_count(IndexTable *table, const IndexRecord *record, uint32_t sign) {
        IndexCounts *counts = &table->counts;

        if (record->state & INDEX_GONE)
                return;
        counts->n_messages += sign;
        if (!(record->flags & FLAG_SEEN)) {
                counts->n_unseen += sign;
                table->unseen_from = MIN(table->unseen_from, record->uid);
        }
        if (record->flags & FLAG_DELETED)
                counts->n_deleted += sign;
        if (index_table_is_unclaimed(table, record))
                counts->n_unclaimed += sign;
        if (record->wire_size == INDEX_SIZE_UNKNOWN)
                counts->n_wire_sizes_unknown += sign;
        else
                counts->wire_size_sum += sign == 1 ? record->wire_size : -record->wire_size;
}

void index_table_set_flags(IndexTable *table, size_t position, uint16_t flags) {
        IndexRecord *record = index_table_record(table, position);

        index_table_count(table, record, UINT32_MAX);
        record->flags = flags;
        index_table_count(table, record, 1);
}

static void remember(IndexUids *uids, uint32_t uid) {
        GROW(uids->uids, uids->n_uids, uids->n_allocated);
        uids->uids[uids->n_uids++] = uid;
}

void index_table_set_changed(IndexTable *table, size_t position) {
        remember(&table->changed, index_table_record(table, position)->uid);
}

void index_table_set_gone(IndexTable *table, size_t position) {
        IndexRecord *record = index_table_record(table, position);

        if (record->state & INDEX_GONE)
                return;
        index_table_count(table, record, UINT32_MAX);
        record->state |= INDEX_GONE;
        remember(&table->gone, record->uid);
}

void index_table_set_wire_size(IndexTable *table, size_t position, uint64_t wire_size) {
        IndexRecord *record = index_table_record(table, position);

        index_table_count(table, record, UINT32_MAX);
        record->wire_size = wire_size;
        index_table_count(table, record, 1);
}

void index_table_learn(IndexTable *table, size_t position, const IndexRecord *known) {
        IndexRecord *record = index_table_record(table, position);

        if (record->wire_size == INDEX_SIZE_UNKNOWN && known->wire_size != INDEX_SIZE_UNKNOWN)
                index_table_set_wire_size(table, position, known->wire_size);
        if (record->file_size == INDEX_SIZE_UNKNOWN)
                record->file_size = known->file_size;
        if (record->internal_date_sec == INDEX_DATE_UNKNOWN)
                record->internal_date_sec = known->internal_date_sec;
}

void index_table_note_learned(IndexTable *table, size_t position) {
        remember(&table->learned, index_table_record(table, position)->uid);
}

/* How many of those behind a UID nobody has claimed. */
static uint32_t count_unclaimed(const IndexTable *table, uint32_t uid) {
        uint32_t n = 0;
        size_t i;

        if (uid == UINT32_MAX || table->counts.n_unclaimed == 0)
                return 0;
        for ((void) index_table_find(table, uid + 1, &i); i < table->n_records; i++) {
                const IndexRecord *record = index_table_record(table, i);

                n += index_table_is_unclaimed(table, record) && !(record->state & INDEX_GONE);
        }
        return n;
}

void index_table_set_claimed_up_to(IndexTable *table, uint32_t uid) {
        if (uid <= table->claimed_up_to)
                return;
        table->counts.n_unclaimed = count_unclaimed(table, uid);
        table->claimed_up_to = uid;
}

void index_table_claim(IndexTable *table) {
        const NumberSet *recent = &table->recent;
        uint32_t known = recent->n_ranges > 0 ? recent->ranges[recent->n_ranges - 1].last : 0;
        uint32_t from = MAX(known, table->claimed_up_to);

        if (table->facts.uidnext <= from + 1)
                return;
        table->n_recent += from == table->claimed_up_to ? table->counts.n_unclaimed
                                                        : count_unclaimed(table, from);
        number_set_add(&table->recent, from + 1, table->facts.uidnext - 1);
}

bool index_table_first_unseen(IndexTable *table, size_t *ret_position) {
        size_t i;

        if (table->counts.n_unseen == 0)
                return false;
        for ((void) index_table_find(table, table->unseen_from, &i); i < table->n_records; i++) {
                const IndexRecord *record = index_table_record(table, i);

                if (record->flags & FLAG_SEEN || record->state & INDEX_GONE)
                        continue;
                table->unseen_from = record->uid;
                *ret_position = i;
                return true;
        }
        return false;
}

/* FNV-1a; its high bits mix best. */
static uint64_t hash(const char *base, size_t base_size) {
        uint64_t value = UINT64_C(0xcbf29ce484222325);

        for (size_t i = 0; i < base_size; i++)
                value = (value ^ (unsigned char) base[i]) * UINT64_C(0x100000001b3);
        return value;
}

uint64_t index_email_id(const char *base, size_t base_size, int64_t now_sec) {
        uint64_t second = 0, value = hash(base, base_size);
        size_t n_digits = 0;

        while (n_digits < base_size && base[n_digits] >= '0' && base[n_digits] <= '9')
                second = second * 10 + (uint64_t) (base[n_digits++] - '0');
        if (n_digits == 0)
                second = (uint64_t) now_sec;
        value = second << 40 | (value ^ value << 40) >> 24;
        return value == 0 ? 1 : value;
}

