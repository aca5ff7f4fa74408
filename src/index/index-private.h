/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What index.c (reading), index-change.c (gathering) and index-commit.c (writing) share. */
#pragma once

#include <sys/stat.h>

#include "basic/buffer.h"
#include "index/index.h"

enum {
        /* The log is folded when it is larger than this, and than this share of the snapshot. */
        JOURNAL_FOLD_OCTETS = 64 * 1024,
        JOURNAL_FOLD_SHARE = 32,

        /* So many additions, and this share of the messages there are, are not gathered: they go
         * to the table at once, and to disk in a new snapshot. */
        DIRECT_ADDITIONS = 5000,
        DIRECT_SHARE = 8,

        /* So much is gathered by one change of very many messages before it is committed. */
        GATHERED_OCTETS = 1024 * 1024,

        /* The first snapshot of a mailbox with as many is not waited for: it is only what the
         * files say, and can be had from them once more. */
        UNSYNCED_MESSAGES = 5000,
};

struct Index {
        int dir_fd;            /* borrowed */
        IndexTable table;
        uint64_t generation;   /* of the snapshot; each new one is greater */
        FileIdentity snapshot; /* which file it was read from */
        int log_fd;            /* owned; -EBADF when there is no log that belongs to it */
        uint64_t log_ino;      /* of the log last looked at */
        uint64_t log_size;     /* octets of whole records, read and applied */
        uint32_t sequence;     /* of the next record */
        int64_t boot_sec;      /* the snapshot was not synced when it got its name; 0: it was */
        bool is_synced;        /* the log says that the snapshot and both names are on disk */
        bool synced_untold;    /* it is so, and the next commit says it */
        bool is_new;           /* nothing of it is on disk */
        bool is_old;           /* version 1: the next commit writes it anew */
        bool in_memory;        /* nothing of it will be */
        bool suspect;
        bool unsettled;        /* the log has news for clients that may not be on disk */

        /* What has gathered. */
        Buffer batch;
        uint32_t batch_sequence;
        uint32_t batch_uidnext, batch_implied_uidnext; /* the second one by additions alone */
        size_t n_batch_records;
        char **batch_keywords; /* owned; those that come behind the table's */
        size_t n_batch_keywords, n_batch_keywords_allocated;
        IndexExpunge batch_expunge; /* the last one, as long as it may grow; zero: none */
        IndexFacts batch_facts;
        bool has_batch_facts;
        bool batch_is_told;    /* it has news for clients */

        /* Additions and keywords went to the table; to be undone, this is how it was before. */
        bool is_direct;
        size_t direct_n_records, direct_names_size, direct_n_keywords;
        IndexFacts direct_facts;
};

/** index_gather() - one more record of the batch */
typedef struct JournalRecord JournalRecord;
void index_gather(Index *index, const JournalRecord *record);

/** index_gather_rest() - what is put off until the commit */
void index_gather_rest(Index *index);

/** index_start_direct(), index_end_direct() - additions go to the table at once */
void index_start_direct(Index *index);
void index_end_direct(Index *index);

/** index_boot_sec() - when this machine was booted, as its clock sees it now */
int64_t index_boot_sec(void);

/** index_outcome() - INDEX_… from DISK_… */
int index_outcome(int disk_outcome);
