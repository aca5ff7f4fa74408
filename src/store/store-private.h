/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the store share. */
#pragma once

#include "index/cache.h"
#include "index/header-block.h"
#include "index/index.h"
#include "maildir/folder-lock.h"
#include "maildir/folder-name.h"
#include "maildir/folder.h"
#include "store/cache-site.h"
#include "store/mailbox.h"
#include "store/status-memory.h"
#include "store/store.h"

struct MailStore {
        int root_fd;           /* owned; the Maildir */
        char *path;            /* owned; for reports */
        StoreSettings settings;
        UniqueNames names;
        CacheSite cache_site;
        Cache *cache;            /* owned; NULL until something is looked for in it */
        HeaderAsked cache_asked; /* fields that were asked for in this session */
        Buffer cache_block;      /* of the message that is looked at */
        Mailbox *append_target;  /* owned; of the last APPEND, or NULL */
        StatusMemory statuses;
        bool append_target_is_new; /* the command that left it there is not over */
};

struct Mailbox {
        MailStore *store;      /* borrowed */
        char *name;            /* owned */
        char directory[FOLDER_DIRECTORY_SIZE];
        Folder folder;
        Index *index;          /* owned; some time between opening and open NULL */
        MailboxAccess access;
        bool can_write;        /* the folder is ours to change on disk */
        bool only_adds;        /* what others did to the files is left for those who look */
        size_t n_visible;      /* records the owner has been told of */
        size_t n_keywords_told, n_recent_told;
        uint64_t version_told;   /* of the table, at the last complete refresh */
        uint64_t modseq_told;    /* nothing up to it has still to be told */
        uint64_t scan_cost_usec; /* of the last listing */
        uint64_t scanned_usec;   /* when that was, monotonic clock */
        int watch_fd;          /* owned; -EBADF when there is none */
        bool watch_tried;
        bool may_have_changed; /* the source of changes said so, and nobody has looked since */
        bool has_unsaved_proof; /* the time of the last listing is in memory only */
        bool proves;            /* somebody has the time: mailbox_prove() */
        bool purged;            /* tmp/ was looked through */
        bool has_written_uids;  /* to courierimapuiddb */
        bool has_reserved_uids; /* there, in a small mailbox: to be given back */
        bool dovecot_was_last;  /* while the index is made: its letters are the keywords */
        bool is_cur_unsettled;  /* names in cur/ were changed or removed, maybe not on disk */
};

/** store_outcome() - STORE_… from DISK_…; a missing thing is a missing mailbox */
int store_outcome(int disk_outcome);

/** store_outcome_of_index() - the same from INDEX_… */
int store_outcome_of_index(int index_outcome);

/** store_resolve() - a name's directory, or STORE_INVALID_NAME, STORE_NAME_TOO_LONG */
int store_resolve(const char *name, char ret_directory[FOLDER_DIRECTORY_SIZE]);

/** store_new_uidvalidity() - greater than any given out before in this Maildir, or 0 on failure */
uint32_t store_new_uidvalidity(MailStore *store);

/** store_note_uidvalidity() - one that somebody else gave out: ours will be greater */
void store_note_uidvalidity(MailStore *store, uint32_t uidvalidity);

/**
 * mailbox_open_to_add() - mailbox_open() for somebody who only wants to add messages
 *
 * The files are not looked at, unless nobody ever has, or another server gave out UIDs.
 */
[[nodiscard]] int mailbox_open_to_add(MailStore *store, const char *name, Mailbox **ret_mailbox);

/** mailbox_adopt_index() - a new index with the numbers of the server that was here last */
Index *mailbox_adopt_index(Mailbox *box, bool was_broken);

/** mailbox_note_wire_size() - note the size on the wire; written when the mailbox is closed */
void mailbox_note_wire_size(Mailbox *box, size_t position, uint64_t size);

/** message_keep_wire_size() - the same in the message cache, for copies and a lost index */
void message_keep_wire_size(Mailbox *box, size_t position, uint64_t file_size, uint64_t size);

/** store_open_directory() - a mailbox's directory and nothing more; @ret_fd is the caller's */
[[nodiscard]] int store_open_directory(MailStore *store, const char *name, int *ret_fd);

/** store_object_id_text() - INDEX_OBJECT_ID_OCTETS as text: what mailbox_object_id() gives */
void store_object_id_text(const unsigned char *octets, char ret_text[MAILBOX_OBJECT_ID_SIZE]);

