/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is on disk when a client hears of it (IMAP_FSYNC), in as few syncs as can be.
 *
 * A journaling file system commits all it knows at once, whichever file is synced. So data is
 * written out, and waited for, before the first sync: that one does the work, and the others find
 * it done. New messages are synced before they get their names, so that nobody ever finds half of
 * one; then come names and log; then the syncs of these two (mailbox_settle()).
 */
#pragma once

#include <stddef.h>

#include "store/store.h"

enum { UNSYNCED_FILES_MAX = 16 }; /* with more than these the file system is synced as a whole */

/* New messages whose data may not be on disk yet. */
typedef struct Unsynced {
        int fds[UNSYNCED_FILES_MAX]; /* owned */
        size_t n_fds;
        bool has_more; /* files that are closed again */
} Unsynced;

void unsynced_done(Unsynced *unsynced);

/** unsynced_start() - what has been written so far may go to the disk already */
void unsynced_start(StoreSync sync, int fd);

/** unsynced_add() - a message is written; @fd is taken over, also on failure */
[[nodiscard]] int unsynced_add(Unsynced *unsynced, StoreSync sync, int fd);

/** unsynced_sync() - before they get their names; @dir_fd: on the same file system */
[[nodiscard]] int unsynced_sync(Unsynced *unsynced, int dir_fd);
