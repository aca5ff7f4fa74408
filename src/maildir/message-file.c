/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message files in cur/, new/ and tmp/. */
#include "maildir/message-file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "maildir/directory-reader.h"
#include "maildir/message-name.h"

enum { COPY_OCTETS = 64 * 1024, NAME_ATTEMPTS = 100 };

void file_list_done(FileList *list) {
        free(list->octets);
        free(list->offsets);
        *list = (FileList){ 0 };
}

void file_list_add(FileList *list, const char *name) {
        size_t size = strlen(name) + 1;

        GROW(list->offsets, list->n_files, list->n_allocated);
        list->octets = memory_grow(list->octets, &list->n_octets_allocated, list->size + size, 1);
        memcpy(list->octets + list->size, name, size);
        list->offsets[list->n_files++] = list->size;
        list->size += size;
}

int file_list_read(int dir_fd, FileList *ret_list) {
        _cleanup_directory_reader_ DirectoryReader reader = DIRECTORY_READER_CLOSED;
        _cleanup_file_list_ FileList list = { 0 };
        DirectoryName name = { 0 };
        int r = directory_reader_open(dir_fd, &reader);

        while (r == DISK_DONE) {
                r = directory_reader_next(&reader, &name);
                if (r == DISK_DONE && !name.name)
                        break;
                if (r == DISK_DONE)
                        file_list_add(&list, name.name);
        }
        if (r != DISK_DONE)
                return r;
        *ret_list = list;
        list = (FileList){ 0 };
        return DISK_DONE;
}

/* Another name of the same message, when the guess is wrong. */
static int find_renamed(const Folder *folder, const char *guess, char **ret_name) {
        _cleanup_directory_reader_ DirectoryReader reader = DIRECTORY_READER_CLOSED;
        DirectoryName name = { 0 };
        int r = directory_reader_open(folder->cur_fd, &reader);

        while (r == DISK_DONE) {
                r = directory_reader_next(&reader, &name);
                if (r == DISK_DONE && !name.name)
                        return DISK_MISSING;
                if (r == DISK_DONE && message_name_is_same(name.name, guess)) {
                        *ret_name = text_dup(name.name);
                        return DISK_DONE;
                }
        }
        return r;
}

int message_file_find(const Folder *folder, const char *guess, char **ret_name) {
        struct stat st;
        int r = disk_stat(folder->cur_fd, guess, &st);

        if (r == DISK_DONE)
                *ret_name = text_dup(guess);
        return r == DISK_MISSING ? find_renamed(folder, guess, ret_name) : r;
}

int message_file_open(const Folder *folder, const char *guess, int *ret_fd, char **ret_name) {
        _cleanup_free_ char *name = text_dup(guess);
        _cleanup_close_ int fd = -EBADF;
        int r = disk_open(folder->cur_fd, name, O_RDONLY | O_NONBLOCK, 0, &fd);

        /* It may be renamed again between finding and opening. */
        for (int i = 0; r == DISK_MISSING && i < NAME_ATTEMPTS; i++) {
                free(TAKE_PTR(name));
                r = find_renamed(folder, guess, &name);
                if (r != DISK_DONE)
                        return r;
                r = disk_open(folder->cur_fd, name, O_RDONLY | O_NONBLOCK, 0, &fd);
        }
        if (r != DISK_DONE)
                return r;
        *ret_fd = TAKE_FD(fd);
        if (ret_name)
                *ret_name = TAKE_PTR(name);
        return DISK_DONE;
}

int message_file_create(const Folder *folder, UniqueNames *names, MessageFile *ret_file) {
        for (int i = 0; i < NAME_ATTEMPTS; i++) {
                UniqueName unique = unique_name_next(names);
                _cleanup_free_ char *temporary = unique_name_temporary(names, &unique);
                _cleanup_close_ int fd = -EBADF;
                int r = disk_open(folder->tmp_fd, temporary, O_RDWR | O_CREAT | O_EXCL, 0666, &fd);

                if (r == DISK_EXISTS)
                        continue;
                if (r != DISK_DONE)
                        return r;
                *ret_file = (MessageFile){ .fd = TAKE_FD(fd), .tmp_fd = folder->tmp_fd,
                                           .temporary = TAKE_PTR(temporary), .unique = unique };
                return DISK_DONE;
        }
        return failed(-EEXIST, "find a free name in tmp");
}

