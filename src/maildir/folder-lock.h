/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lock of a folder: an open-file-description lock on "imapd.lock", which all our processes
 * take, and, for what Courier locks too, its dot-lock "tmp/courier.lock".
 *
 * Lock files of ours can be recognised (they are executable by the owner): since whoever looks
 * at one holds the other lock, such a file is left over from a crash and is removed at once,
 * without Courier's five seconds of waiting.
 */
#pragma once

#include <errno.h>

#include "maildir/folder.h"

typedef struct FolderLock {
        int fd;      /* owned; of imapd.lock */
        int tmp_fd;  /* borrowed; where courier.lock is ours, else -EBADF */
} FolderLock;

#define FOLDER_LOCK_NONE ((FolderLock){ -EBADF, -EBADF })

/* A lock is waited for a little longer than a foreign one needs to become stale. */
enum { COURIER_LOCK_STALE_SEC = 120, FOLDER_LOCK_WAIT_SEC = 125 };

/**
 * folder_lock() - wait for the lock of a folder and take it
 * @dir_fd:   the folder's directory
 * @courier:  the folder, when Courier's programs must be kept out too; NULL when not
 *
 * Holders work for milliseconds. A foreign courier.lock is waited for until its process is gone
 * or it is COURIER_LOCK_STALE_SEC old. The wait ends early when a signal to stop is pending: a
 * session blocks those and looks at them where it waits for its client.
 * Return: DISK_DONE, DISK_BUSY, DISK_FORBIDDEN, DISK_NO_SPACE, ….
 */
[[nodiscard]] int folder_lock(int dir_fd, const Folder *courier, UniqueNames *names,
                              FolderLock *ret_lock);
void folder_unlock(FolderLock *lock);

/** account_lock() - the lock for files of the account as a whole; innermost, after a folder's */
[[nodiscard]] int account_lock(int root_fd, FolderLock *ret_lock);
