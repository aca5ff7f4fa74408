/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One account's mail: the Maildir, its folders and what they are called.
 *
 * A mailbox name is UTF-8 with '/' between levels and starts with "INBOX"; on disk
 * "INBOX/Work/2024" is the directory ".Work.2024" of the Maildir. No level may be empty or
 * hold '.', '/' or a control character. Outcomes are STORE_…; negative values are errno.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"
#include "basic/names.h"
#include "store/outcome.h"

typedef struct MailStore MailStore;

enum {
        STORE_NAME_SIZE = 256,      /* octets of a name on disk, with NUL */
        STORE_PATH_SIZE = 1024,     /* octets of a setting that is a path, with NUL */
        STORE_CACHE_MIB = 1024,     /* IMAP_CACHESIZE unless it is set */
        STORE_CACHE_MIB_MAX = 65536,
        MAILBOX_KEYWORDS_MAX = 512, /* different keywords a mailbox can have */
};

/*
 * Knows whether a folder has changed, so that nothing needs to look (the notify service's
 * generations). Absent, or answering 'unknown', the directories are looked at.
 */
typedef enum StoreChange {
        STORE_CHANGE_UNKNOWN = 0,
        STORE_CHANGE_NONE, /* since the last call with this directory */
        STORE_CHANGE_SOME,
} StoreChange;

typedef struct StoreChangeSource {
        StoreChange (*look)(void *userdata, int mailbox_fd);
        void *userdata;
} StoreChangeSource;

/* What is synced before a client hears of it: IMAP_FSYNC. */
typedef enum StoreSync {
        STORE_SYNC_FULL = 0, /* "full": messages, their names, flags and UIDs */
        STORE_SYNC_DATA,     /* "data": messages, before they get their names */
        STORE_SYNC_OFF,      /* "off": left to the system */
        _STORE_SYNC_MAX,
} StoreSync;
DECLARE_NAMES(store_sync, StoreSync);

typedef struct StoreSettings {
        bool use_locks;                   /* IMAP_USELOCKS: take Courier's dot-lock as well */
        bool rebuild_newer;               /* IMAP_INDEX_REBUILD_NEWER */
        char host_name[STORE_NAME_SIZE];  /* HOSTNAME or gethostname(): in names of new files */
        char trash_name[STORE_NAME_SIZE]; /* IMAP_TRASHFOLDERNAME, as on disk, without "INBOX." */
        StoreSync sync;                   /* IMAP_FSYNC */
        StoreChangeSource changes;        /* zeroed: look at the directories */
        uint64_t cache_size;              /* IMAP_CACHESIZE in octets; 0: no message cache */
        char cache_directory[STORE_PATH_SIZE]; /* IMAP_CACHEDIR; empty: in the Maildir */
} StoreSettings;

/** store_settings_read() - from the environment, with Courier's names and defaults */
void store_settings_read(StoreSettings *ret_settings);

/**
 * store_open() - open an account's Maildir, creating it when there is none
 * @settings:   copied
 * @ret_store:  owned by the caller, released by store_close() after all its mailboxes
 *
 * Return: STORE_DONE, STORE_NO_MAILDIR, STORE_UNREADABLE, STORE_NO_SPACE, negative errno.
 */
[[nodiscard]] int store_open(const char *maildir_path, const StoreSettings *settings,
                             MailStore **ret_store);
MailStore *store_close(MailStore *store);
DEFINE_CLEANUP(MailStore *, store_close);

typedef struct StoreListEntry {
        char *name;        /* owned; "INBOX/Work" */
        bool exists;       /* false: only implied by a child's name, \Noselect */
        bool has_children;
} StoreListEntry;

typedef struct StoreList {
        StoreListEntry *entries; /* owned; sorted, children right behind their parent */
        size_t n_entries;
} StoreList;

#define _cleanup_store_list_ _cleanup_(store_list_done)
void store_list_done(StoreList *list);

/** store_list() - all mailboxes and implied parents; one readdir, cost O(mailboxes) */
[[nodiscard]] int store_list(MailStore *store, StoreList *ret_list);

/** store_list_one() - what store_list() says of one name, where it need not be; one readdir */
[[nodiscard]] int store_list_one(MailStore *store, const char *name, bool *ret_exists,
                                 bool *ret_has_children);

/** store_name_is_below() - "INBOX/Work/2024" is below "INBOX/Work" and "INBOX" */
_pure_ bool store_name_is_below(const char *name, const char *parent);

/** store_list_compare() - the order of a list: '/' before all other octets */
_pure_ int store_list_compare(const char *a, const char *b);

/**
 * store_subscriptions() - what courierimapsubscribed names, existing or not; none twice
 *
 * Parents of what is subscribed appear with exists = false, has_children = true, unless they
 * are subscribed themselves. Names outside of INBOX ("#shared/x") are passed on as they are.
 */
[[nodiscard]] int store_subscriptions(MailStore *store, StoreList *ret_list);

/** store_subscribe(), store_unsubscribe() - need not exist; doing it twice is STORE_DONE */
[[nodiscard]] int store_subscribe(MailStore *store, const char *name);
[[nodiscard]] int store_unsubscribe(MailStore *store, const char *name);

/** store_mailbox_exists() - STORE_DONE, STORE_NO_SUCH_MAILBOX, STORE_INVALID_NAME, …; one stat */
[[nodiscard]] int store_mailbox_exists(MailStore *store, const char *name);

/** store_create_mailbox() - parents are not created and need not exist (RFC 9051, 6.3.4) */
[[nodiscard]] int store_create_mailbox(MailStore *store, const char *name);

/**
 * store_delete_mailbox() - remove a mailbox with its mail; children stay (RFC 9051, 6.3.5)
 *
 * It vanishes at once by a rename; a session that has it open gets STORE_MAILBOX_LOST.
 * A mailbox made later with this name has a greater UIDVALIDITY.
 */
[[nodiscard]] int store_delete_mailbox(MailStore *store, const char *name);

/**
 * store_rename_mailbox() - with its children; UIDs and UIDVALIDITY stay (RFC 9051, 6.3.6)
 *
 * INBOX moves its messages into a new mailbox and stays, empty, with its children. A source
 * that exists only as a parent renames its children.
 */
[[nodiscard]] int store_rename_mailbox(MailStore *store, const char *name, const char *new_name);

enum { STORE_OBJECT_ID_SIZE = 34 };

typedef struct MailboxStatus {
        uint32_t n_messages, n_recent, n_unseen, n_deleted;
        uint32_t uidnext, uidvalidity;
        uint64_t size_octets; /* sum of sizes on the wire */
        uint64_t highest_modseq;
        char object_id[STORE_OBJECT_ID_SIZE]; /* mailbox_object_id() */
} MailboxStatus;

enum { STATUS_WITH_SIZE = 1 << 0 }; /* size_octets is wanted: may read every message once */

/**
 * store_status() - counts of a mailbox that need not be open (RFC 9051, 6.3.11)
 *
 * Messages still in new/ stay there: they count as messages, recent and unseen, and raise
 * uidnext as they will when they are numbered.
 */
[[nodiscard]] int store_status(MailStore *store, const char *name, unsigned options,
                               MailboxStatus *ret_status);

/** store_trash_name() - "INBOX/Trash", whatever IMAP_TRASHFOLDERNAME says; the caller's */
char *store_trash_name(const MailStore *store);

/** store_is_marked() - \Marked as Courier has it: a message in new/ or cur/ that is not \Seen */
[[nodiscard]] int store_is_marked(MailStore *store, const char *name, bool *ret_marked);
