/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Maildir in /tmp with one folder, for tests of what is below the store. */
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "harness.h"
#include "maildir/folder.h"

typedef struct Fixture {
        char path[64];
        int root_fd;
        Folder folder;
        UniqueNames names;
} Fixture;

static void fixture_init(Fixture *fixture) {
        log_set_max_level(LOG_CRIT);
        *fixture = (Fixture){ .path = "/tmp/test-maildir-XXXXXX", .root_fd = -EBADF, .folder = FOLDER_CLOSED };
        unique_names_init(&fixture->names, "host");
        CHECK(mkdtemp(fixture->path) != NULL);
        CHECK_NUMBER(maildir_create(fixture->path), DISK_DONE);
        CHECK_NUMBER(maildir_open(fixture->path, &fixture->root_fd), DISK_DONE);
        CHECK_NUMBER(folder_create(fixture->root_fd, &fixture->names, ".A"), DISK_DONE);
        CHECK_NUMBER(folder_open(fixture->root_fd, ".A", &fixture->folder), DISK_DONE);
}

static void fixture_done(Fixture *fixture) {
        _cleanup_close_ int tmp = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        folder_close(&fixture->folder);
        fixture->root_fd = fd_close(fixture->root_fd);
        CHECK_NUMBER(disk_remove_tree(tmp, strrchr(fixture->path, '/') + 1), DISK_DONE);
}

#define _cleanup_fixture_ _cleanup_(fixture_done)

_unused_ static void put_file(int dir_fd, const char *name, const char *text) {
        _cleanup_close_ int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

        CHECK(fd >= 0 && fd_write_all(fd, text, strlen(text)) == 0);
}

_unused_ static bool has_file(int dir_fd, const char *name) {
        return faccessat(dir_fd, name, F_OK, 0) == 0;
}
