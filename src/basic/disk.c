/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System calls that change files, with outcomes. */
#include "basic/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/memory.h"
#include "basic/text.h"

int disk_outcome(int error, const char *verb, const char *name) {
        switch (error) {
        case 0:
                return DISK_DONE;
        case ENOENT:
                return DISK_MISSING;
        case EEXIST:
        case ENOTEMPTY:
                return DISK_EXISTS;
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
                return DISK_NO_SPACE;
        case EACCES:
        case EPERM:
        case EROFS:
                return DISK_FORBIDDEN;
        case ENAMETOOLONG:
                return DISK_NAME_TOO_LONG;
        case ENOTDIR:
        case EISDIR:
        case ELOOP:
                return DISK_NOT_THAT_KIND;
        case EXDEV:
        case EMLINK:
        case EOPNOTSUPP:
                return DISK_CANNOT_LINK;
        default:
                return failed(-error, "%s '%s'", verb, name);
        }
}

static int outcome(int result, const char *verb, const char *name) {
        return result < 0 ? disk_outcome(errno, verb, name) : DISK_DONE;
}

int disk_open(int dir_fd, const char *path, int flags, mode_t mode, int *ret_fd) {
        struct open_how how = {
                .flags = (uint64_t) flags | O_CLOEXEC | O_NOCTTY,
                .mode = flags & O_CREAT ? mode : 0,
                .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
        };
        long fd;

        do
                fd = syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));
        while (fd < 0 && (errno == EINTR || errno == EAGAIN)); /* EAGAIN: a rename raced with it */
        if (fd < 0)
                return disk_outcome(errno, "open", path);
        *ret_fd = (int) fd;
        return DISK_DONE;
}

int disk_stat(int dir_fd, const char *path, struct stat *ret_stat) {
        struct stat st;
        int r = outcome(fstatat(dir_fd, path, &st, AT_SYMLINK_NOFOLLOW), "stat", path);

        if (r == DISK_DONE)
                *ret_stat = st;
        return r;
}

int disk_write(int fd, const void *data, size_t size, const char *name) {
        return disk_outcome(-fd_write_all(fd, data, size), "write", name);
}

int disk_sync(int fd, const char *name) {
        int r = fsync(fd);

        /* Some file systems have nothing to sync, directories above all. */
        return r < 0 && (errno == EINVAL || errno == EBADF) ? DISK_DONE : outcome(r, "sync", name);
}

void disk_write_out(int fd, DiskWriteOut how) {
        unsigned flags = SYNC_FILE_RANGE_WRITE;

        if (how == DISK_WRITE_OUT_WAIT)
                flags |= SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WAIT_AFTER;
        (void) sync_file_range(fd, 0, 0, flags); /* where there is no such call the sync does it */
}

int disk_sync_all(int fd, const char *name) {
        return outcome(syncfs(fd), "sync the file system of", name);
}

int disk_truncate(int fd, uint64_t size, const char *name) {
        return outcome(ftruncate(fd, (off_t) size), "truncate", name);
}

int disk_set_time(int fd, int64_t time_sec, const char *name) {
        struct timespec times[2] = { { .tv_sec = time_sec }, { .tv_sec = time_sec } };

        return outcome(futimens(fd, times), "set the time of", name);
}

int disk_rename(int old_dir, const char *old_name, int new_dir, const char *new_name) {
        return outcome(renameat(old_dir, old_name, new_dir, new_name), "rename", old_name);
}

/* NFS and other file systems without RENAME_NOREPLACE: a link is refused where a name exists. */
static int link_and_unlink(int old_dir, const char *old_name, int new_dir, const char *new_name) {
        int r = outcome(linkat(old_dir, old_name, new_dir, new_name, 0), "rename", old_name);

        if (r != DISK_DONE)
                return r;
        return outcome(unlinkat(old_dir, old_name, 0), "remove", old_name);
}

int disk_rename_new(int old_dir, const char *old_name, int new_dir, const char *new_name) {
        int r = renameat2(old_dir, old_name, new_dir, new_name, RENAME_NOREPLACE);

        if (r < 0 && (errno == EINVAL || errno == ENOSYS))
                return link_and_unlink(old_dir, old_name, new_dir, new_name);
        return outcome(r, "rename", old_name);
}

