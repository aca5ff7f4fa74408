/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of an index: records as octets, and what they do to a table. */
#include "index/journal.h"

#include "index/index-facts.h"
#include "index/index-table-private.h"

static const char magic[8] = "IMAPDLOG";

enum { JOURNAL_VERSION = 2 };

void journal_append_header(Buffer *target, uint64_t generation) {
        size_t start = target->size;

        buffer_append(target, magic, sizeof(magic));
        octets_put(target, JOURNAL_VERSION, 4);
        octets_put(target, generation, 8);
        octets_put(target, 0, 8);
        octets_put(target, octets_checksum(target->data + start, target->size - start), 4);
}

JournalHeader journal_read_header(const void *data, size_t size, uint64_t *ret_generation) {
        OctetReader reader = octet_reader(data, size);
        const char *start = octets_take_run(&reader, sizeof(magic));
        uint64_t version = octets_take(&reader, 4), generation = octets_take(&reader, 8);

        (void) octets_take(&reader, 8); /* reserved, zero so far */
        if (!start || memcmp(start, magic, sizeof(magic)) != 0 ||
            octets_take(&reader, 4) != octets_checksum(data, JOURNAL_HEADER_OCTETS - 4) ||
            reader.failed || version == 0)
                return JOURNAL_HEADER_DAMAGED;
        if (version > JOURNAL_VERSION)
                return JOURNAL_HEADER_NEWER;
        *ret_generation = generation;
        return version == JOURNAL_VERSION ? JOURNAL_HEADER_GOOD : JOURNAL_HEADER_OLD;
}

static void put_keywords(Buffer *target, const uint64_t *words) {
        unsigned n = 0;

        for (size_t i = 0; i < INDEX_KEYWORDS_MAX / 64; i++)
                n += (unsigned) __builtin_popcountll(words[i]);
        octets_put(target, n, 2);
        for (size_t i = 0; i < INDEX_KEYWORDS_MAX / 64; i++)
                for (uint64_t word = words[i]; word != 0; word &= word - 1)
                        octets_put(target, i * 64 + (unsigned) __builtin_ctzll(word), 2);
}

static void take_keywords(OctetReader *reader, uint64_t *words) {
        for (uint64_t n = octets_take(reader, 2); n > 0 && !reader->failed; n--) {
                uint64_t number = octets_take(reader, 2);

                if (number >= INDEX_KEYWORDS_MAX)
                        reader->failed = true;
                else
                        words[number / 64] |= UINT64_C(1) << (number % 64);
        }
}

static void put_message(Buffer *target, const JournalRecord *record) {
        const IndexRecord *message = &record->record;

        octets_put(target, message->uid, 4);
        octets_put(target, message->flags, 2);
        octets_put(target, message->suffix, 1);
        octets_put(target, message->state & INDEX_UNCLAIMED, 1);
        octets_put(target, message->letters, 8);
        octets_put(target, message->modseq, 8);
        put_keywords(target, record->words);
        if (record->kind == JOURNAL_FLAGS)
                return;
        octets_put(target, (uint64_t) message->internal_date_sec, 8);
        octets_put(target, message->file_size, 8);
        octets_put(target, message->wire_size, 8);
        octets_put(target, message->email_id, 8);
        octets_put(target, message->save_date_sec, 4);
        buffer_append(target, record->base, record->base_size);
}

static void put_payload(Buffer *target, const JournalRecord *record) {
        const IndexRecord *message = &record->record;

        octets_put(target, record->kind, 1);
        switch (record->kind) {
        case JOURNAL_ADD:
        case JOURNAL_FLAGS:
                put_message(target, record);
                break;
        case JOURNAL_EXPUNGE:
                octets_put(target, record->expunge.first_uid, 4);
                octets_put(target, record->expunge.last_uid, 4);
                octets_put(target, record->expunge.modseq, 8);
                octets_put(target, record->expunge.sec, 4);
                break;
        case JOURNAL_KEYWORD:
                buffer_append(target, record->base, record->base_size);
                break;
        case JOURNAL_LEARNED:
                octets_put(target, message->uid, 4);
                octets_put(target, (uint64_t) message->internal_date_sec, 8);
                octets_put(target, message->file_size, 8);
                octets_put(target, message->wire_size, 8);
                break;
        case JOURNAL_CLAIM:
                octets_put(target, message->uid, 4);
                break;
        case JOURNAL_FACTS:
                index_facts_put(target, &record->facts);
                break;
        default: /* JOURNAL_SYNCED; those of version 1 are not written any more */
                break;
        }
}

