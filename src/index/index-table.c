/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records, names and keywords of a mailbox in memory. */
#include "index/index-table.h"

#include "basic/text.h"

void index_table_done(IndexTable *table) {
        free(table->records);
        free(table->keyword_words);
        for (size_t i = 0; i < table->n_keywords; i++)
                free(table->keywords[i]);
        free(table->keywords);
        buffer_done(&table->names);
        *table = (IndexTable){ 0 };
}

bool index_table_find(const IndexTable *table, uint32_t uid, size_t *ret_position) {
        size_t low = 0, high = table->n_records;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (table->records[middle].uid < uid)
                        low = middle + 1;
                else
                        high = middle;
        }
        *ret_position = low;
        return low < table->n_records && table->records[low].uid == uid;
}

const char *index_table_name(const IndexTable *table, size_t position) {
        return table->names.data + table->records[position].name_offset;
}

const uint64_t *index_table_keywords(const IndexTable *table, size_t position) {
        return table->n_words > 0 ? table->keyword_words + position * table->n_words : NULL;
}

bool index_table_find_keyword(const IndexTable *table, const char *name, size_t *ret_number) {
        for (size_t i = 0; i < table->n_keywords; i++)
                if (text_equal_nocase(table->keywords[i], name)) {
                        *ret_number = i;
                        return true;
                }
        return false;
}

/* More keywords than bits: give each record one more word. */
static void widen(IndexTable *table, size_t n_words) {
        uint64_t *wider = make_array(uint64_t, MAX(table->n_records_allocated, 1) * n_words);

        for (size_t i = 0; i < table->n_records; i++)
                if (table->n_words > 0)
                        memcpy(wider + i * n_words, table->keyword_words + i * table->n_words,
                               table->n_words * sizeof(uint64_t));
        free(table->keyword_words);
        table->keyword_words = wider;
        table->n_keyword_words_allocated = MAX(table->n_records_allocated, 1) * n_words;
        table->n_words = n_words;
}

bool index_table_add_keyword(IndexTable *table, const char *name, size_t size) {
        if (table->n_keywords == INDEX_KEYWORDS_MAX || size == 0 || memchr(name, '\0', size))
                return false;
        GROW(table->keywords, table->n_keywords, table->n_keywords_allocated);
        table->keywords[table->n_keywords++] = text_dup_range(name, size);
        if (table->n_keywords > table->n_words * 64)
                widen(table, table->n_words + 1);
        return true;
}

/* Bits beyond the keywords there are. */
static bool words_are_valid(const IndexTable *table, const uint64_t *words, size_t n_words) {
        for (size_t i = 0; i < n_words; i++) {
                size_t n_bits = i * 64 >= table->n_keywords ? 0 : table->n_keywords - i * 64;

                if (n_bits < 64 && words[i] >> n_bits != 0)
                        return false;
        }
        return true;
}

static void copy_words(IndexTable *table, size_t position, const uint64_t *words,
                       size_t n_words) {
        for (size_t i = 0; i < table->n_words; i++)
                table->keyword_words[position * table->n_words + i] = i < n_words ? words[i] : 0;
}

/* A message that is not gone comes (sign 1) or goes (-1). */
static void count(IndexTable *table, const IndexRecord *record, uint32_t sign) {
        IndexCounts *counts = &table->counts;

        if (record->state & INDEX_GONE)
                return;
        counts->n_messages += sign;
        if (!(record->flags & FLAG_SEEN))
                counts->n_unseen += sign;
        if (record->flags & FLAG_DELETED)
                counts->n_deleted += sign;
        if (record->state & INDEX_UNCLAIMED)
                counts->n_unclaimed += sign;
        if (record->wire_size == INDEX_SIZE_UNKNOWN)
                counts->n_wire_sizes_unknown += sign;
        else
                counts->wire_size_sum += sign == 1 ? record->wire_size : -record->wire_size;
}

void index_table_set_flags(IndexTable *table, size_t position, uint16_t flags) {
        count(table, &table->records[position], UINT32_MAX);
        table->records[position].flags = flags;
        count(table, &table->records[position], 1);
}

void index_table_set_gone(IndexTable *table, size_t position) {
        count(table, &table->records[position], UINT32_MAX);
        table->records[position].state |= INDEX_GONE;
}

void index_table_set_claimed(IndexTable *table, size_t position) {
        count(table, &table->records[position], UINT32_MAX);
        table->records[position].state &= (uint8_t) ~INDEX_UNCLAIMED;
        count(table, &table->records[position], 1);
}

