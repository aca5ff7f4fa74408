/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that is written in pieces, and takes the place of another when it is whole. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "basic/disk-writer.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "harness.h"

typedef struct Directory {
        char path[32];
        int fd;
} Directory;

static Directory make_directory(void) {
        Directory directory = { .path = "/tmp/test-writer-XXXXXX" };

        CHECK(mkdtemp(directory.path) != NULL);
        directory.fd = open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return directory;
}

static void directory_done(Directory *directory) {
        (void) unlinkat(directory->fd, "file", 0); /* where there is one */
        (void) fd_close(directory->fd);
        CHECK(rmdir(directory->path) == 0); /* nothing else was left */
}

static DiskFile file_in(const Directory *directory) {
        return (DiskFile){ .temporary_dir = directory->fd, .temporary = "temporary",
                           .dir = directory->fd, .name = "file", .mode = 0644 };
}

TEST("what is written in pieces is one file, and memory is needed for a piece") {
        _cleanup_(directory_done) Directory directory = make_directory();
        _cleanup_disk_writer_ DiskWriter writer = DISK_WRITER_CLOSED;
        DiskFile file = file_in(&directory);
        _cleanup_free_ char *text = NULL;
        size_t size, wanted = 0;

        disk_writer_start(&file, &writer);
        for (unsigned i = 0; i < 100000; i++) {
                size_t before = writer.octets.size;

                buffer_printf(&writer.octets, "line %u\n", i);
                wanted += writer.octets.size - before;
                disk_writer_drain(&writer);
                CHECK(writer.octets.size < DISK_WRITER_OCTETS);
        }
        CHECK_NUMBER(faccessat(directory.fd, "file", F_OK, 0), -1);
        CHECK_NUMBER(disk_writer_finish(&writer), DISK_DONE);
        CHECK_NUMBER(disk_read(directory.fd, "file", 1 << 24, &text, &size, NULL), DISK_DONE);
        CHECK_NUMBER(size, wanted);
        CHECK(memcmp(text + size - 11, "line 99999\n", 11) == 0);
}

TEST("what is not finished was never there") {
        _cleanup_(directory_done) Directory directory = make_directory();
        DiskFile file = file_in(&directory);
        DiskWriter writer;

        disk_writer_start(&file, &writer);
        buffer_append_text(&writer.octets, "half");
        disk_writer_done(&writer);
        CHECK_NUMBER(faccessat(directory.fd, "file", F_OK, 0), -1);
}

TEST("a directory that is not there is told at the end") {
        _cleanup_(directory_done) Directory directory = make_directory();
        _cleanup_disk_writer_ DiskWriter writer = DISK_WRITER_CLOSED;
        DiskFile file = file_in(&directory);

        file.temporary = "missing/temporary";
        disk_writer_start(&file, &writer);
        buffer_append_text(&writer.octets, "nowhere");
        CHECK_NUMBER(disk_writer_finish(&writer), DISK_MISSING);
}

TESTS_END
