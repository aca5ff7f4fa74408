/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What STATUS has told in this session, and of which files: a client that asks for all its
 * mailboxes every few minutes mostly hears the same, and a look at the files' times finds out.
 */
#pragma once

#include "index/index.h"
#include "maildir/folder-name.h"
#include "store/store.h"

enum { STATUS_MEMORY_MAX = 512 }; /* mailboxes, of some 350 octets each */

/* What a status was worked out from. */
typedef struct StatusSource {
        IndexFiles index;
        FileIdentity cur, new, uid_database, keyword_directory;
        FileIdentity dovecot_uidlist; /* zero where Dovecot has never been */
} StatusSource;

typedef struct KnownStatus {
        char *directory; /* owned */
        size_t hash;     /* of directory */
        unsigned options;
        StatusSource source;
        MailboxStatus status;
} KnownStatus;

typedef struct StatusMemory {
        KnownStatus *list; /* owned */
        size_t n_list, n_allocated;
        size_t at; /* the last one that was asked for: the one behind it is mostly the next */
} StatusMemory;

void status_memory_done(StatusMemory *memory);

/** status_memory_find() - false when it is not known, or not any more */
bool status_memory_find(StatusMemory *memory, int root_fd, const char *directory,
                        unsigned options, MailboxStatus *ret_status);

/** status_memory_keep() - @source: as it was before anything was counted */
void status_memory_keep(StatusMemory *memory, const char *directory, unsigned options,
                        const StatusSource *source, const MailboxStatus *status);
