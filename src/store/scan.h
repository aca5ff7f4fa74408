/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One look at a folder's files, and what it means for the index. Under the folder's lock, or
 * for an index that is kept in memory.
 */
#pragma once

#include "maildir/directory-reader.h"
#include "maildir/dovecot-uidlist.h"
#include "maildir/keyword-list.h"
#include "maildir/uid-database.h"
#include "store/dovecot-letters.h"
#include "store/name-map.h"
#include "store/newcomers.h"
#include "store/position-map.h"
#include "store/store-private.h"

/* UIDs of another server with our UIDVALIDITY, which was read because it may know more. */
typedef struct TheirUids {
        UidDatabase database;
        NameMap map;
        bool there;
} TheirUids;

void their_uids_take(TheirUids *uids, UidDatabase *database); /* leaves it empty */
void their_uids_done(TheirUids *uids);

typedef enum ScanAnswer {
        SCAN_UNKNOWN = 0,
        SCAN_NO,
        SCAN_YES,
} ScanAnswer;

typedef struct Scan {
        Mailbox *box;
        IndexFacts facts; /* as they will be */
        PositionMap known;
        uint64_t *seen;   /* owned; a bit for each position: its file is there */
        Newcomers newcomers;
        NameList doubles; /* base names that were there twice */
        int64_t last_usec; /* when the folder was listed before */
        TheirUids courier, dovecot;
        DovecotLetters letters;
        bool letters_are_new;        /* those of known messages were not understood before */
        ScanAnswer dovecot_was_here; /* since the last listing */
        KeywordList keywords;
        bool has_keywords; /* courierimapkeywords was read: somebody changed it */
        bool uids_changed; /* courierimapuiddb has to be written */
} Scan;

void scan_done(Scan *scan);

/** scan_read_their_files() - what Courier and Dovecot have beside the messages, if it changed */
[[nodiscard]] int scan_read_their_files(Scan *scan);

/** scan_read_dovecot_files() - dovecot-uidlist, if it changed, and dovecot-keywords */
[[nodiscard]] int scan_read_dovecot_files(Scan *scan);

/** scan_identity() - of a file in the folder; zero when it is missing */
FileIdentity scan_identity(int dir_fd, const char *name);

/**
 * scan_take_numbering() - another server's UIDVALIDITY, which is greater, replaces ours
 *
 * Return: STORE_DONE, STORE_MAILBOX_LOST.
 */
[[nodiscard]] int scan_take_numbering(Scan *scan, const UidDatabase *theirs, const char *who);

/** scan_letter_words() - what a change of the letters in a name means for the keywords */
void scan_letter_words(Scan *scan, uint64_t old, uint64_t now, uint64_t *words);

/** scan_add_newcomer() - a file that the index does not know; it gets its UID from their files */
void scan_add_newcomer(Scan *scan, const char *name, DirectoryKind kind);

/** scan_number_newcomers() - gather an addition for each, in the order of Courier's numbers */
[[nodiscard]] int scan_number_newcomers(Scan *scan);

/** scan_keyword_words() - a message's keywords as Courier's files have them, as bits */
void scan_keyword_words(Scan *scan, const char *base, uint64_t *ret_words);

/**
 * scan_move_new() - new/ to cur/
 * @only_new:  cur/ is known, so what was moved are the newcomers
 */
[[nodiscard]] int scan_move_new(Scan *scan, bool only_new);

/** scan_settle_doubles() - give each of two messages with one base name a name of its own */
[[nodiscard]] int scan_settle_doubles(Scan *scan);
