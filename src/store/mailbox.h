/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An open mailbox: messages by position, and what changed since somebody last looked.
 *
 * Positions count from 0 in order of UID and move only in mailbox_refresh(). A message that
 * disappears keeps its position, as STORE_EXPUNGED, until a refresh with expunges.
 * Several Mailbox objects, in one process or many, may have the same mailbox open.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/flag.h"
#include "basic/memory.h"
#include "basic/number-set.h"
#include "store/outcome.h"

typedef struct MailStore MailStore;
typedef struct Mailbox Mailbox;

typedef enum MailboxAccess {
        MAILBOX_READ_WRITE, /* SELECT: takes messages out of new/ */
        MAILBOX_READ_ONLY,  /* EXAMINE: leaves new/ alone; what is there appears once moved */
} MailboxAccess;

/**
 * mailbox_open() - open a mailbox and bring it up to date
 * @ret_mailbox:  owned by the caller, released by mailbox_close()
 *
 * Where nothing can be written (permissions, read-only file system) it opens all the same and
 * mailbox_is_read_only() says so. Cost: reading the index; and the directories if they changed.
 * Return: STORE_DONE, STORE_NO_SUCH_MAILBOX, STORE_INVALID_NAME, STORE_UNREADABLE.
 */
[[nodiscard]] int mailbox_open(MailStore *store, const char *name, MailboxAccess access,
                               Mailbox **ret_mailbox);
Mailbox *mailbox_close(Mailbox *box);
DEFINE_CLEANUP(Mailbox *, mailbox_close);

const char *mailbox_name(const Mailbox *box); /* borrowed; the name it was opened with */
bool mailbox_is_read_only(const Mailbox *box);
uint32_t mailbox_uidvalidity(const Mailbox *box);
uint32_t mailbox_uidnext(const Mailbox *box);
uint64_t mailbox_highest_modseq(const Mailbox *box);

/**
 * mailbox_told_modseq() - no change up to it is still to be told (RFC 7162, 3.2)
 *
 * Below mailbox_highest_modseq() while messages that disappeared keep their positions, and
 * between a change of our own and the next refresh.
 */
uint64_t mailbox_told_modseq(const Mailbox *box);

enum { MAILBOX_OBJECT_ID_SIZE = 34 }; /* octets of its text, with NUL; as in MailboxStatus */

/** mailbox_object_id() - letters and digits; the same after a RENAME (RFC 8474, MAILBOXID) */
void mailbox_object_id(const Mailbox *box, char ret_text[MAILBOX_OBJECT_ID_SIZE]);

typedef struct MessageRecord {
        uint32_t uid;
        MessageFlags flags; /* FLAGS_STORED only */
        bool recent;        /* this Mailbox was the first to see it */
        bool gone;          /* expunged by somebody; flags are the last known */
        uint64_t modseq;
        int64_t save_date_sec;     /* when it came into this mailbox (RFC 8514); 0 unknown */
        uint64_t email_id;         /* the same for all copies (RFC 8474), never 0 */
        const uint64_t *keyword_words; /* borrowed until the mailbox is next changed or refreshed */
        size_t n_keyword_words;
} MessageRecord;

static inline bool message_record_has_keyword(const MessageRecord *record, size_t keyword) {
        return keyword / 64 < record->n_keyword_words &&
               (record->keyword_words[keyword / 64] >> (keyword % 64) & 1);
}

size_t mailbox_n_messages(const Mailbox *box); /* those that mailbox_refresh() has told of */
size_t mailbox_n_recent(const Mailbox *box);

/** mailbox_first_unseen() - the first message without \Seen; false when there is none */
bool mailbox_first_unseen(const Mailbox *box, size_t *ret_position);

/**
 * mailbox_expunged_since() - UIDs that were expunged after a modseq (RFC 7162, 3.2.5.2)
 * @ret_uids:      added to; initialised by the caller
 * @ret_complete:  false: more may have been, longer ago than is remembered (30 days and 10,000)
 */
