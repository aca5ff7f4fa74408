/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The messages of one mailbox in memory: records sorted by UID, names, keywords. Touches no
 * file. A message that is expunged stays, marked, until index_table_compact(), so that
 * positions move only when the owner says so.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/flag.h"

enum {
        INDEX_KEYWORDS_MAX = 512,
        INDEX_NAME_MAX = 255,      /* octets of a base name */
        INDEX_RECORDS_MAX = 16 * 1024 * 1024,
};

#define INDEX_SIZE_UNKNOWN UINT64_MAX
#define INDEX_DATE_UNKNOWN INT64_MIN

typedef enum IndexState {
        INDEX_UNCLAIMED = 1 << 0, /* stored: \Recent for the first who opens it for writing */
        INDEX_RECENT = 1 << 1,    /* in memory from here on: \Recent for this owner */
        INDEX_GONE = 1 << 2,      /* expunged */
        INDEX_CHANGED = 1 << 3,   /* flags or keywords changed by somebody else */
        INDEX_SIZE_LEARNED = 1 << 4, /* sizes or date are not in the log yet */
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

typedef struct IndexTable {
        IndexFacts facts;
        unsigned char object_id[INDEX_OBJECT_ID_OCTETS]; /* the mailbox's (RFC 8474) */
        IndexCounts counts;
        IndexRecord *records; /* ascending by UID */
        size_t n_records, n_records_allocated;
        uint64_t *keyword_words; /* n_words for each record */
        size_t n_words, n_keyword_words_allocated;
        char **keywords; /* names by number */
        size_t n_keywords, n_keywords_allocated;
        Buffer names; /* NUL-terminated base names */
        uint64_t version; /* grows with every change of records and keywords */
} IndexTable;

void index_table_done(IndexTable *table);

/** index_table_find() - logarithmic; the first position with a UID >= uid; true when equal */
bool index_table_find(const IndexTable *table, uint32_t uid, size_t *ret_position);

const char *index_table_name(const IndexTable *table, size_t position);
const uint64_t *index_table_keywords(const IndexTable *table, size_t position);

/** index_table_find_keyword() - ASCII case ignored */
bool index_table_find_keyword(const IndexTable *table, const char *name, size_t *ret_number);

/** index_table_add_keyword() - a new one at the end; false when there are too many */
[[nodiscard]] bool index_table_add_keyword(IndexTable *table, const char *name, size_t size);

/** index_table_reserve() - memory for so many messages to come, with names of so many octets */
void index_table_reserve(IndexTable *table, size_t n_records, size_t names_size);

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
void index_table_set_claimed(IndexTable *table, size_t position);
void index_table_set_wire_size(IndexTable *table, size_t position, uint64_t wire_size);

/**
 * index_email_id() - an id for a message first seen under this base name, never 0
 * @now_sec:  stands in for the second of delivery if the name does not start with one
 *
 * The second's low 24 bits, then 40 bits of a hash of the name: neighbours in a mailbox are
 * neighbours by id.
 */
_pure_ uint64_t index_email_id(const char *base, size_t base_size, int64_t now_sec);

/** index_table_compact() - drop what is gone; positions move */
void index_table_compact(IndexTable *table);

/**
 * index_table_merge() - make a newer table look to its owner as if this one had been updated
 * @table:  replaced by the newer one's contents; keeps states, and as gone what is gone
 * @newer:  taken over
 *
 * Return: false when they are not states of one mailbox; @table is unchanged then.
 */
[[nodiscard]] bool index_table_merge(IndexTable *table, IndexTable *newer);
