/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing an index: what is to be done is gathered, as records of the log. */
#include "basic/clock.h"
#include "basic/text.h"
#include "index/index-private.h"
#include "index/journal.h"

/* Whether clients are told of it: what is only our own knowledge may be lost with the power. */
static bool is_told(JournalKind kind) {
        return kind == JOURNAL_ADD || kind == JOURNAL_FLAGS || kind == JOURNAL_EXPUNGE;
}

static int64_t now_sec(void) {
        return (int64_t) (clock_realtime_usec() / USEC_PER_SEC);
}

/* Neighbours that are expunged one after another are one record. */
static void flush_expunge(Index *index) {
        JournalRecord record = { .kind = JOURNAL_EXPUNGE, .expunge = index->batch_expunge };

        index->batch_expunge = (IndexExpunge){ 0 };
        if (record.expunge.first_uid > 0)
                index_gather(index, &record);
}

void index_gather(Index *index, const JournalRecord *record) {
        flush_expunge(index);
        if (index->n_batch_records == 0)
                index->batch_sequence = index->sequence;
        journal_append(&index->batch, index->batch_sequence++, record);
        index->n_batch_records++;
        index->batch_is_told |= is_told(record->kind);
}

static uint64_t next_modseq(const Index *index) {
        const IndexFacts *facts = index->is_direct ? &index->direct_facts : &index->table.facts;

        return facts->highest_modseq + 1;
}

static uint32_t next_uid(const Index *index) {
        return MAX(index->batch_uidnext, index->table.facts.uidnext);
}

static JournalRecord message_record(const Index *index, JournalKind kind,
                                    const IndexMessage *message) {
        JournalRecord record = { .kind = kind, .record = message->record, .base = message->base };

        record.base_size = message->base ? strlen(message->base) : 0;
        record.record.modseq = next_modseq(index);
        record.record.save_date_sec = (uint32_t) now_sec();
        if (kind == JOURNAL_ADD && record.record.email_id == 0)
                record.record.email_id = index_email_id(record.base, record.base_size,
                                                        record.record.save_date_sec);
        for (size_t i = 0; i < message->n_words && i < ELEMENTSOF(record.words); i++)
                record.words[i] = message->words[i];
        return record;
}

uint32_t index_change_add(Index *index, const IndexMessage *message) {
        JournalRecord record = message_record(index, JOURNAL_ADD, message);

        if (record.record.uid < next_uid(index))
                record.record.uid = next_uid(index);
        index->batch_uidnext = index->batch_implied_uidnext = record.record.uid + 1;
        index->batch_is_told = true;
        if (!index->is_direct)
                index_gather(index, &record);
        else if (!journal_apply(&index->table, &record, JOURNAL_OWN))
                index->suspect = true; /* a mistake of ours: look at the files again */
        return record.record.uid;
}

void index_change_flags(Index *index, const IndexMessage *message) {
        JournalRecord record = message_record(index, JOURNAL_FLAGS, message);

        index_gather(index, &record);
}

void index_change_expunge(Index *index, uint32_t uid) {
        IndexExpunge *last = &index->batch_expunge;

        if (last->first_uid > 0 && last->last_uid + 1 == uid) {
                last->last_uid = uid;
                return;
        }
        flush_expunge(index);
        *last = (IndexExpunge){ .first_uid = uid, .last_uid = uid, .modseq = next_modseq(index),
                                .sec = (uint32_t) now_sec() };
}

void index_change_learned(Index *index) {
        IndexTable *table = &index->table;

        for (size_t i = 0; i < table->learned.n_uids; i++) {
                JournalRecord record = { .kind = JOURNAL_LEARNED };
                size_t position;

                if (!index_table_find(table, table->learned.uids[i], &position) ||
                    table->records[position].state & INDEX_GONE)
                        continue;
                record.record = table->records[position];
                record.record.modseq = 0; /* it does not change */
                index_gather(index, &record);
        }
        table->learned.n_uids = 0;
}

void index_change_claim(Index *index) {
        index_gather(index, &(JournalRecord){ .kind = JOURNAL_CLAIM, .record = {
                                        .uid = index->table.facts.uidnext - 1 } });
}

