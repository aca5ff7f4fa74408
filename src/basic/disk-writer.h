/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that takes the place of another, written in pieces: it need not fit into memory. */
#pragma once

#include "basic/buffer.h"
#include "basic/disk.h"

typedef struct DiskWriter {
        DiskFile file;    /* what it names is borrowed until disk_writer_done() */
        int fd;           /* owned */
        int outcome;      /* the first that was not DISK_DONE */
        Buffer octets;    /* what comes next; the caller appends to it */
} DiskWriter;

#define DISK_WRITER_CLOSED ((DiskWriter){ .fd = -EBADF })
#define _cleanup_disk_writer_ _cleanup_(disk_writer_done)

enum { DISK_WRITER_OCTETS = 256 * 1024 };

/** disk_writer_start() - a failure is told by disk_writer_finish() */
void disk_writer_start(const DiskFile *file, DiskWriter *ret_writer);

/** disk_writer_drain() - write what was appended, if that is much */
void disk_writer_drain(DiskWriter *writer);

/** disk_writer_finish() - write the rest, put the file in its place; DISK_DONE, … */
[[nodiscard]] int disk_writer_finish(DiskWriter *writer);

/** disk_writer_done() - without a finish before it, nothing was written */
void disk_writer_done(DiskWriter *writer);
