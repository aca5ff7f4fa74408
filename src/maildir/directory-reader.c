/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading directories in large pieces. */
#include "maildir/directory-reader.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "basic/fd.h"

enum { FEW_OCTETS = 1024 };

/* The record of getdents64(2). */
struct directory_entry {
        uint64_t ino;
        int64_t offset;
        uint16_t size;
        uint8_t type;
        char name[];
};

void directory_reader_done(DirectoryReader *reader) {
        reader->fd = fd_close(reader->fd);
        free(reader->chunk);
        *reader = DIRECTORY_READER_CLOSED;
}

int directory_reader_open(int dir_fd, DirectoryReader *ret_reader) {
        int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd < 0)
                return disk_outcome(errno, "list", "messages");
        *ret_reader = (DirectoryReader){ .fd = fd,
                                         .chunk = memory_new(1, DIRECTORY_READER_OCTETS) };
        return DISK_DONE;
}

static DirectoryKind kind_of(const struct directory_entry *entry) {
        switch (entry->type) {
        case DT_REG:
                return DIRECTORY_KIND_FILE;
        case DT_UNKNOWN:
                return DIRECTORY_KIND_UNKNOWN;
        default:
                return DIRECTORY_KIND_OTHER;
        }
}

static int fill(DirectoryReader *reader) {
        long n = syscall(SYS_getdents64, reader->fd, reader->chunk, DIRECTORY_READER_OCTETS);

        if (n < 0)
                return disk_outcome(errno, "list", "messages");
        reader->at = 0;
        reader->end = (size_t) n;
        return DISK_DONE;
}

int directory_reader_next(DirectoryReader *reader, DirectoryName *ret_name) {
        for (;;) {
                const struct directory_entry *entry;

                if (reader->at == reader->end) {
                        int r = fill(reader);

                        if (r != DISK_DONE)
                                return r;
                        if (reader->end == 0)
                                break;
                }
                entry = (const void *) (reader->chunk + reader->at);
                reader->at += entry->size;
                if (entry->name[0] == '.')
                        continue;
                *ret_name = (DirectoryName){ .name = entry->name, .kind = kind_of(entry) };
                return DISK_DONE;
        }
        *ret_name = (DirectoryName){ 0 };
        return DISK_DONE;
}

bool directory_has_files(int dir_fd) {
        _cleanup_close_ int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        _Alignas(struct directory_entry) char chunk[FEW_OCTETS];
        long n;

        if (fd < 0)
                return true;
        while ((n = syscall(SYS_getdents64, fd, chunk, sizeof(chunk))) > 0)
                for (long at = 0; at < n;) {
                        const struct directory_entry *entry = (const void *) (chunk + at);

                        if (entry->name[0] != '.' && kind_of(entry) != DIRECTORY_KIND_OTHER)
                                return true;
                        at += entry->size;
                }
        return n < 0;
}
