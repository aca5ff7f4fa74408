/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The messages of one mailbox in memory: records sorted by UID, names, keywords. A message that
 * is expunged stays, marked, until index_table_compact(), so that positions move only when the
 * owner says so.
 *
 * Records, keyword bits and names may be those of a mapped snapshot: they cost memory where
 * something was changed, and are compared with their checksum in blocks when they are first
 * looked at. So records are looked at through index_table_record(), or directly at positions that
 * index_table_find() or index_table_check() have been at before.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/flag.h"
#include "basic/number-set.h"
#include "index/index-blocks.h"
#include "index/index-history.h"
#include "index/region.h"

enum {
        INDEX_KEYWORDS_MAX = 512,
        INDEX_NAME_MAX = 255,      /* octets of a base name */
        INDEX_RECORDS_MAX = 16 * 1024 * 1024,
};

#define INDEX_SIZE_UNKNOWN UINT64_MAX
#define INDEX_DATE_UNKNOWN INT64_MIN

typedef enum IndexState {
        INDEX_UNCLAIMED = 1 << 0, /* stored: \Recent for the first who claims it; stays then */
        INDEX_GONE = 1 << 2,      /* in memory only: expunged */
} IndexState;

typedef struct IndexRecord {
        uint32_t uid;
        uint32_t name_offset;
        uint16_t flags;   /* FLAGS_STORED */
        uint8_t suffix;   /* how the file's name goes on; the store's business */
        uint8_t state;    /* IndexState */
        uint32_t save_date_sec; /* when it came into this mailbox; 0 unknown */
        uint64_t letters; /* other letters in the file's name; the store's business */
        uint64_t modseq;
        int64_t internal_date_sec; /* or INDEX_DATE_UNKNOWN */
        uint64_t file_size; /* or INDEX_SIZE_UNKNOWN */
        uint64_t wire_size; /* or INDEX_SIZE_UNKNOWN */
        uint64_t email_id;  /* the same for all copies (RFC 8474); index_email_id() */
} IndexRecord;

_Static_assert(sizeof(IndexRecord) == 64, "a record in memory is a record on disk");

/* Tells one state of a file or directory from another. */
typedef struct FileIdentity {
        int64_t mtime_sec;
        uint32_t mtime_nsec;
        uint64_t ino, size;
} FileIdentity;

typedef enum IndexDirty {
        INDEX_UIDS_DIRTY = 1 << 0,     /* courierimapuiddb does not have all of it yet */
        INDEX_KEYWORDS_DIRTY = 1 << 1, /* nor courierimapkeywords */
        INDEX_NEW_WAITING = 1 << 2,    /* messages were left in new/ */
} IndexDirty;

/* What is known about the mailbox as a whole. */
typedef struct IndexFacts {
        uint32_t uidvalidity, uidnext;
        uint64_t highest_modseq;
        FileIdentity cur, new, uid_database, keyword_directory;
        FileIdentity dovecot_uidlist; /* zero where Dovecot has never been */
        int64_t scan_usec; /* when cur/ and new/ were last listed, realtime clock */
        uint32_t dirty;    /* IndexDirty */
        uint32_t uids_written;  /* courierimapuiddb has the UIDs below this */
        uint32_t uids_reserved; /* and says that this is the next one */
} IndexFacts;

/* Of the messages that are not gone; what SELECT and STATUS tell without looking at any. */
typedef struct IndexCounts {
        uint32_t n_messages, n_unseen, n_deleted, n_unclaimed;
        uint32_t n_wire_sizes_unknown;
        uint64_t wire_size_sum; /* of those that are known */
} IndexCounts;

enum { INDEX_OBJECT_ID_OCTETS = 16 };

/* UIDs to be looked at; in no order, some may be there twice. */
typedef struct IndexUids {
        uint32_t *uids; /* owned */
        size_t n_uids, n_allocated;
} IndexUids;

typedef struct IndexTable {
        IndexFacts facts;
        unsigned char object_id[INDEX_OBJECT_ID_OCTETS]; /* the mailbox's (RFC 8474) */
        IndexCounts counts;
        uint32_t claimed_up_to; /* UID: messages up to here have been \Recent for somebody */
        uint32_t unseen_from;   /* UID: all below it are seen */
        IndexRecord *records;   /* ascending by UID; the data of record_region */
        size_t n_records;
        uint64_t *keyword_words; /* n_words for each record; the data of word_region */
        size_t n_words;
        char **keywords; /* names by number */
        size_t n_keywords, n_keywords_allocated;
        Region record_region, word_region, names; /* names: base names, NUL-terminated */
        IndexBlocks *record_blocks, *word_blocks, *name_blocks; /* owned; NULL: nothing to check */
        IndexHistory history;   /* what was expunged */
        const int *spill_dir;   /* borrowed; where large regions may go; NULL: nowhere */
        uint64_t version; /* grows with every change of records and keywords */

        /* What the owner has not been told of yet, and what only he has. */
        IndexUids gone, changed;
        IndexUids learned;      /* sizes and dates that are not in the log yet */
        NumberSet recent;       /* UIDs that he claimed; of those found new there */
        size_t n_recent;
} IndexTable;

void index_table_done(IndexTable *table);

