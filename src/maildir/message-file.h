/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Message files: listing them, writing new ones in tmp/, finding one that was renamed.
 *
 * A file gets its name in cur/ only when it is complete, and synced by whoever publishes it.
 */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "maildir/folder.h"

/* Names in one directory, in no order, one run of memory. */
typedef struct FileList {
        char *octets;    /* owned; NUL-terminated names one after the other */
        size_t size, n_octets_allocated;
        size_t *offsets; /* owned; where each name starts */
        size_t n_files, n_allocated;
} FileList;

#define _cleanup_file_list_ _cleanup_(file_list_done)
void file_list_done(FileList *list);

static inline const char *file_list_at(const FileList *list, size_t i) {
        return list->octets + list->offsets[i];
}

void file_list_add(FileList *list, const char *name);

/** file_list_read() - messages of cur/ or new/: every name that does not start with '.' */
[[nodiscard]] int file_list_read(int dir_fd, FileList *ret_list);

/**
 * message_file_find() - the name a message has now in cur/
 * @guess:     tried first, with one stat
 * @ret_name:  owned by the caller
 *
 * Then all names are looked at for the same base name. Return: DISK_DONE, DISK_MISSING.
 */
[[nodiscard]] int message_file_find(const Folder *folder, const char *guess, char **ret_name);

/** message_file_open() - for reading; @ret_name: as above, NULL when it is not wanted */
[[nodiscard]] int message_file_open(const Folder *folder, const char *guess, int *ret_fd,
                                    char **ret_name);

/* A message being written. */
typedef struct MessageFile {
        int fd;               /* owned; -EBADF when closed */
        int tmp_fd;           /* borrowed */
        char *temporary;      /* owned; its name in tmp/; NULL when there is none */
        UniqueName unique;
} MessageFile;

#define MESSAGE_FILE_NONE ((MessageFile){ .fd = -EBADF, .tmp_fd = -EBADF })

/** message_file_create() - an empty file in tmp/ */
[[nodiscard]] int message_file_create(const Folder *folder, UniqueNames *names,
                                      MessageFile *ret_file);

/**
 * message_file_finish() - date it, when all is written; it stays open to be synced
 * @date_sec:  its modification time, which is the message's internal date
 * @ret_base:  owned by the caller: the base name it is to have
 */
[[nodiscard]] int message_file_finish(MessageFile *file, const UniqueNames *names,
                                      int64_t date_sec, char **ret_base, struct stat *ret_stat);

/** message_file_publish() - give it its name in cur/; DISK_EXISTS when that is taken */
[[nodiscard]] int message_file_publish(MessageFile *file, int cur_fd, const char *name);

/** message_file_discard() - close and remove it, unless it was published */
void message_file_discard(MessageFile *file);

/**
 * message_file_copy() - a copy of cur/<name> under a new base name
 * @size:      of the file, if the name does not say it; UINT64_MAX is unknown
 * @ret_base:  owned by the caller
 *
 * A hard link where the file system can: files of messages never change, and the time of the
 * file, which is the internal date, is the same for both. Otherwise the data is copied, and
 * synced.
 */
[[nodiscard]] int message_file_copy(const Folder *source, const char *name, const Folder *target,
                                    UniqueNames *names, uint64_t size, const char *suffix,
                                    char **ret_base);
