/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every change to mail on disk goes through these functions, so that what a crash can leave
 * behind is a list one can read, and test. What a caller may want to handle is an outcome;
 * anything else is reported here and returned as negative errno.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum {
        DISK_DONE = 0,
        DISK_MISSING,       /* ENOENT */
        DISK_EXISTS,        /* EEXIST, ENOTEMPTY */
        DISK_NO_SPACE,      /* ENOSPC, EDQUOT, EFBIG */
        DISK_FORBIDDEN,     /* EACCES, EPERM, EROFS */
        DISK_NAME_TOO_LONG, /* ENAMETOOLONG */
        DISK_NOT_THAT_KIND, /* ENOTDIR, EISDIR, ELOOP: no directory, or a symbolic link */
        DISK_CANNOT_LINK,   /* EXDEV, EMLINK, EOPNOTSUPP: copy instead */
        DISK_BUSY,          /* a lock that somebody else did not let go in time */
};

/** disk_outcome() - what an errno of an attempt to "verb 'name'" means; 0 stays 0 */
int disk_outcome(int error, const char *verb, const char *name);

/**
 * disk_open() - open below a directory, following no symbolic link and leaving it never
 * @flags:   of open(2); O_CLOEXEC and O_NOCTTY are added
 * @ret_fd:  owned by the caller
 *
 * openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS.
 */
[[nodiscard]] int disk_open(int dir_fd, const char *path, int flags, mode_t mode, int *ret_fd);

/** disk_stat() - of the entry itself, not of what a link points to */
[[nodiscard]] int disk_stat(int dir_fd, const char *path, struct stat *ret_stat);

/** disk_write() - write all, or as much as there is room for */
[[nodiscard]] int disk_write(int fd, const void *data, size_t size, const char *name);
[[nodiscard]] int disk_sync(int fd, const char *name);

/**
 * disk_write_out() - the file's data is on its way, or has arrived: disk_sync() has less to do
 *
 * Waiting for the data of several files first, and syncing then, lets the file system commit what
 * it knows of all of them once. No promise by itself.
 */
typedef enum DiskWriteOut {
        DISK_WRITE_OUT_START,
        DISK_WRITE_OUT_WAIT,
} DiskWriteOut;
void disk_write_out(int fd, DiskWriteOut how);

/** disk_sync_all() - the whole file system that a descriptor is on: for very many files */
[[nodiscard]] int disk_sync_all(int fd, const char *name);
[[nodiscard]] int disk_truncate(int fd, uint64_t size, const char *name);

/** disk_set_time() - modification (and access) time of an open file */
[[nodiscard]] int disk_set_time(int fd, int64_t time_sec, const char *name);

/** disk_rename() - replaces; disk_rename_new() - DISK_EXISTS instead of replacing */
[[nodiscard]] int disk_rename(int old_dir, const char *old_name, int new_dir,
                              const char *new_name);
[[nodiscard]] int disk_rename_new(int old_dir, const char *old_name, int new_dir,
                                  const char *new_name);
[[nodiscard]] int disk_link(int old_dir, const char *old_name, int new_dir,
                            const char *new_name);
[[nodiscard]] int disk_unlink(int dir_fd, const char *name);
[[nodiscard]] int disk_make_directory(int dir_fd, const char *name, mode_t mode);
[[nodiscard]] int disk_remove_directory(int dir_fd, const char *name);

/** disk_remove_tree() - a directory with everything in it, at most DISK_TREE_DEPTH levels */
enum { DISK_TREE_DEPTH = 16 };
[[nodiscard]] int disk_remove_tree(int dir_fd, const char *name);

/**
 * disk_replace() - put a complete file in place of another
 * @temporary:  name in the temporary directory, replaced if it is there
 * @synced:     on disk (fsync) before it gets its name
 */
typedef struct DiskFile {
        int temporary_dir;
        const char *temporary;
        int dir;
        const char *name;
        mode_t mode;
        int synced;
} DiskFile;
[[nodiscard]] int disk_replace(const DiskFile *file, const void *data, size_t size);

/**
 * disk_read() - a whole small file
 * @ret_data:  owned by the caller, NUL-terminated; @ret_stat: NULL allowed
 *
 * Return: DISK_DONE, DISK_MISSING, …; more than limit is reported, negative.
 */
[[nodiscard]] int disk_read(int dir_fd, const char *name, size_t limit, char **ret_data,
                            size_t *ret_size, struct stat *ret_stat);
