/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One look at a folder's files, and what it means for the index. Under the folder's lock, or
 * for an index that is kept in memory.
 */
#pragma once

#include "maildir/keyword-list.h"
#include "maildir/message-file.h"
#include "maildir/uid-database.h"
#include "store/name-map.h"
#include "store/store-private.h"

/* A file that the index does not know. */
typedef struct Newcomer {
        const char *file; /* its name in cur/; borrowed from files */
        uint32_t uid;     /* from courierimapuiddb, or 0 */
} Newcomer;

typedef struct Scan {
        Mailbox *box;
        IndexFacts facts; /* as they will be */
        FileList files;   /* of cur/ */
        NameMap known;    /* base name to position */
        bool *seen;       /* for each position: its file is there */
        Newcomer *newcomers;
        size_t n_newcomers, n_newcomers_allocated;
        UidDatabase theirs;
        NameMap their_uids;
        bool has_theirs;  /* courierimapuiddb was read: it may know UIDs we do not */
        KeywordList keywords;
        bool has_keywords; /* courierimapkeywords was read: somebody changed it */
        bool uids_changed; /* courierimapuiddb has to be written */
} Scan;

void scan_done(Scan *scan);

/** scan_read_courier_files() - courierimapuiddb and courierimapkeywords, if they changed */
[[nodiscard]] int scan_read_courier_files(Scan *scan);

/** scan_number_newcomers() - gather an addition for each, in the order of Courier's numbers */
[[nodiscard]] int scan_number_newcomers(Scan *scan);

/** scan_keyword_words() - a message's keywords as Courier's files have them, as bits */
void scan_keyword_words(Scan *scan, const char *base, uint64_t *ret_words);