int disk_link(int old_dir, const char *old_name, int new_dir, const char *new_name) {
        int r = linkat(old_dir, old_name, new_dir, new_name, 0);

        /* FAT and the like have no links and say so with EPERM. */
        return r < 0 && errno == EPERM ? DISK_CANNOT_LINK : outcome(r, "link", old_name);
}

int disk_unlink(int dir_fd, const char *name) {
        return outcome(unlinkat(dir_fd, name, 0), "remove", name);
}

int disk_make_directory(int dir_fd, const char *name, mode_t mode) {
        return outcome(mkdirat(dir_fd, name, mode), "create directory", name);
}

int disk_remove_directory(int dir_fd, const char *name) {
        return outcome(unlinkat(dir_fd, name, AT_REMOVEDIR), "remove directory", name);
}

static void closedir_p(DIR **dir) {
        if (*dir)
                (void) closedir(*dir); /* read only */
}

static int remove_tree(int dir_fd, const char *name, unsigned depth) {
        _cleanup_(closedir_p) DIR *dir = NULL;
        _cleanup_close_ int fd = -EBADF;
        int r;

        r = disk_unlink(dir_fd, name);
        if (r != DISK_NOT_THAT_KIND && r != DISK_FORBIDDEN)
                return r == DISK_MISSING ? DISK_DONE : r;
        if (depth == 0)
                return DISK_EXISTS;
        r = disk_open(dir_fd, name, O_RDONLY | O_DIRECTORY, 0, &fd);
        if (r != DISK_DONE)
                return r == DISK_MISSING ? DISK_DONE : r;
        dir = fdopendir(fd);
        if (!dir)
                return failed(-errno, "list '%s'", name);
        fd = -EBADF; /* the stream owns it now */
        for (struct dirent *entry; (entry = readdir(dir));) {
                if (text_equal(entry->d_name, ".") || text_equal(entry->d_name, ".."))
                        continue;
                r = remove_tree(dirfd(dir), entry->d_name, depth - 1);
                if (r != DISK_DONE)
                        return r;
        }
        r = disk_remove_directory(dir_fd, name);
        return r == DISK_MISSING ? DISK_DONE : r;
}

int disk_remove_tree(int dir_fd, const char *name) {
        return remove_tree(dir_fd, name, DISK_TREE_DEPTH);
}

static int write_temporary(const DiskFile *file, const void *data, size_t size) {
        _cleanup_close_ int fd = -EBADF;
        int r;

        r = disk_open(file->temporary_dir, file->temporary, O_WRONLY | O_CREAT | O_TRUNC,
                      file->mode, &fd);
        if (r != DISK_DONE)
                return r;
        r = disk_write(fd, data, size, file->temporary);
        if (r == DISK_DONE && file->synced)
                r = disk_sync(fd, file->temporary);
        return r;
}

int disk_replace(const DiskFile *file, const void *data, size_t size) {
        int r = write_temporary(file, data, size);

        if (r == DISK_DONE)
                r = disk_rename(file->temporary_dir, file->temporary, file->dir, file->name);
        if (r != DISK_DONE)
                (void) unlinkat(file->temporary_dir, file->temporary, 0); /* may not even exist */
        return r;
}

int disk_read(int dir_fd, const char *name, size_t limit, char **ret_data, size_t *ret_size,
              struct stat *ret_stat) {
        _cleanup_close_ int fd = -EBADF;
        struct stat st;
        int r;

        r = disk_open(dir_fd, name, O_RDONLY | O_NONBLOCK, 0, &fd);
        if (r != DISK_DONE)
                return r;
        if (fstat(fd, &st) < 0)
                return failed(-errno, "stat '%s'", name);
        if (!S_ISREG(st.st_mode))
                return DISK_NOT_THAT_KIND;
        r = fd_read_file(fd, limit, ret_data, ret_size);
        if (r < 0)
                return failed(r, "read '%s'", name);
        if (ret_stat)
                *ret_stat = st;
        return DISK_DONE;
}