void index_table_set_wire_size(IndexTable *table, size_t position, uint64_t wire_size) {
        count(table, &table->records[position], UINT32_MAX);
        table->records[position].wire_size = wire_size;
        count(table, &table->records[position], 1);
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

void index_table_reserve(IndexTable *table, size_t n_records, size_t names_size) {
        size_t n = table->n_records + n_records;

        table->records = memory_grow(table->records, &table->n_records_allocated, n,
                                     sizeof(IndexRecord));
        if (table->n_words > 0)
                table->keyword_words = memory_grow(
                        table->keyword_words, &table->n_keyword_words_allocated,
                        n * table->n_words, sizeof(uint64_t));
        (void) buffer_reserve(&table->names, names_size); /* where does not matter yet */
}

bool index_table_append(IndexTable *table, const IndexRecord *record, const char *base,
                        size_t base_size, const uint64_t *words, size_t n_words) {
        IndexRecord *last = table->n_records > 0 ? &table->records[table->n_records - 1] : NULL;

        if (record->uid == 0 || (last && last->uid >= record->uid) || base_size == 0 ||
            base_size > INDEX_NAME_MAX || memchr(base, '\0', base_size) ||
            table->n_records >= INDEX_RECORDS_MAX ||
            table->names.size + base_size + 1 > UINT32_MAX ||
            !words_are_valid(table, words, n_words))
                return false;
        GROW(table->records, table->n_records, table->n_records_allocated);
        if (table->n_words > 0)
                table->keyword_words = memory_grow(
                        table->keyword_words, &table->n_keyword_words_allocated,
                        (table->n_records + 1) * table->n_words, sizeof(uint64_t));
        table->records[table->n_records] = *record;
        table->records[table->n_records].name_offset = (uint32_t) table->names.size;
        count(table, record, 1);
        copy_words(table, table->n_records++, words, n_words);
        memcpy(buffer_reserve(&table->names, base_size + 1), base, base_size);
        table->names.data[table->names.size + base_size] = '\0';
        buffer_commit(&table->names, base_size + 1);
        return true;
}

bool index_table_set_keywords(IndexTable *table, size_t position, const uint64_t *words,
                              size_t n_words) {
        const uint64_t *own = index_table_keywords(table, position);
        bool changed = false;

        if (!words_are_valid(table, words, n_words))
                return false;
        for (size_t i = 0; i < table->n_words; i++)
                changed |= own[i] != (i < n_words ? words[i] : 0);
        copy_words(table, position, words, n_words);
        return changed;
}

void index_table_compact(IndexTable *table) {
        size_t n_kept = 0;

        for (size_t i = 0; i < table->n_records; i++) {
                if (table->records[i].state & INDEX_GONE)
                        continue;
                if (n_kept < i) {
                        table->records[n_kept] = table->records[i];
                        copy_words(table, n_kept, index_table_keywords(table, i), table->n_words);
                }
                n_kept++;
        }
        table->n_records = n_kept;
}

static bool keywords_go_on(const IndexTable *older, const IndexTable *newer) {
        if (newer->n_keywords < older->n_keywords)
                return false;
        for (size_t i = 0; i < older->n_keywords; i++)
                if (!text_equal(older->keywords[i], newer->keywords[i]))
                        return false;
        return true;
}

static bool is_different(const IndexTable *older, size_t i, const IndexTable *newer, size_t j) {
        if (older->records[i].flags != newer->records[j].flags)
                return true;
        for (size_t word = 0; word < newer->n_words; word++)
                if ((word < older->n_words ? index_table_keywords(older, i)[word] : 0) !=
                    index_table_keywords(newer, j)[word])
                        return true;
        return false;
}

static bool carry_over(IndexTable *merged, const IndexTable *table, size_t position,
                       uint8_t state) {
        const char *name = index_table_name(table, position);
        IndexRecord record = table->records[position];

        record.state = state;
        return index_table_append(merged, &record, name, strlen(name),
                                  index_table_keywords(table, position), table->n_words);
}

static bool merge_records(IndexTable *merged, const IndexTable *older, const IndexTable *newer) {
        uint32_t known_up_to = older->n_records > 0 ? older->records[older->n_records - 1].uid : 0;
        const uint8_t kept = INDEX_RECENT | INDEX_GONE | INDEX_CHANGED;
        size_t i = 0, j = 0;

        while (i < older->n_records || j < newer->n_records) {
                uint32_t old_uid = i < older->n_records ? older->records[i].uid : UINT32_MAX;
                uint32_t new_uid = j < newer->n_records ? newer->records[j].uid : UINT32_MAX;
                uint8_t state = i < older->n_records ? older->records[i].state : 0;

                if (new_uid < old_uid && new_uid <= known_up_to)
                        return false; /* a message that was not there before */
                if (i < older->n_records && old_uid < new_uid) {
                        if (!carry_over(merged, older, i++, state | INDEX_GONE))
                                return false;
                        continue;
                }
                if (i == older->n_records || new_uid < old_uid) {
                        if (!carry_over(merged, newer, j, newer->records[j].state))
                                return false;
                        j++;
                        continue;
                }
                if (is_different(older, i, newer, j))
                        state |= INDEX_CHANGED;
                if (!carry_over(merged, newer, j, (uint8_t) ((state & kept) |
                                (newer->records[j].state & INDEX_UNCLAIMED))))
                        return false;
                i++, j++;
        }
        return true;
}

bool index_table_merge(IndexTable *table, IndexTable *newer) {
        IndexTable merged = { .facts = newer->facts };
        bool done = newer->facts.uidvalidity == table->facts.uidvalidity &&
                    keywords_go_on(table, newer);

        for (size_t i = 0; done && i < newer->n_keywords; i++)
                done = index_table_add_keyword(&merged, newer->keywords[i],
                                               strlen(newer->keywords[i]));
        if (done)
                done = merge_records(&merged, table, newer);
        if (done) {
                memcpy(merged.object_id, newer->object_id, sizeof(merged.object_id));
                merged.version = table->version + 1;
                index_table_done(table);
                *table = merged;
        } else
                index_table_done(&merged);
        index_table_done(newer);
        return done;
}