/* The head is known when the payload is. */
void journal_append(Buffer *target, uint32_t sequence, const JournalRecord *record) {
        size_t start = target->size, payload = start + 12;
        uint32_t head[3] = { 0, htole32(sequence), 0 };

        buffer_append(target, head, sizeof(head));
        put_payload(target, record);
        head[0] = htole32((uint32_t) (target->size - payload));
        head[2] = octets_checksum_more(octets_checksum(head, 8), target->data + payload,
                                       target->size - payload);
        head[2] = htole32(head[2]);
        memcpy(target->data + start, head, sizeof(head));
}

static void take_rest(OctetReader *reader, JournalRecord *record) {
        record->base_size = reader->left;
        record->base = octets_take_run(reader, reader->left);
}

static void take_message(OctetReader *reader, JournalRecord *record) {
        IndexRecord *message = &record->record;

        message->uid = (uint32_t) octets_take(reader, 4);
        message->flags = (uint16_t) octets_take(reader, 2) & FLAGS_STORED;
        message->suffix = (uint8_t) octets_take(reader, 1);
        message->state = (uint8_t) octets_take(reader, 1) & INDEX_UNCLAIMED;
        message->letters = octets_take(reader, 8);
        message->modseq = octets_take(reader, 8);
        take_keywords(reader, record->words);
        if (record->kind == JOURNAL_FLAGS)
                return;
        message->internal_date_sec = (int64_t) octets_take(reader, 8);
        message->file_size = octets_take(reader, 8);
        message->wire_size = octets_take(reader, 8);
        if (record->kind == JOURNAL_ADD) {
                message->email_id = octets_take(reader, 8);
                message->save_date_sec = (uint32_t) octets_take(reader, 4);
        }
        take_rest(reader, record);
        if (message->email_id == 0 && record->base)
                message->email_id = index_email_id(record->base, record->base_size,
                                                   message->internal_date_sec);
}

static void take_expunge(OctetReader *reader, JournalRecord *record) {
        IndexExpunge *expunge = &record->expunge;

        expunge->first_uid = expunge->last_uid = (uint32_t) octets_take(reader, 4);
        if (record->kind == JOURNAL_EXPUNGE)
                expunge->last_uid = (uint32_t) octets_take(reader, 4);
        expunge->modseq = octets_take(reader, 8);
        if (record->kind == JOURNAL_EXPUNGE)
                expunge->sec = (uint32_t) octets_take(reader, 4);
        if (expunge->last_uid < expunge->first_uid)
                reader->failed = true;
}

static void take_learned(OctetReader *reader, JournalRecord *record) {
        IndexRecord *message = &record->record;

        message->uid = (uint32_t) octets_take(reader, 4);
        message->internal_date_sec = INDEX_DATE_UNKNOWN;
        message->file_size = INDEX_SIZE_UNKNOWN;
        if (record->kind == JOURNAL_LEARNED) {
                message->internal_date_sec = (int64_t) octets_take(reader, 8);
                message->file_size = octets_take(reader, 8);
        }
        message->wire_size = octets_take(reader, 8);
}

static bool take_payload(OctetReader reader, JournalRecord *record) {
        record->kind = (JournalKind) octets_take(&reader, 1);
        switch (record->kind) {
        case JOURNAL_ADD_1:
        case JOURNAL_ADD:
        case JOURNAL_FLAGS:
                take_message(&reader, record);
                break;
        case JOURNAL_EXPUNGE_1:
        case JOURNAL_EXPUNGE:
                take_expunge(&reader, record);
                break;
        case JOURNAL_KEYWORD:
                take_rest(&reader, record);
                break;
        case JOURNAL_SIZE_1:
        case JOURNAL_LEARNED:
                take_learned(&reader, record);
                break;
        case JOURNAL_CLAIM_1:
        case JOURNAL_CLAIM:
                record->record.uid = (uint32_t) octets_take(&reader, 4);
                break;
        case JOURNAL_FACTS_1:
                record->facts = index_facts_take_1(&reader);
                break;
        case JOURNAL_FACTS:
                record->facts = index_facts_take(&reader);
                break;
        case JOURNAL_SYNCED:
                break;
        default:
                return false;
        }
        return !reader.failed && reader.left == 0;
}

bool journal_next(OctetReader *reader, uint32_t sequence, JournalRecord *ret_record) {
        OctetReader at = *reader;
        uint64_t size = octets_take(&at, 4), found = octets_take(&at, 4);
        uint64_t checksum = octets_take(&at, 4);
        const char *payload;
        uint32_t own;

        if (at.failed || size > JOURNAL_RECORD_OCTETS_MAX || found != sequence)
                return false;
        payload = octets_take_run(&at, size);
        if (!payload)
                return false;
        own = octets_checksum_more(octets_checksum(reader->at, 8), payload, size);
        *ret_record = (JournalRecord){ 0 };
        if (own != checksum ||
            !take_payload(octet_reader(payload, size), ret_record))
                return false;
        *reader = at;
        return true;
}

