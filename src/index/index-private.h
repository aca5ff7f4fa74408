/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What index.c (reading) and index-change.c (writing) share. */
#pragma once

#include <sys/stat.h>

#include "basic/buffer.h"
#include "index/index.h"

enum {
        /* The log is folded when it is larger than this and than half of the snapshot. */
        JOURNAL_FOLD_OCTETS = 64 * 1024,
        SNAPSHOT_OCTETS_MAX = 2000 * 1024 * 1024,
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
        bool is_new;           /* nothing of it is on disk */
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
        IndexFacts batch_facts;
        bool has_batch_facts;
        bool batch_is_told;    /* it has news for clients */
};


