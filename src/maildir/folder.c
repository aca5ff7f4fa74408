/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening, making and removing folders (Maildir++). */
#include "maildir/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"

enum { TMP_AGE_SEC = 36 * 3600 };

static const char *const subdirectories[] = { "tmp", "new", "cur" };

void folder_close(Folder *folder) {
        folder->dir_fd = fd_close(folder->dir_fd);
        folder->cur_fd = fd_close(folder->cur_fd);
        folder->new_fd = fd_close(folder->new_fd);
        folder->tmp_fd = fd_close(folder->tmp_fd);
}

static int open_directory(int dir_fd, const char *name, int *ret_fd) {
        return disk_open(dir_fd, name, O_RDONLY | O_DIRECTORY, 0, ret_fd);
}

static int open_or_make(int dir_fd, const char *name, int *ret_fd) {
        int r = open_directory(dir_fd, name, ret_fd);

        if (r != DISK_MISSING)
                return r;
        r = disk_make_directory(dir_fd, name, 0700);
        if (r == DISK_DONE)
                r = disk_sync(dir_fd, name);
        if (r != DISK_DONE && r != DISK_EXISTS)
                return r;
        return open_directory(dir_fd, name, ret_fd);
}

int folder_open(int root_fd, const char *directory, Folder *ret_folder) {
        _cleanup_folder_ Folder folder = FOLDER_CLOSED;
        int r;

        r = open_directory(root_fd, directory, &folder.dir_fd);
        if (r == DISK_DONE)
                r = open_directory(folder.dir_fd, "cur", &folder.cur_fd);
        if (r == DISK_DONE)
                r = open_or_make(folder.dir_fd, "new", &folder.new_fd);
        if (r == DISK_DONE)
                r = open_or_make(folder.dir_fd, "tmp", &folder.tmp_fd);
        if (r != DISK_DONE)
                return r;
        *ret_folder = folder;
        folder = FOLDER_CLOSED;
        return DISK_DONE;
}

bool folder_is_there(int root_fd, const char *directory, const Folder *folder) {
        struct stat by_name, by_fd;

        return fstatat(root_fd, directory, &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
               fstat(folder->dir_fd, &by_fd) == 0 && by_name.st_dev == by_fd.st_dev &&
               by_name.st_ino == by_fd.st_ino;
}

static int make_subdirectories(int dir_fd) {
        for (size_t i = 0; i < ELEMENTSOF(subdirectories); i++) {
                int r = disk_make_directory(dir_fd, subdirectories[i], 0700);

                if (r != DISK_DONE && r != DISK_EXISTS)
                        return r;
        }
        return disk_sync(dir_fd, "maildir");
}

/* An empty file: delivery agents look for the quota file in the parent directory then. */
static int mark_as_folder(int dir_fd) {
        _cleanup_close_ int fd = -EBADF;

        return disk_open(dir_fd, "maildirfolder", O_WRONLY | O_CREAT, 0600, &fd);
}

static int build(int root_fd, const char *path) {
        _cleanup_close_ int fd = -EBADF;
        int r;

        r = disk_make_directory(root_fd, path, 0700);
        if (r == DISK_DONE)
                r = open_directory(root_fd, path, &fd);
        if (r == DISK_DONE)
                r = make_subdirectories(fd);
        if (r == DISK_DONE)
                r = mark_as_folder(fd);
        return r == DISK_DONE ? disk_sync(fd, path) : r;
}

static char *tmp_path(UniqueNames *names, const char *what) {
        _cleanup_free_ char *name = unique_name_control(names, what);

        return text_printf("tmp/%s", name);
}

int folder_create(int root_fd, UniqueNames *names, const char *directory) {
        _cleanup_free_ char *path = tmp_path(names, "newfolder");
        struct stat st;
        int r;

        r = disk_stat(root_fd, directory, &st);
        if (r != DISK_MISSING)
                return r == DISK_DONE ? DISK_EXISTS : r;
        r = build(root_fd, path);
        if (r == DISK_DONE)
                r = disk_rename_new(root_fd, path, root_fd, directory);
        if (r != DISK_DONE)
                (void) disk_remove_tree(root_fd, path); /* or the purge of tmp/ does */
        return r == DISK_DONE ? disk_sync(root_fd, directory) : r;
}

int folder_delete(int root_fd, UniqueNames *names, const char *directory) {
        _cleanup_free_ char *path = tmp_path(names, "deleted");
        int r = disk_rename(root_fd, directory, root_fd, path);

        if (r == DISK_DONE)
                r = disk_sync(root_fd, directory);
        if (r != DISK_DONE)
                return r;
        (void) disk_remove_tree(root_fd, path); /* it is gone already; the rest is for a purge */
        return DISK_DONE;
}

int maildir_open(const char *path, int *ret_fd) {
        int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd < 0)
                return disk_outcome(errno, "open maildir", path);
        *ret_fd = fd;
        return DISK_DONE;
}