static bool apply_add(IndexTable *table, const JournalRecord *record) {
        IndexFacts *facts = &table->facts;

        if (record->record.uid < facts->uidnext || record->record.uid == UINT32_MAX ||
            !index_table_append(table, &record->record, record->base, record->base_size,
                                record->words, INDEX_KEYWORDS_MAX / 64))
                return false;
        facts->uidnext = record->record.uid + 1;
        return true;
}

static void apply_flags(IndexTable *table, size_t position, const JournalRecord *record,
                        JournalActor actor) {
        IndexRecord *message = index_table_record(table, position);
        bool changed = message->flags != record->record.flags;

        index_table_set_flags(table, position, record->record.flags);
        message->suffix = record->record.suffix;
        message->letters = record->record.letters;
        message->modseq = record->record.modseq;
        changed |= index_table_set_keywords(table, position, record->words,
                                            INDEX_KEYWORDS_MAX / 64);
        if (changed && actor == JOURNAL_FOREIGN)
                index_table_set_changed(table, position);
}

static bool apply_expunge(IndexTable *table, const IndexExpunge *expunge) {
        bool any = false;
        size_t i;

        for ((void) index_table_find(table, expunge->first_uid, &i);
             i < table->n_records && index_table_record(table, i)->uid <= expunge->last_uid; i++) {
                index_table_set_gone(table, i);
                any = true;
        }
        if (any)
                index_history_add(&table->history, expunge);
        return any;
}

static bool apply_facts(IndexTable *table, const IndexFacts *facts) {
        if (facts->uidvalidity != table->facts.uidvalidity ||
            facts->uidnext < table->facts.uidnext)
                return false;
        table->facts = *facts;
        return true;
}

/* In version 1 each message is claimed by itself. */
static void claim_one(IndexTable *table, size_t position) {
        IndexRecord *message = index_table_record(table, position);

        index_table_count(table, message, UINT32_MAX);
        message->state &= (uint8_t) ~INDEX_UNCLAIMED;
        index_table_count(table, message, 1);
}

static void raise_modseq(IndexTable *table, uint64_t modseq) {
        table->facts.highest_modseq = MAX(table->facts.highest_modseq, modseq);
}

static void apply_learned(IndexTable *table, size_t position, const IndexRecord *message) {
        IndexRecord *record = index_table_record(table, position);

        if (message->wire_size != INDEX_SIZE_UNKNOWN)
                index_table_set_wire_size(table, position, message->wire_size);
        if (message->internal_date_sec != INDEX_DATE_UNKNOWN)
                record->internal_date_sec = message->internal_date_sec;
        if (message->file_size != INDEX_SIZE_UNKNOWN)
                record->file_size = message->file_size;
}

static bool apply_to_message(IndexTable *table, const JournalRecord *record, JournalActor actor) {
        size_t position;

        if (!index_table_find(table, record->record.uid, &position))
                return false;
        if (record->kind == JOURNAL_FLAGS)
                apply_flags(table, position, record, actor);
        else if (record->kind == JOURNAL_CLAIM_1)
                claim_one(table, position);
        else
                apply_learned(table, position, &record->record);
        return true;
}

bool journal_apply(IndexTable *table, const JournalRecord *record, JournalActor actor) {
        table->version += record->kind != JOURNAL_FACTS && record->kind != JOURNAL_SYNCED;
        raise_modseq(table, MAX(record->record.modseq, record->expunge.modseq));
        switch (record->kind) {
        case JOURNAL_ADD_1:
        case JOURNAL_ADD:
                return apply_add(table, record);
        case JOURNAL_KEYWORD:
                return index_table_add_keyword(table, record->base, record->base_size);
        case JOURNAL_FACTS_1:
        case JOURNAL_FACTS:
                return apply_facts(table, &record->facts);
        case JOURNAL_EXPUNGE_1:
        case JOURNAL_EXPUNGE:
                return apply_expunge(table, &record->expunge);
        case JOURNAL_FLAGS:
        case JOURNAL_SIZE_1:
        case JOURNAL_LEARNED:
        case JOURNAL_CLAIM_1:
                return apply_to_message(table, record, actor);
        case JOURNAL_CLAIM:
                index_table_set_claimed_up_to(table, record->record.uid);
                return true;
        default:
                return record->kind == JOURNAL_SYNCED;
        }
}
