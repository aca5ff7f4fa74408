/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names in cur/ or new/, one after the other, whatever their number: in constant memory. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "maildir/folder.h"

enum { DIRECTORY_READER_OCTETS = 128 * 1024 };

typedef struct DirectoryReader {
        int fd;      /* owned */
        char *chunk; /* owned */
        size_t at, end;
} DirectoryReader;

#define DIRECTORY_READER_CLOSED ((DirectoryReader){ .fd = -EBADF })
#define _cleanup_directory_reader_ _cleanup_(directory_reader_done)
void directory_reader_done(DirectoryReader *reader);

/** directory_reader_open() - from the start, whoever else reads it */
[[nodiscard]] int directory_reader_open(int dir_fd, DirectoryReader *ret_reader);

typedef enum DirectoryKind {
        DIRECTORY_KIND_UNKNOWN, /* the file system does not say */
        DIRECTORY_KIND_FILE,
        DIRECTORY_KIND_OTHER,   /* no message */
} DirectoryKind;

typedef struct DirectoryName {
        const char *name; /* borrowed until the next call; NULL at the end */
        DirectoryKind kind;
} DirectoryName;

/**
 * directory_reader_next() - every name that does not start with '.'
 *
 * A file that is renamed meanwhile may come under both names, under one, or not at all.
 */
[[nodiscard]] int directory_reader_next(DirectoryReader *reader, DirectoryName *ret_name);

/** directory_has_files() - there is a name that may be a message's; true if it cannot be read */
bool directory_has_files(int dir_fd);