/** index_table_find() - logarithmic; the first position with a UID >= uid; true when equal */
bool index_table_find(const IndexTable *table, uint32_t uid, size_t *ret_position);

/**
 * index_table_check() - positions from first to below end may be looked at directly
 *
 * Records of a block that is damaged become messages that are gone, with UIDs that keep the order.
 */
void index_table_check(const IndexTable *table, size_t first, size_t end);

/** index_table_check_all() - the same for everything; true when all of it is undamaged */
[[nodiscard]] bool index_table_check_all(const IndexTable *table);

/** index_table_is_damaged() - something that was looked at is not what was written */
bool index_table_is_damaged(const IndexTable *table);

static inline IndexRecord *index_table_record(const IndexTable *table, size_t position) {
        if (index_blocks_need_check(table->record_blocks, position * sizeof(IndexRecord)))
                index_table_check(table, position, position + 1);
        return &table->records[position];
}

/** index_table_name() - "" when it is damaged, which is no file's name */
const char *index_table_name(const IndexTable *table, size_t position);
const uint64_t *index_table_keywords(const IndexTable *table, size_t position);

/** index_table_is_recent(), index_table_is_unclaimed() - \Recent for the owner, or the next one */
bool index_table_is_recent(const IndexTable *table, const IndexRecord *record);
bool index_table_is_unclaimed(const IndexTable *table, const IndexRecord *record);

/** index_table_claim() - what is unclaimed is the owner's from now on */
void index_table_claim(IndexTable *table);

/** index_table_first_unseen() - the position; false when there is none */
bool index_table_first_unseen(IndexTable *table, size_t *ret_position);

/** index_table_find_keyword() - ASCII case ignored */
bool index_table_find_keyword(const IndexTable *table, const char *name, size_t *ret_number);

/** index_table_add_keyword() - a new one at the end; false when there are too many */
[[nodiscard]] bool index_table_add_keyword(IndexTable *table, const char *name, size_t size);

/** index_table_expect() - room at once for so many more messages, with names of so many octets */
void index_table_expect(IndexTable *table, size_t n_records, size_t names_size);

/**
 * index_table_append() - add a message at the end
 * @record:  name_offset does not matter; its UID is greater than all others
 * @words:   n_words of keyword bits, fewer than the table has or none are fine
 *
 * Return: false for a UID, a name or a keyword that cannot be.
 */
[[nodiscard]] bool index_table_append(IndexTable *table, const IndexRecord *record,
                                      const char *base, size_t base_size, const uint64_t *words,
                                      size_t n_words);

/** index_table_set_keywords() - true when that changes something */
bool index_table_set_keywords(IndexTable *table, size_t position, const uint64_t *words,
                              size_t n_words);

/*
 * Changes of a record that counts depend on. Other members may be written to directly.
 */
void index_table_set_flags(IndexTable *table, size_t position, uint16_t flags);
void index_table_set_gone(IndexTable *table, size_t position);
void index_table_set_changed(IndexTable *table, size_t position); /* by somebody else */
void index_table_set_claimed_up_to(IndexTable *table, uint32_t uid);
void index_table_set_wire_size(IndexTable *table, size_t position, uint64_t wire_size);

/** index_table_learn() - sizes and date from known where the record does not know them yet */
void index_table_learn(IndexTable *table, size_t position, const IndexRecord *known);

/** index_table_note_learned() - the owner did so; index_change_learned() writes it */
void index_table_note_learned(IndexTable *table, size_t position);

/**
 * index_email_id() - an id for a message first seen under this base name, never 0
 * @now_sec:  stands in for the second of delivery if the name does not start with one
 *
 * The second's low 24 bits, then 40 bits of a hash of the name: neighbours in a mailbox are
 * neighbours by id.
 */
_pure_ uint64_t index_email_id(const char *base, size_t base_size, int64_t now_sec);

/**
 * index_table_take_changed() - positions of what others changed since the last call, ascending
 *
 * Return: owned by the caller, as many as ret_n says.
 */
[[nodiscard]] size_t *index_table_take_changed(IndexTable *table, size_t *ret_n);

/** index_table_gone() - positions of what is gone, ascending; owned by the caller */
[[nodiscard]] size_t *index_table_gone(const IndexTable *table, size_t *ret_n);

/** index_table_compact() - drop what is gone; positions move. Nothing to do if nothing is */
void index_table_compact(IndexTable *table);

/** index_table_truncate() - forget the messages from this position on, as if never added */
void index_table_truncate(IndexTable *table, size_t n_records, size_t names_size);

/**
 * index_table_merge() - make a newer table look to its owner as if this one had been updated
 * @table:  keeps what its owner has not been told, and as gone what is gone
 * @newer:  taken over
 *
 * When nothing is gone it takes over the newer one's memory, and what was changed in its own is
 * given back. Return: false when they are not states of one mailbox; @table is unchanged then.
 */
[[nodiscard]] bool index_table_merge(IndexTable *table, IndexTable *newer);

/**
 * index_table_take_over() - the memory of a table with the same messages, just written and loaded
 * @newer:  taken over; what the owner has not been told, and what only he has, stays
 */
void index_table_take_over(IndexTable *table, IndexTable *newer);
