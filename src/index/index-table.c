/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records, names and keywords of a mailbox in memory. */
#include "index/index-table.h"

#include "basic/text.h"
#include "index/index-table-private.h"

enum { RECORDS_A_BLOCK = INDEX_BLOCK_OCTETS / sizeof(IndexRecord) };

void index_table_done(IndexTable *table) {
        for (size_t i = 0; i < table->n_keywords; i++)
                free(table->keywords[i]);
        free(table->keywords);
        region_done(&table->record_region);
        region_done(&table->word_region);
        region_done(&table->names);
        table->record_blocks = index_blocks_free(table->record_blocks);
        table->word_blocks = index_blocks_free(table->word_blocks);
        table->name_blocks = index_blocks_free(table->name_blocks);
        index_history_done(&table->history);
        free(table->gone.uids);
        free(table->changed.uids);
        free(table->learned.uids);
        number_set_done(&table->recent);
        *table = (IndexTable){ 0 };
}

/* What snapshot_write() would not have written, although the checksum is right. */
static bool is_possible(const IndexTable *table, size_t first, size_t end) {
        for (size_t i = first; i < end; i++) {
                const IndexRecord *record = &table->records[i];

                if (record->uid == 0 || record->uid >= table->facts.uidnext ||
                    (i > first && record[-1].uid >= record->uid) ||
                    record->name_offset >= table->names.size ||
                    (record->state & ~INDEX_UNCLAIMED) != 0 ||
                    (record->flags & ~FLAGS_STORED) != 0)
                        return false;
        }
        return true;
}

/* Messages that are gone, with UIDs between those before and those behind. */
static void spoil(const IndexTable *table, size_t first, size_t end) {
        uint32_t uid = first > 0 ? table->records[first - 1].uid : 0;

        for (size_t i = first; i < end; i++, uid++)
                table->records[i] = (IndexRecord){
                        .uid = uid + 1, .state = INDEX_GONE, .flags = FLAG_SEEN,
                        .internal_date_sec = INDEX_DATE_UNKNOWN, .email_id = (uint64_t) uid + 1,
                        .file_size = INDEX_SIZE_UNKNOWN, .wire_size = INDEX_SIZE_UNKNOWN,
                };
}

static void check_record_block(const IndexTable *table, size_t block) {
        IndexBlocks *blocks = table->record_blocks;
        size_t first = block * RECORDS_A_BLOCK;
        size_t end = MIN(first + RECORDS_A_BLOCK, blocks->n_octets / sizeof(IndexRecord));

        if (blocks->states[block] != INDEX_BLOCK_UNCHECKED)
                return;
        if (index_blocks_check(blocks, table->record_region.data, block) == INDEX_BLOCK_GOOD) {
                if (is_possible(table, first, end))
                        return;
                index_blocks_set_damaged(blocks, block);
        }
        for (size_t i = 0; i < block; i++)
                check_record_block(table, i); /* for the UID to go on from */
        spoil(table, first, end);
}

void index_table_check(const IndexTable *table, size_t first, size_t end) {
        if (!table->record_blocks || table->record_blocks->n_unchecked == 0 || first >= end)
                return;
        for (size_t block = first / RECORDS_A_BLOCK;
             block < table->record_blocks->n_blocks && block <= (end - 1) / RECORDS_A_BLOCK;
             block++)
                check_record_block(table, block);
}

static bool check_octets(IndexBlocks *blocks, const char *data, size_t first, size_t end) {
        bool good = true;

        for (size_t at = first - first % INDEX_BLOCK_OCTETS; blocks && at < end;
             at += INDEX_BLOCK_OCTETS)
                good &= index_blocks_check(blocks, data, at / INDEX_BLOCK_OCTETS) ==
                        INDEX_BLOCK_GOOD;
        return good;
}

/* Keywords of a block that is damaged are none. */
static void check_words(const IndexTable *table, size_t first, size_t end) {
        IndexBlocks *blocks = table->word_blocks;
        size_t octets = table->n_words * sizeof(uint64_t), at = first * octets;

        if (!blocks || blocks->n_unchecked == 0)
                return;
        for (at -= at % INDEX_BLOCK_OCTETS; at < MIN(end * octets, blocks->n_octets);
             at += INDEX_BLOCK_OCTETS)
                if (index_blocks_need_check(blocks, at) &&
                    index_blocks_check(blocks, table->word_region.data,
                                       at / INDEX_BLOCK_OCTETS) == INDEX_BLOCK_DAMAGED)
                        memset(table->word_region.data + at, 0,
                               MIN((size_t) INDEX_BLOCK_OCTETS, blocks->n_octets - at));
}

