/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of an index: records as octets, and what they do to a table. */
#include "index/journal.h"

#include "index/index-facts.h"

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

bool journal_read_header(const void *data, size_t size, uint64_t *ret_generation) {
        OctetReader reader = octet_reader(data, size);
        const char *start = octets_take_run(&reader, sizeof(magic));
        uint64_t version = octets_take(&reader, 4), generation = octets_take(&reader, 8);

        (void) octets_take(&reader, 8); /* reserved, zero so far */
        if (!start || memcmp(start, magic, sizeof(magic)) != 0 || version < 1 ||
            version > JOURNAL_VERSION ||
            octets_take(&reader, 4) != octets_checksum(data, JOURNAL_HEADER_OCTETS - 4) ||
            reader.failed)
                return false;
        *ret_generation = generation;
        return true;
}

static void put_keywords(Buffer *target, const uint64_t *words) {
        unsigned n = 0;

        for (size_t i = 0; i < INDEX_KEYWORDS_MAX; i++)
                n += (unsigned) (words[i / 64] >> (i % 64) & 1);
        octets_put(target, n, 2);
        for (size_t i = 0; i < INDEX_KEYWORDS_MAX; i++)
                if (words[i / 64] >> (i % 64) & 1)
                        octets_put(target, i, 2);
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

static void put_payload(Buffer *target, const JournalRecord *record) {
        const IndexRecord *message = &record->record;

        octets_put(target, record->kind, 1);
        switch (record->kind) {
        case JOURNAL_ADD_1:
        case JOURNAL_ADD:
        case JOURNAL_FLAGS:
                octets_put(target, message->uid, 4);
                octets_put(target, message->flags, 2);
                octets_put(target, message->suffix, 1);
                octets_put(target, message->state & INDEX_UNCLAIMED, 1);
                octets_put(target, message->letters, 8);
                octets_put(target, message->modseq, 8);
                put_keywords(target, record->words);
                if (record->kind == JOURNAL_FLAGS)
                        break;
                octets_put(target, (uint64_t) message->internal_date_sec, 8);
                octets_put(target, message->file_size, 8);
                octets_put(target, message->wire_size, 8);
                if (record->kind == JOURNAL_ADD) {
                        octets_put(target, message->email_id, 8);
                        octets_put(target, message->save_date_sec, 4);
                }
                buffer_append(target, record->base, record->base_size);
                break;
        case JOURNAL_EXPUNGE:
                octets_put(target, message->uid, 4);
                octets_put(target, message->modseq, 8);
                break;
        case JOURNAL_KEYWORD:
                buffer_append(target, record->base, record->base_size);
                break;
        case JOURNAL_SIZE:
                octets_put(target, message->uid, 4);
                octets_put(target, message->wire_size, 8);
                octets_put(target, (uint64_t) message->internal_date_sec, 8);
                octets_put(target, message->file_size, 8);
                break;
        case JOURNAL_CLAIM:
                octets_put(target, message->uid, 4);
                break;
        default:
                index_facts_put(target, &record->facts);
        }
}

void journal_append(Buffer *target, uint32_t sequence, const JournalRecord *record) {
        _cleanup_buffer_ Buffer payload = { 0 };
        uint32_t checksum;

        put_payload(&payload, record);
        octets_put(target, payload.size, 4);
        octets_put(target, sequence, 4);
        checksum = octets_checksum(target->data + target->size - 8, 8);
        octets_put(target, octets_checksum_more(checksum, payload.data, payload.size), 4);
        buffer_append(target, payload.data, payload.size);
}

static void take_rest(OctetReader *reader, JournalRecord *record) {
        record->base_size = reader->left;
        record->base = octets_take_run(reader, reader->left);
}

/* The first version had the size on the wire only. */
static void take_sizes(OctetReader *reader, IndexRecord *message) {
        message->wire_size = octets_take(reader, 8);
        message->internal_date_sec = INDEX_DATE_UNKNOWN;
        message->file_size = INDEX_SIZE_UNKNOWN;
        if (reader->left == 0)
                return;
        message->internal_date_sec = (int64_t) octets_take(reader, 8);
        message->file_size = octets_take(reader, 8);
}

static bool take_payload(OctetReader reader, JournalRecord *record) {
        IndexRecord *message = &record->record;

        record->kind = (JournalKind) octets_take(&reader, 1);
        if (record->kind != JOURNAL_FACTS && record->kind != JOURNAL_KEYWORD)
                message->uid = (uint32_t) octets_take(&reader, 4);
        switch (record->kind) {
        case JOURNAL_ADD_1:
        case JOURNAL_ADD:
        case JOURNAL_FLAGS:
                message->flags = (uint16_t) octets_take(&reader, 2) & FLAGS_STORED;
                message->suffix = (uint8_t) octets_take(&reader, 1);
                message->state = (uint8_t) octets_take(&reader, 1) & INDEX_UNCLAIMED;
                message->letters = octets_take(&reader, 8);
                message->modseq = octets_take(&reader, 8);
                take_keywords(&reader, record->words);
                if (record->kind == JOURNAL_FLAGS)
                        break;
                message->internal_date_sec = (int64_t) octets_take(&reader, 8);
                message->file_size = octets_take(&reader, 8);
                message->wire_size = octets_take(&reader, 8);
                if (record->kind == JOURNAL_ADD) {
                        message->email_id = octets_take(&reader, 8);
                        message->save_date_sec = (uint32_t) octets_take(&reader, 4);
                }
                take_rest(&reader, record);
                if (message->email_id == 0 && record->base)
                        message->email_id = index_email_id(record->base, record->base_size,
                                                           message->internal_date_sec);
                break;
        case JOURNAL_EXPUNGE:
                message->modseq = octets_take(&reader, 8);
                break;
        case JOURNAL_KEYWORD:
                take_rest(&reader, record);
                break;
        case JOURNAL_SIZE:
                take_sizes(&reader, message);
                break;
        case JOURNAL_CLAIM:
                break;
        case JOURNAL_FACTS:
                record->facts = index_facts_take(&reader);
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
        IndexRecord *message = &table->records[position];
        bool changed = message->flags != record->record.flags;

        index_table_set_flags(table, position, record->record.flags);
        message->suffix = record->record.suffix;
        message->letters = record->record.letters;
        message->modseq = record->record.modseq;
        changed |= index_table_set_keywords(table, position, record->words,
                                            INDEX_KEYWORDS_MAX / 64);
        if (changed && actor == JOURNAL_FOREIGN)
                message->state |= INDEX_CHANGED;
}

static void raise_modseq(IndexTable *table, uint64_t modseq) {
        table->facts.highest_modseq = MAX(table->facts.highest_modseq, modseq);
}

static void apply_sizes(IndexTable *table, size_t position, const IndexRecord *message) {
        IndexRecord *record = &table->records[position];

        index_table_set_wire_size(table, position, message->wire_size);
        if (message->internal_date_sec != INDEX_DATE_UNKNOWN)
                record->internal_date_sec = message->internal_date_sec;
        if (message->file_size != INDEX_SIZE_UNKNOWN)
                record->file_size = message->file_size;
}

bool journal_apply(IndexTable *table, const JournalRecord *record, JournalActor actor) {
        size_t position;
        bool found = index_table_find(table, record->record.uid, &position);

        table->version += record->kind != JOURNAL_FACTS;
        switch (record->kind) {
        case JOURNAL_ADD_1:
        case JOURNAL_ADD:
                raise_modseq(table, record->record.modseq);
                return apply_add(table, record);
        case JOURNAL_KEYWORD:
                return index_table_add_keyword(table, record->base, record->base_size);
        case JOURNAL_FACTS:
                if (record->facts.uidvalidity != table->facts.uidvalidity ||
                    record->facts.uidnext < table->facts.uidnext)
                        return false;
                table->facts = record->facts;
                return true;
        case JOURNAL_FLAGS:
                raise_modseq(table, record->record.modseq);
                if (found)
                        apply_flags(table, position, record, actor);
                return found;
        case JOURNAL_EXPUNGE:
                raise_modseq(table, record->record.modseq);
                if (found)
                        index_table_set_gone(table, position);
                return found;
        case JOURNAL_SIZE:
                if (found)
                        apply_sizes(table, position, &record->record);
                return found;
        case JOURNAL_CLAIM:
                if (found)
                        index_table_set_claimed(table, position);
                return found;
        default:
                return false;
        }
}
