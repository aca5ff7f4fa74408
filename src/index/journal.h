/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * imapd.log: what happened since the snapshot, record after record, each with its length,
 * sequence number and checksum (doc/formats.md). A record that is not whole ends the log.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "index/index-table.h"
#include "index/octets.h"

#define JOURNAL_NAME "imapd.log"

typedef enum JournalKind {
        JOURNAL_ADD_1 = 1, /* version 1, read only: without email_id and save_date_sec */
        JOURNAL_FLAGS,     /* uid, flags, suffix, letters, modseq, keywords: as they are now */
        JOURNAL_EXPUNGE_1, /* version 1, read only: uid, modseq */
        JOURNAL_KEYWORD,   /* the next number's name, in base */
        JOURNAL_SIZE_1,    /* version 1, read only: uid, wire_size */
        JOURNAL_CLAIM_1,   /* version 1, read only: uid: \Recent for somebody now */
        JOURNAL_FACTS_1,   /* version 1, read only */
        JOURNAL_ADD,       /* a message: all of record, base, keywords */
        JOURNAL_EXPUNGE,   /* expunge: UIDs from first to last */
        JOURNAL_LEARNED,   /* uid, internal_date_sec, file_size, wire_size, unknown or not */
        JOURNAL_CLAIM,     /* uid: up to here all have been \Recent for somebody */
        JOURNAL_FACTS,     /* facts; those a record implies are in it too */
        JOURNAL_SYNCED,    /* the snapshot below is on disk */
        _JOURNAL_KIND_MAX,
} JournalKind;

typedef struct JournalRecord {
        JournalKind kind;
        IndexRecord record; /* uid and what the kind names */
        const char *base;   /* borrowed; not terminated */
        size_t base_size;
        uint64_t words[INDEX_KEYWORDS_MAX / 64];
        IndexFacts facts;
        IndexExpunge expunge;
} JournalRecord;

enum {
        JOURNAL_HEADER_OCTETS = 32,
        JOURNAL_RECORD_OCTETS_MAX = 4096,
        JOURNAL_KEYWORD_MAX = 1000, /* octets of a keyword */
};

void journal_append_header(Buffer *target, uint64_t generation);

typedef enum JournalHeader {
        JOURNAL_HEADER_GOOD,
        JOURNAL_HEADER_DAMAGED,
        JOURNAL_HEADER_OLD,   /* read, never appended to */
        JOURNAL_HEADER_NEWER, /* of a version that we cannot read */
} JournalHeader;
[[nodiscard]] JournalHeader journal_read_header(const void *data, size_t size,
                                                uint64_t *ret_generation);

void journal_append(Buffer *target, uint32_t sequence, const JournalRecord *record);

/**
 * journal_next() - the next whole record
 * @sequence:  the number it must have
 *
 * Return: false at the end, and at a record that is torn, damaged or unknown.
 */
[[nodiscard]] bool journal_next(OctetReader *reader, uint32_t sequence, JournalRecord *ret_record);

typedef enum JournalActor {
        JOURNAL_OWN,     /* our own change: our owner knows of it */
        JOURNAL_FOREIGN, /* marks what it changes with INDEX_CHANGED */
} JournalActor;

/** journal_apply() - false for a record that does not fit the table: the log is damaged */
[[nodiscard]] bool journal_apply(IndexTable *table, const JournalRecord *record,
                                 JournalActor actor);