bool index_table_check_all(const IndexTable *table) {
        index_table_check(table, 0, table->n_records);
        check_words(table, 0, table->n_records);
        (void) check_octets(table->name_blocks, table->names.data, 0,
                            table->name_blocks ? table->name_blocks->n_octets : 0);
        return !index_table_is_damaged(table);
}

bool index_table_is_damaged(const IndexTable *table) {
        return (table->record_blocks && table->record_blocks->is_damaged) ||
               (table->word_blocks && table->word_blocks->is_damaged) ||
               (table->name_blocks && table->name_blocks->is_damaged) ||
               region_has_failed(&table->record_region) ||
               region_has_failed(&table->word_region) || region_has_failed(&table->names);
}

bool index_table_find(const IndexTable *table, uint32_t uid, size_t *ret_position) {
        size_t low = 0, high = table->n_records;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (index_table_record(table, middle)->uid < uid)
                        low = middle + 1;
                else
                        high = middle;
        }
        *ret_position = low;
        return low < table->n_records && index_table_record(table, low)->uid == uid;
}

const char *index_table_name(const IndexTable *table, size_t position) {
        size_t offset = index_table_record(table, position)->name_offset;
        size_t end = MIN(offset + INDEX_NAME_MAX + 1, table->names.size);
        bool damaged = false;

        if (!table->name_blocks || offset >= table->name_blocks->n_octets)
                return table->names.data + offset;
        if (table->name_blocks->n_unchecked > 0 || table->name_blocks->is_damaged)
                damaged = !check_octets(table->name_blocks, table->names.data, offset,
                                        MIN(end, table->name_blocks->n_octets));
        if (damaged)
                return "";
        if (offset + 1 >= end || table->names.data[offset] == '\0' ||
            !memchr(table->names.data + offset, '\0', end - offset)) {
                index_blocks_set_damaged(table->name_blocks, offset / INDEX_BLOCK_OCTETS);
                return ""; /* the checksum is right, and yet nobody would have written this */
        }
        return table->names.data + offset;
}

