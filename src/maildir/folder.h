/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One folder's directories: the Maildir itself or a ".Name" in it, with cur/, new/ and tmp/. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "basic/disk.h"
#include "basic/memory.h"
#include "maildir/unique-name.h"

typedef struct Folder {
        int dir_fd, cur_fd, new_fd, tmp_fd; /* owned; -EBADF when closed */
} Folder;

#define FOLDER_CLOSED ((Folder){ -EBADF, -EBADF, -EBADF, -EBADF })
#define _cleanup_folder_ _cleanup_(folder_close)

void folder_close(Folder *folder);

/**
 * folder_open() - open a folder's directories; makes new/ or tmp/ if only these are missing
 * @directory:  "." or ".Work.2024" (maildir/folder-name.h)
 *
 * Return: DISK_DONE, DISK_MISSING (also without cur/), DISK_FORBIDDEN, DISK_NOT_THAT_KIND.
 */
[[nodiscard]] int folder_open(int root_fd, const char *directory, Folder *ret_folder);

/** folder_is_there() - the directory of that name is still this one */
bool folder_is_there(int root_fd, const char *directory, const Folder *folder);

/**
 * folder_create() - make ".Work" with all that belongs into it; it appears at once, whole
 *
 * Return: DISK_DONE, DISK_EXISTS, DISK_NO_SPACE, DISK_FORBIDDEN, DISK_NAME_TOO_LONG.
 */
[[nodiscard]] int folder_create(int root_fd, UniqueNames *names, const char *directory);

/** folder_delete() - let it vanish at once, into tmp/ of the Maildir, then remove it there */
[[nodiscard]] int folder_delete(int root_fd, UniqueNames *names, const char *directory);

/**
 * maildir_open() - open an account's Maildir
 *
 * Return: DISK_DONE, DISK_MISSING, DISK_FORBIDDEN, DISK_NOT_THAT_KIND.
 */
[[nodiscard]] int maildir_open(const char *path, int *ret_fd);

/** maildir_create() - with cur/, new/ and tmp/; what is there already stays; parents must be */
[[nodiscard]] int maildir_create(const char *path);

/* Names found in a directory. */
typedef struct NameList {
        char **names; /* owned, and each of them */
        size_t n_names, n_allocated;
} NameList;

#define _cleanup_name_list_ _cleanup_(name_list_done)
void name_list_done(NameList *list);
void name_list_add(NameList *list, const char *name);

/** maildir_list() - the ".Name" directories of a Maildir, in no order */
[[nodiscard]] int maildir_list(int root_fd, NameList *ret_list);

/** folder_purge_tmp() - remove what is older than 36 hours (ctime) in tmp/, and folders deleted */
void folder_purge_tmp(const Folder *folder);