/* So that mail does not vanish with the whole maildir. */
static void sync_parent(int fd) {
        _cleanup_close_ int parent_fd = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (parent_fd >= 0)
                (void) disk_sync(parent_fd, ".."); /* reported; it may not be ours to read either */
}

int maildir_create(const char *path) {
        _cleanup_close_ int fd = -EBADF;
        int r;

        r = disk_make_directory(AT_FDCWD, path, 0700);
        if (r != DISK_DONE && r != DISK_EXISTS)
                return r;
        r = maildir_open(path, &fd);
        if (r == DISK_DONE)
                r = make_subdirectories(fd);
        if (r == DISK_DONE)
                sync_parent(fd);
        return r;
}

void name_list_done(NameList *list) {
        for (size_t i = 0; i < list->n_names; i++)
                free(list->names[i]);
        free(list->names);
        *list = (NameList){ 0 };
}

void name_list_add(NameList *list, const char *name) {
        GROW(list->names, list->n_names, list->n_allocated);
        list->names[list->n_names++] = text_dup(name);
}

static void closedir_p(DIR **dir) {
        if (*dir)
                (void) closedir(*dir); /* read only */
}

/* A stream of its own, so that the descriptor's position is not shared. */
static DIR *list_directory(int fd) {
        int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = own < 0 ? NULL : fdopendir(own);

        if (!dir)
                (void) fd_close(own);
        return dir;
}

static bool is_directory(int dir_fd, const struct dirent *entry) {
        struct stat st;

        if (entry->d_type != DT_UNKNOWN)
                return entry->d_type == DT_DIR;
        return fstatat(dir_fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
               S_ISDIR(st.st_mode);
}

int maildir_list(int root_fd, NameList *ret_list) {
        _cleanup_(closedir_p) DIR *dir = list_directory(root_fd);

        if (!dir)
                return disk_outcome(errno, "list", "maildir");
        for (struct dirent *entry; (entry = readdir(dir));)
                if (entry->d_name[0] == '.' && !text_equal(entry->d_name, ".") &&
                    !text_equal(entry->d_name, "..") && is_directory(root_fd, entry))
                        name_list_add(ret_list, entry->d_name);
        return DISK_DONE;
}

/* What folder_delete() and folder_create() left behind when they were killed. */
static bool is_folder_of_ours(const char *name) {
        return strstr(name, "deleted.") || strstr(name, "newfolder.");
}

void folder_purge_tmp(const Folder *folder) {
        int64_t oldest = (int64_t) (clock_realtime_usec() / USEC_PER_SEC) - TMP_AGE_SEC;
        _cleanup_(closedir_p) DIR *dir = list_directory(folder->tmp_fd);

        if (!dir)
                return; /* not ours to read; the purge is a courtesy */
        for (struct dirent *entry; (entry = readdir(dir));) {
                struct stat st;

                if (entry->d_name[0] == '.' || disk_stat(folder->tmp_fd, entry->d_name, &st) != 0 ||
                    st.st_ctime > oldest)
                        continue;
                if (!S_ISDIR(st.st_mode))
                        (void) disk_unlink(folder->tmp_fd, entry->d_name); /* next time, then */
                else if (is_folder_of_ours(entry->d_name))
                        (void) disk_remove_tree(folder->tmp_fd, entry->d_name);
        }
}