void mailbox_expunged_since(const Mailbox *box, uint64_t modseq, NumberSet *ret_uids,
                            bool *ret_complete);

/** mailbox_message_at() - @position < mailbox_n_messages(); no system call */
void mailbox_message_at(const Mailbox *box, size_t position, MessageRecord *ret_record);

/** mailbox_find_uid() - logarithmic; false when no position has this UID */
bool mailbox_find_uid(const Mailbox *box, uint32_t uid, size_t *ret_position);

/** mailbox_first_position() - the first position whose UID is >= uid, or n_messages */
size_t mailbox_first_position(const Mailbox *box, uint32_t uid);

/* Keywords are numbered 0 to n-1; numbers and names stay while the mailbox is open. */
size_t mailbox_n_keywords(const Mailbox *box);
const char *mailbox_keyword(const Mailbox *box, size_t keyword);

/** mailbox_find_keyword() - ASCII case ignored; false when no message ever had it */
bool mailbox_find_keyword(const Mailbox *box, const char *name, size_t *ret_keyword);

/** mailbox_internal_date() - seconds UTC; known after the first time. STORE_EXPUNGED when gone */
[[nodiscard]] int mailbox_internal_date(Mailbox *box, size_t position, int64_t *ret_sec);

/** mailbox_wire_size() - RFC822.SIZE; known after the first time. STORE_EXPUNGED when gone */
[[nodiscard]] int mailbox_wire_size(Mailbox *box, size_t position, uint64_t *ret_size);

typedef struct MailboxExpunge {
        size_t position; /* before anything was removed */
        uint32_t uid;
} MailboxExpunge;

typedef struct MailboxChanges {
        MailboxExpunge *expunged; /* owned; ascending; empty without with_expunges */
        size_t n_expunged;
        size_t n_added;           /* at the end */
        size_t *changed;          /* owned; positions as they are now, ascending, not the added */
        size_t n_changed;         /* flags or keywords changed by somebody else */
        bool keywords_changed;    /* the mailbox has new keywords */
} MailboxChanges;

#define _cleanup_mailbox_changes_ _cleanup_(mailbox_changes_done)
void mailbox_changes_done(MailboxChanges *changes);

/**
 * mailbox_refresh() - look for changes by others and make them visible
 * @with_expunges:  false leaves disappeared messages at their positions
 * @ret_changes:    owned by the caller; NULL when not wanted
 *
 * Changes made through this Mailbox's mailbox_store_flags() are not told of again; its own
 * mailbox_expunge(), mailbox_move() and appends are. Eight stat calls when nothing changed.
 * Return: STORE_DONE or STORE_MAILBOX_LOST, after which only mailbox_close() makes sense.
 */
[[nodiscard]] int mailbox_refresh(Mailbox *box, bool with_expunges, MailboxChanges *ret_changes);

/**
 * mailbox_proof_wait_usec() - of silence, until mailbox_prove() should be called
 *
 * A directory that changed in the moment it was listed may have changed once more within the same
 * tick of its clock. Only another listing tells, and that of a large mailbox is left for a time
 * when nobody waits for an answer. USEC_INFINITY: there is nothing to prove.
 */
uint64_t mailbox_proof_wait_usec(const Mailbox *box);

/** mailbox_prove() - list the files; the next mailbox_refresh() tells what was found */
void mailbox_prove(Mailbox *box);

typedef enum FlagsChange {
        FLAGS_REPLACE, /* flags and keywords */
        FLAGS_ADD,
        FLAGS_REMOVE,
} FlagsChange;

/* What mailbox_store_flags() is asked to do. */
typedef struct FlagsWanted {
        FlagsChange change;
        MessageFlags flags;
        char *const *keywords; /* borrowed; legal as IMAP atoms; unknown ones are added */
        size_t n_keywords;
        bool is_conditional; /* a message with a modseq above unchanged_since stays as it is */
        uint64_t unchanged_since;
} FlagsWanted;