/** mailbox_lock() - @scan: numbers messages, so Courier is kept out as well */
[[nodiscard]] int mailbox_lock(Mailbox *box, bool scan, FolderLock *ret_lock);

/** mailbox_expect_scan_cost() - of a listing for proof, which nobody should wait for at once */
void mailbox_expect_scan_cost(Mailbox *box);

/** mailbox_commit() - index_commit() with a STORE_… outcome */
[[nodiscard]] int mailbox_commit(Mailbox *box, unsigned how);

/** mailbox_commit_much() - the same if much has gathered: the first part of what goes on */
[[nodiscard]] int mailbox_commit_much(Mailbox *box, unsigned how);

/** mailbox_find_present() - position of a message the owner knows and that is not gone */
bool mailbox_find_present(const Mailbox *box, uint32_t uid, size_t *ret_position);

/** message_cache_of() - the account's cache; NULL when there is to be none */
Cache *message_cache_of(Mailbox *box);

/** message_cache_key() - of the message at a position; false when it is gone */
[[nodiscard]] bool message_cache_key(Mailbox *box, size_t position, CacheKey *ret_key);

/** mailbox_open_target() - the mailbox that messages go to: box itself, or *ret_own for it */
[[nodiscard]] int mailbox_open_target(Mailbox *box, const char *name, Mailbox **ret_own,
                                      Mailbox **ret_target);

/** mailbox_next_present() - the next of uids that is present; for loops, from uid 0 on */
bool mailbox_next_present(const Mailbox *box, const NumberSet *uids, uint32_t *uid,
                          size_t *ret_position);

/** mailbox_copy_keywords() - a message's keywords as bits of the target; false: too many */
[[nodiscard]] bool mailbox_copy_keywords(const Mailbox *box, size_t position, Mailbox *target,
                                         uint64_t *ret_words);

/** mailbox_file_name() - what the file of a message should be called; owned by the caller */
[[nodiscard]] char *mailbox_file_name(const Mailbox *box, size_t position);

/** mailbox_rename_current() - in cur/; another message that has the new name gets one of its own */
[[nodiscard]] int mailbox_rename_current(Mailbox *box, const char *from, const char *to);

/** mailbox_synchronize() - bring the index up to date if anything changed; takes the lock */
[[nodiscard]] int mailbox_synchronize(Mailbox *box);

/** mailbox_synchronize_held() - the same when the caller has the lock, taken for a scan */
[[nodiscard]] int mailbox_synchronize_held(Mailbox *box);

/** mailbox_is_proven() - the files in cur/ are those of the index, and no change may be hidden */
bool mailbox_is_proven(const Mailbox *box);

/**
 * mailbox_new_is_empty() - new/ is as the last scan left it, which was empty
 * @new:  what it is now
 */
bool mailbox_new_is_empty(const Mailbox *box, const FileIdentity *new);

/** mailbox_time_tells() - a directory's last change is old: the next one is at another time */
bool mailbox_time_tells(const FileIdentity *directory);

typedef enum ScanReach {
        SCAN_NOTHING,
        SCAN_NEW, /* cur/ is known: only new/ is listed */
        SCAN_ALL,
} ScanReach;

/** mailbox_scan() - what these do when they find that they must; under the lock */
[[nodiscard]] int mailbox_scan(Mailbox *box, ScanReach reach);

/**
 * mailbox_note_directories() - what cur/ was before a change of our own, and is after it
 *
 * So that our own change does not make us list the directory again.
 */
typedef struct DirectoryNote {
        bool was_known; /* what the index said of cur/ was true before */
} DirectoryNote;
DirectoryNote mailbox_note_before(Mailbox *box);
void mailbox_note_after(Mailbox *box, DirectoryNote note, uint32_t dirty);

/** mailbox_write_back() - courierimapuiddb and courierimapkeywords, where they are behind */
void mailbox_write_back(Mailbox *box, uint32_t which); /* the caller has the lock */

/**
 * mailbox_rewrite_uids(), mailbox_write_keywords() - these as a whole, right now, under the lock
 * @facts:  those of the mailbox, to be committed by the caller
 *
 * Return: DISK_DONE, ….
 */
[[nodiscard]] int mailbox_rewrite_uids(Mailbox *box, IndexFacts *facts);
[[nodiscard]] int mailbox_write_keywords(Mailbox *box, IndexFacts *facts);

/** mailbox_leave() - write what was put off to the end: Courier's files, sizes; takes the lock */
void mailbox_leave(Mailbox *box);