int message_file_finish(MessageFile *file, const UniqueNames *names, int64_t date_sec,
                        char **ret_base, struct stat *ret_stat) {
        int r = disk_set_time(file->fd, date_sec, file->temporary);

        if (r == DISK_DONE && fstat(file->fd, ret_stat) < 0)
                r = failed(-errno, "stat '%s'", file->temporary);
        if (r != DISK_DONE)
                return r;
        *ret_base = unique_name_base(names, &file->unique, ret_stat);
        return DISK_DONE;
}

int message_file_publish(MessageFile *file, int cur_fd, const char *name) {
        int r = disk_rename_new(file->tmp_fd, file->temporary, cur_fd, name);

        if (r == DISK_DONE)
                free(TAKE_PTR(file->temporary));
        return r;
}

void message_file_discard(MessageFile *file) {
        file->fd = fd_close(file->fd);
        if (file->temporary)
                (void) disk_unlink(file->tmp_fd, file->temporary); /* a purge takes it later */
        free(TAKE_PTR(file->temporary));
}

static int copy_octets(int source, int target) {
        _cleanup_free_ char *chunk = NULL;
        ssize_t n;

        if (ioctl(target, FICLONE, source) == 0)
                return DISK_DONE;
        chunk = memory_new(1, COPY_OCTETS);
        while ((n = read(source, chunk, COPY_OCTETS)) > 0) {
                int r = disk_write(target, chunk, (size_t) n, "copy");

                if (r != DISK_DONE)
                        return r;
        }
        return n < 0 ? failed(-errno, "read a message to copy") : DISK_DONE;
}

static int copy_data(const Folder *source, const char *name, const Folder *target,
                     UniqueNames *names, const char *suffix, char **ret_base) {
        _cleanup_(message_file_discard) MessageFile file = MESSAGE_FILE_NONE;
        _cleanup_free_ char *base = NULL, *full = NULL;
        _cleanup_close_ int fd = -EBADF;
        struct stat st;
        int r;

        r = message_file_open(source, name, &fd, NULL);
        if (r == DISK_DONE && fstat(fd, &st) < 0)
                r = failed(-errno, "stat '%s'", name);
        if (r == DISK_DONE)
                r = message_file_create(target, names, &file);
        if (r == DISK_DONE)
                r = copy_octets(fd, file.fd);
        if (r == DISK_DONE)
                r = message_file_finish(&file, names, st.st_mtime, &base, &st);
        if (r == DISK_DONE)
                r = disk_sync(file.fd, file.temporary);
        if (r != DISK_DONE)
                return r;
        full = text_printf("%s%s", base, suffix);
        r = message_file_publish(&file, target->cur_fd, full);
        if (r == DISK_DONE)
                *ret_base = TAKE_PTR(base);
        return r;
}

static int find_size(const Folder *source, const char *name, uint64_t *size) {
        struct stat st;
        int r;

        if (message_name_size(name, strcspn(name, ":"), 'S', size) || *size != UINT64_MAX)
                return DISK_DONE;
        r = disk_stat(source->cur_fd, name, &st);
        if (r == DISK_DONE)
                *size = (uint64_t) st.st_size;
        return r;
}

/* One attempt, under the name the message should have. */
static int link_message(const Folder *source, const char *name, const Folder *target,
                        UniqueNames *names, uint64_t size, const char *suffix, char **ret_base) {
        for (int i = 0; i < NAME_ATTEMPTS; i++) {
                UniqueName unique = unique_name_next(names);
                _cleanup_free_ char *base = unique_name_link(names, &unique, size);
                _cleanup_free_ char *full = text_printf("%s%s", base, suffix);
                int r = disk_link(source->cur_fd, name, target->cur_fd, full);

                if (r == DISK_EXISTS)
                        continue;
                if (r == DISK_DONE)
                        *ret_base = TAKE_PTR(base);
                return r;
        }
        return failed(-EEXIST, "find a free name in cur");
}

int message_file_copy(const Folder *source, const char *name, const Folder *target,
                      UniqueNames *names, uint64_t size, const char *suffix, char **ret_base) {
        _cleanup_free_ char *current = NULL;
        int r = find_size(source, name, &size);

        if (r == DISK_DONE)
                r = link_message(source, name, target, names, size, suffix, ret_base);
        if (r == DISK_MISSING) {
                r = message_file_find(source, name, &current);
                if (r == DISK_DONE)
                        r = find_size(source, current, &size);
                if (r == DISK_DONE)
                        r = link_message(source, current, target, names, size, suffix, ret_base);
        }
        if (r == DISK_CANNOT_LINK)
                r = copy_data(source, current ? current : name, target, names, suffix, ret_base);
        return r;
}