/**
 * mailbox_store_flags() - change flags and keywords of messages (RFC 7162, 3.1.3)
 * @uids:          those not in the mailbox, or gone, are skipped
 * @ret_changed:   added to: UIDs whose flags are different now; NULL allowed
 * @ret_modified:  added to: UIDs that did not fulfil the condition; NULL allowed
 *
 * Condition and change are one step: the mailbox is locked, and others' changes are known.
 * Visible at once in mailbox_message_at(). When it fails midway what was done stays done.
 * Return: STORE_DONE, STORE_READ_ONLY, STORE_TOO_MANY_KEYWORDS, STORE_NO_SPACE.
 */
[[nodiscard]] int mailbox_store_flags(Mailbox *box, const NumberSet *uids,
                                      const FlagsWanted *wanted, NumberSet *ret_changed,
                                      NumberSet *ret_modified);

/**
 * mailbox_expunge() - remove messages with \Deleted (RFC 9051, 6.4.3; RFC 4315)
 * @uids:  only these; NULL means all
 *
 * The next refresh with expunges tells. Return: STORE_DONE, STORE_READ_ONLY.
 */
[[nodiscard]] int mailbox_expunge(Mailbox *box, const NumberSet *uids);

/** mailbox_remove() - the same for these messages, with \Deleted or without (RFC 8508) */
[[nodiscard]] int mailbox_remove(Mailbox *box, const NumberSet *uids);

/**
 * mailbox_settle() - have on disk (fsync) what clients are going to be told of
 *
 * mailbox_store_flags(), mailbox_expunge() and the numbering of new messages leave it to this
 * call, so that many of them share it; mailbox_close() makes it too. Without a system call when
 * there is nothing to do. Return: STORE_DONE, STORE_NO_SPACE, negative errno.
 */
[[nodiscard]] int mailbox_settle(Mailbox *box);

typedef struct CopyResult {
        uint32_t uidvalidity;  /* of the target */
        NumberSet source_uids; /* what was copied; empty when nothing was */
        NumberSet target_uids; /* the n-th smallest is the copy of the n-th smallest source */
} CopyResult;

void copy_result_done(CopyResult *result);

/**
 * mailbox_copy() - copy messages with flags, keywords and date (RFC 9051, 6.4.7)
 * @target_name:  may be the mailbox itself
 * @ret_result:   written on STORE_DONE; released by copy_result_done()
 *
 * All or nothing; on disk (fsync) before it returns. Messages that are gone are skipped.
 * Return: STORE_DONE, STORE_NO_SUCH_MAILBOX, STORE_INVALID_NAME, STORE_NO_SPACE,
 * STORE_OVER_QUOTA, STORE_READ_ONLY (of the target).
 */
[[nodiscard]] int mailbox_copy(Mailbox *box, const NumberSet *uids, const char *target_name,
                               CopyResult *ret_result);

/**
 * mailbox_move() - move messages (RFC 6851)
 *
 * Each message is in the source or in the target at any time, never in none. On an outcome
 * other than STORE_DONE the messages that were moved are in ret_result too.
 */
[[nodiscard]] int mailbox_move(Mailbox *box, const NumberSet *uids, const char *target_name,
                               CopyResult *ret_result);

/**
 * mailbox_move_to_trash() - move messages to the trash folder, which is made if need be
 *
 * They lose \Deleted and \Draft on the way. Return: as mailbox_move().
 */
[[nodiscard]] int mailbox_move_to_trash(Mailbox *box, const NumberSet *uids);

/**
 * mailbox_watch() - a descriptor that becomes readable when the mailbox may have changed
 *
 * Borrowed; the same one at every call. -EBADF when the system cannot (then poll with
 * mailbox_refresh()). After it became readable: mailbox_watch_clear(), then mailbox_refresh().
 */
int mailbox_watch(Mailbox *box);
void mailbox_watch_clear(Mailbox *box);