const uint64_t *index_table_keywords(const IndexTable *table, size_t position) {
        if (table->n_words == 0)
                return NULL;
        check_words(table, position, position + 1);
        return table->keyword_words + position * table->n_words;
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
        size_t n_room = MAX(table->n_records, 1) * n_words;
        uint64_t *wider = make_array(uint64_t, n_room); /* pages of zeros cost nothing */

        check_words(table, 0, table->n_records);
        for (size_t i = 0; table->n_words > 0 && i < table->n_records; i++)
                memcpy(wider + i * n_words, table->keyword_words + i * table->n_words,
                       table->n_words * sizeof(uint64_t));
        region_done(&table->word_region);
        table->word_region = (Region){ .data = (char *) wider, .n_room = n_room * 8,
                                       .size = table->n_records * n_words * 8 };
        if (table->word_blocks && table->word_blocks->is_damaged)
                table->word_blocks->n_octets = 0; /* remembered, but of no section any more */
        else
                table->word_blocks = index_blocks_free(table->word_blocks);
        table->keyword_words = wider;
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

static void reserve(IndexTable *table, size_t n, size_t names_size) {
        size_t words = table->n_words * sizeof(uint64_t);

        region_reserve(&table->record_region, MAX(n, 8) * sizeof(IndexRecord), table->spill_dir);
        region_reserve(&table->word_region, MAX(n, 8) * words, table->spill_dir);
        region_reserve(&table->names, MAX(names_size, 256), table->spill_dir);
        table->records = (IndexRecord *) (void *) table->record_region.data;
        table->keyword_words = (uint64_t *) (void *) table->word_region.data;
}

void index_table_expect(IndexTable *table, size_t n_records, size_t names_size) {
        if (n_records > INDEX_RECORDS_MAX - table->n_records ||
            names_size > UINT32_MAX - table->names.size)
                return; /* not all of them will fit */
        reserve(table, table->n_records + n_records, table->names.size + names_size);
}

bool index_table_append(IndexTable *table, const IndexRecord *record, const char *base,
                        size_t base_size, const uint64_t *words, size_t n_words) {
        size_t offset = table->names.size, n = table->n_records;

        if (record->uid == 0 || base_size == 0 || base_size > INDEX_NAME_MAX ||
            (n > 0 && index_table_record(table, n - 1)->uid >= record->uid) ||
            memchr(base, '\0', base_size) || n >= INDEX_RECORDS_MAX ||
            offset + base_size + 1 > UINT32_MAX || !words_are_valid(table, words, n_words))
                return false;
        reserve(table, n + 1, offset + base_size + 1);
        table->records[n] = *record;
        table->records[n].name_offset = (uint32_t) offset;
        index_table_count(table, record, 1);
        copy_words(table, table->n_records++, words, n_words);
        table->record_region.size = table->n_records * sizeof(IndexRecord);
        table->word_region.size = table->n_records * table->n_words * sizeof(uint64_t);
        memcpy(table->names.data + offset, base, base_size);
        table->names.data[offset + base_size] = '\0';
        table->names.size = offset + base_size + 1;
        return true;
}

void index_table_truncate(IndexTable *table, size_t n_records, size_t names_size) {
        for (size_t i = n_records; i < table->n_records; i++)
                index_table_count(table, index_table_record(table, i), UINT32_MAX);
        table->n_records = n_records;
        table->record_region.size = n_records * sizeof(IndexRecord);
        table->word_region.size = n_records * table->n_words * sizeof(uint64_t);
        table->names.size = names_size;
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

static int compare_uids(const void *a, const void *b) {
        const uint32_t *left = a, *right = b;

        return *left < *right ? -1 : *left > *right;
}

/* Positions of UIDs, ascending, each once; those that are gone, or those that are not. */
static size_t *positions_of(const IndexTable *table, const IndexUids *uids, bool gone,
                            size_t *ret_n) {
        _cleanup_free_ uint32_t *sorted = memory_copy(uids->uids ? uids->uids : &(uint32_t){ 0 },
                                                      MAX(uids->n_uids, 1) * sizeof(uint32_t));
        size_t *positions = make_array(size_t, uids->n_uids), n = 0;

        qsort(sorted, uids->n_uids, sizeof(uint32_t), compare_uids);
        for (size_t i = 0; i < uids->n_uids; i++) {
                size_t position;

                if (index_table_find(table, sorted[i], &position) &&
                    !(table->records[position].state & INDEX_GONE) != gone &&
                    (n == 0 || positions[n - 1] != position))
                        positions[n++] = position;
        }
        *ret_n = n;
        return positions;
}

size_t *index_table_take_changed(IndexTable *table, size_t *ret_n) {
        size_t *positions = positions_of(table, &table->changed, false, ret_n);

        table->changed.n_uids = 0;
        return positions;
}

size_t *index_table_gone(const IndexTable *table, size_t *ret_n) {
        return positions_of(table, &table->gone, true, ret_n);
}

static void move_down(IndexTable *table, size_t to, size_t from, size_t end) {
        memmove(table->records + to, table->records + from, (end - from) * sizeof(IndexRecord));
        if (table->n_words > 0)
                memmove(table->keyword_words + to * table->n_words,
                        table->keyword_words + from * table->n_words,
                        (end - from) * table->n_words * sizeof(uint64_t));
}

/* Where much moves it takes no private memory, if that can be. */
static void make_movable(IndexTable *table, size_t from) {
        if ((table->n_records - from) * sizeof(IndexRecord) <= REGION_PRIVATE_OCTETS)
                return;
        region_will_change(&table->record_region, table->spill_dir);
        region_will_change(&table->word_region, table->spill_dir);
        table->records = (IndexRecord *) (void *) table->record_region.data;
        table->keyword_words = (uint64_t *) (void *) table->word_region.data;
}

void index_table_compact(IndexTable *table) {
        _cleanup_free_ size_t *gone = NULL;
        size_t n_gone, to;

        if (table->gone.n_uids == 0)
                return;
        gone = index_table_gone(table, &n_gone);
        table->gone.n_uids = 0;
        if (n_gone == 0)
                return;
        to = gone[0];
        make_movable(table, to);
        /* What moves is not where its checksum is. */
        index_table_check(table, to, table->n_records);
        check_words(table, to, table->n_records);
        for (size_t i = 0; i < n_gone; i++) {
                size_t end = i + 1 < n_gone ? gone[i + 1] : table->n_records;

                table->n_recent -= index_table_is_recent(table, &table->records[gone[i]]);
                move_down(table, to, gone[i] + 1, end);
                to += end - gone[i] - 1;
        }
        table->n_records = to;
        table->record_region.size = to * sizeof(IndexRecord);
        table->word_region.size = to * table->n_words * sizeof(uint64_t);
}