bool index_change_keyword(Index *index, const char *name, size_t *ret_number) {
        size_t n = index->table.n_keywords + index->n_batch_keywords;

        if (index_table_find_keyword(&index->table, name, ret_number))
                return true;
        for (size_t i = 0; i < index->n_batch_keywords; i++)
                if (text_equal_nocase(index->batch_keywords[i], name)) {
                        *ret_number = index->table.n_keywords + i;
                        return true;
                }
        if (n >= INDEX_KEYWORDS_MAX || *name == '\0' || strlen(name) > JOURNAL_KEYWORD_MAX)
                return false;
        if (index->is_direct) {
                *ret_number = index->table.n_keywords;
                return index_table_add_keyword(&index->table, name, strlen(name));
        }
        GROW(index->batch_keywords, index->n_batch_keywords, index->n_batch_keywords_allocated);
        index->batch_keywords[index->n_batch_keywords++] = text_dup(name);
        index_gather(index, &(JournalRecord){ .kind = JOURNAL_KEYWORD, .base = name,
                                        .base_size = strlen(name) });
        *ret_number = n;
        return true;
}

void index_change_uidnext(Index *index, uint32_t uidnext) {
        index->batch_uidnext = MAX(uidnext, next_uid(index));
}

void index_change_facts(Index *index, const IndexFacts *facts) {
        index->batch_facts = *facts;
        index->has_batch_facts = true;
}

bool index_has_changes(const Index *index) {
        return index->is_new || index->n_batch_records > 0 || index->batch_uidnext > 0 ||
               index->batch_expunge.first_uid > 0;
}

bool index_has_gathered_much(const Index *index) {
        return !index->is_direct && index->batch.size >= GATHERED_OCTETS;
}

void index_start_direct(Index *index) {
        index->is_direct = true;
        index->direct_n_records = index->table.n_records;
        index->direct_names_size = index->table.names.size;
        index->direct_n_keywords = index->table.n_keywords;
        index->direct_facts = index->table.facts;
}

void index_end_direct(Index *index) {
        index->is_direct = false;
}

void index_change_many(Index *index, size_t n_additions, size_t names_size) {
        if (!index->is_direct && !index_has_changes(index) && !index->in_memory &&
            n_additions > DIRECT_ADDITIONS &&
            n_additions > index->table.n_records / DIRECT_SHARE)
                index_start_direct(index);
        if (index->is_direct)
                index_table_expect(&index->table, n_additions, names_size);
}

/* Another width of the keywords stays; the next pull reads what is on disk then. */
static void undo_direct(Index *index) {
        IndexTable *table = &index->table;

        index_table_truncate(table, index->direct_n_records, index->direct_names_size);
        table->facts.uidnext = index->direct_facts.uidnext;
        table->facts.highest_modseq = index->direct_facts.highest_modseq;
        if (table->n_keywords > index->direct_n_keywords)
                index->snapshot = (FileIdentity){ 0 };
        if (!index->is_new)
                index->is_direct = false;
}

void index_change_drop(Index *index) {
        if (index->is_direct)
                undo_direct(index);
        buffer_clear(&index->batch);
        for (size_t i = 0; i < index->n_batch_keywords; i++)
                free(index->batch_keywords[i]);
        free(TAKE_PTR(index->batch_keywords));
        index->n_batch_keywords = index->n_batch_keywords_allocated = 0;
        index->n_batch_records = 0;
        index->batch_uidnext = index->batch_implied_uidnext = 0;
        index->batch_expunge = (IndexExpunge){ 0 };
        index->has_batch_facts = index->batch_is_told = false;
}

/* UIDs and modseq are counted here; the rest is what the caller saw. */
static void gather_facts(Index *index) {
        JournalRecord record = { .kind = JOURNAL_FACTS };

        if (!index->has_batch_facts && index->batch_uidnext <= MAX(index->batch_implied_uidnext,
                                                            index->table.facts.uidnext))
                return;
        record.facts = index->has_batch_facts ? index->batch_facts : index->table.facts;
        record.facts.uidvalidity = index->table.facts.uidvalidity;
        record.facts.uidnext = next_uid(index);
        record.facts.highest_modseq = index->table.facts.highest_modseq;
        if (index->batch_is_told)
                record.facts.highest_modseq = MAX(record.facts.highest_modseq, next_modseq(index));
        index_gather(index, &record);
}

void index_gather_rest(Index *index) {
        flush_expunge(index);
        gather_facts(index);
}
