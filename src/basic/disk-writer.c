/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a file in pieces, under a temporary name until it is complete. */
#include "basic/disk-writer.h"

#include <fcntl.h>

#include "basic/fd.h"

void disk_writer_start(const DiskFile *file, DiskWriter *ret_writer) {
        *ret_writer = DISK_WRITER_CLOSED;
        ret_writer->file = *file;
        ret_writer->outcome = disk_open(file->temporary_dir, file->temporary,
                                        O_WRONLY | O_CREAT | O_TRUNC, file->mode,
                                        &ret_writer->fd);
}

static void write_out(DiskWriter *writer) {
        if (writer->outcome == DISK_DONE)
                writer->outcome = disk_write(writer->fd, writer->octets.data, writer->octets.size,
                                             writer->file.temporary);
        buffer_clear(&writer->octets);
}

void disk_writer_drain(DiskWriter *writer) {
        if (writer->octets.size >= DISK_WRITER_OCTETS)
                write_out(writer);
}

int disk_writer_finish(DiskWriter *writer) {
        const DiskFile *file = &writer->file;

        if (writer->octets.size > 0)
                write_out(writer);
        if (writer->outcome == DISK_DONE && file->synced)
                writer->outcome = disk_sync(writer->fd, file->temporary);
        if (writer->outcome == DISK_DONE)
                writer->outcome = disk_rename(file->temporary_dir, file->temporary, file->dir,
                                              file->name);
        if (writer->outcome == DISK_DONE)
                writer->fd = fd_close(writer->fd);
        return writer->outcome;
}

void disk_writer_done(DiskWriter *writer) {
        if (writer->fd >= 0)
                (void) disk_unlink(writer->file.temporary_dir, writer->file.temporary); /* or a
                                                                     * purge of tmp/ takes it */
        writer->fd = fd_close(writer->fd);
        buffer_done(&writer->octets);
}
