/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Somebody else has folded the log: both tables are walked once, what differs is a few short
 * lists, and one of the two lives on.
 */
#include <string.h>

#include "basic/text.h"
#include "index/index-table-private.h"

/* UIDs of what differs. */
typedef struct Differences {
        IndexUids lost;    /* not in the newer one */
        IndexUids updated; /* with another modseq there */
        IndexUids learned; /* sizes or a date that the newer one does not know */
} Differences;

static void differences_done(Differences *differences) {
        free(differences->lost.uids);
        free(differences->updated.uids);
        free(differences->learned.uids);
}

static void add(IndexUids *uids, uint32_t uid) {
        GROW(uids->uids, uids->n_uids, uids->n_allocated);
        uids->uids[uids->n_uids++] = uid;
}

static bool keywords_go_on(const IndexTable *older, const IndexTable *newer) {
        if (newer->n_keywords < older->n_keywords)
                return false;
        for (size_t i = 0; i < older->n_keywords; i++)
                if (!text_equal(older->keywords[i], newer->keywords[i]))
                        return false;
        return true;
}

static bool knows_more(const IndexRecord *older, const IndexRecord *newer) {
        return (newer->wire_size == INDEX_SIZE_UNKNOWN && older->wire_size != INDEX_SIZE_UNKNOWN) ||
               (newer->file_size == INDEX_SIZE_UNKNOWN && older->file_size != INDEX_SIZE_UNKNOWN) ||
               (newer->internal_date_sec == INDEX_DATE_UNKNOWN &&
                older->internal_date_sec != INDEX_DATE_UNKNOWN);
}

static void compare(const IndexRecord *older, const IndexRecord *newer, Differences *ret) {
        if (older->modseq != newer->modseq)
                add(&ret->updated, older->uid);
        if (knows_more(older, newer))
                add(&ret->learned, older->uid);
}

/* False: a message that was not there before, between those that were. */
static bool find_differences(const IndexTable *older, const IndexTable *newer, Differences *ret) {
        size_t i = 0, j = 0;

        index_table_check(older, 0, older->n_records);
        index_table_check(newer, 0, newer->n_records);
        while (i < older->n_records) {
                uint32_t old_uid = older->records[i].uid;
                uint32_t new_uid = j < newer->n_records ? newer->records[j].uid : UINT32_MAX;

                if (new_uid < old_uid)
                        return false;
                if (new_uid > old_uid) {
                        if (!(older->records[i].state & INDEX_GONE))
                                add(&ret->lost, old_uid);
                } else
                        compare(&older->records[i], &newer->records[j++], ret);
                i++;
        }
        return true;
}

static bool is_different(const IndexTable *older, size_t i, const IndexTable *newer, size_t j) {
        const uint64_t *old_words = index_table_keywords(older, i);
        const uint64_t *new_words = index_table_keywords(newer, j);

        if (older->records[i].flags != newer->records[j].flags)
                return true;
        for (size_t word = 0; word < newer->n_words; word++)
                if ((word < older->n_words ? old_words[word] : 0) != new_words[word])
                        return true;
        return false;
}

void index_table_take_over(IndexTable *table, IndexTable *newer) {
        free(newer->changed.uids);
        newer->changed = table->changed;
        table->changed = (IndexUids){ 0 };
        free(newer->learned.uids);
        newer->learned = table->learned;
        table->learned = (IndexUids){ 0 };
        number_set_done(&newer->recent);
        newer->recent = table->recent;
        table->recent = (NumberSet){ 0 };
        newer->n_recent = table->n_recent;
        newer->version = table->version;
        newer->spill_dir = table->spill_dir;
        index_table_done(table);
        *table = *newer;
        *newer = (IndexTable){ 0 };
}

/* The newer one's memory, with what only the owner of the older one knows. */
static void take_over(IndexTable *table, IndexTable *newer, const Differences *differences) {
        size_t i, j;

        for (size_t n = 0; n < differences->updated.n_uids; n++)
                if (index_table_find(table, differences->updated.uids[n], &i) &&
                    index_table_find(newer, differences->updated.uids[n], &j) &&
                    is_different(table, i, newer, j))
                        index_table_set_changed(table, i);
        for (size_t n = 0; n < differences->learned.n_uids; n++)
                if (index_table_find(table, differences->learned.uids[n], &i) &&
                    index_table_find(newer, differences->learned.uids[n], &j))
                        index_table_learn(newer, j, &table->records[i]);
        table->version++;
        index_table_take_over(table, newer);
}

static void update(IndexTable *table, size_t i, const IndexTable *newer, size_t j) {
        const IndexRecord *from = index_table_record(newer, j);
        IndexRecord *record;

        if (is_different(table, i, newer, j))
                index_table_set_changed(table, i);
        index_table_set_flags(table, i, from->flags);
        record = index_table_record(table, i);
        record->suffix = from->suffix;
        record->letters = from->letters;
        record->modseq = from->modseq;
        (void) index_table_set_keywords(table, i, index_table_keywords(newer, j), newer->n_words);
        index_table_learn(table, i, from);
}

static bool append_rest(IndexTable *table, const IndexTable *newer) {
        const IndexRecord *last = table->n_records > 0 ? &table->records[table->n_records - 1]
                                                       : NULL;
        size_t j = 0;

        if (last)
                (void) index_table_find(newer, last->uid + 1, &j);
        for (; j < newer->n_records; j++) {
                const char *name = index_table_name(newer, j);

                if (!index_table_append(table, index_table_record(newer, j), name, strlen(name),
                                        index_table_keywords(newer, j), newer->n_words))
                        return false;
        }
        return true;
}

/* Positions must stay, so our memory stays, and the differences are made in it. */
static bool keep(IndexTable *table, IndexTable *newer, const Differences *differences) {
        IndexHistory history = newer->history;
        size_t i, j;

        for (size_t n = table->n_keywords; n < newer->n_keywords; n++)
                if (!index_table_add_keyword(table, newer->keywords[n],
                                             strlen(newer->keywords[n])))
                        return false;
        for (size_t n = 0; n < differences->updated.n_uids; n++)
                if (index_table_find(table, differences->updated.uids[n], &i) &&
                    index_table_find(newer, differences->updated.uids[n], &j))
                        update(table, i, newer, j);
        for (size_t n = 0; n < differences->lost.n_uids; n++)
                if (index_table_find(table, differences->lost.uids[n], &i))
                        index_table_set_gone(table, i);
        if (!append_rest(table, newer))
                return false;
        index_table_set_claimed_up_to(table, newer->claimed_up_to);
        table->facts = newer->facts;
        newer->history = table->history;
        table->history = history;
        table->version++;
        index_table_done(newer);
        return true;
}

bool index_table_merge(IndexTable *table, IndexTable *newer) {
        _cleanup_(differences_done) Differences differences = { 0 };
        bool done = newer->facts.uidvalidity == table->facts.uidvalidity &&
                    keywords_go_on(table, newer) && find_differences(table, newer, &differences) &&
                    !index_table_is_damaged(table) && !index_table_is_damaged(newer);

        if (done && differences.lost.n_uids == 0 && table->gone.n_uids == 0) {
                take_over(table, newer, &differences);
                return true;
        }
        if (done)
                done = keep(table, newer, &differences);
        index_table_done(newer);
        return done;
}
