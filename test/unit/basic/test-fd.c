/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "harness.h"

TEST("a file over the limit is refused, one at the limit is read") {
        char name[] = "/tmp/test-fd-XXXXXX";
        _cleanup_close_ int fd = mkstemp(name);
        _cleanup_free_ char *data = NULL;
        size_t size;

        CHECK(unlink(name) == 0);
        CHECK(fd_write_all(fd, "0123456789", 10) == 0);
        CHECK(lseek(fd, 0, SEEK_SET) == 0);
        CHECK(fd_read_file(fd, 9, &data, &size) == -EFBIG);
        CHECK(lseek(fd, 0, SEEK_SET) == 0);
        CHECK(fd_read_file(fd, 10, &data, &size) == 0);
        CHECK_NUMBER(size, 10);
        CHECK_TEXT(data, "0123456789");
}

TEST("reading at an offset stops at the end of the file and leaves the position alone") {
        char name[] = "/tmp/test-fd-XXXXXX", data[10] = "";
        _cleanup_close_ int fd = mkstemp(name);
        size_t size = 99;

        CHECK(unlink(name) == 0);
        CHECK(fd_write_all(fd, "0123456789", 10) == 0);
        CHECK(fd_read_at(fd, 7, data, sizeof(data), &size) == 0);
        CHECK_NUMBER(size, 3);
        CHECK_TEXT(data, "789");
        CHECK_NUMBER(lseek(fd, 0, SEEK_CUR), 10);
        CHECK(fd_read_at(-EBADF, 0, data, sizeof(data), &size) < 0);
        CHECK_NUMBER(size, 0);
}

TEST("waiting for nothing ends with the time") {
        int ends[2];

        CHECK(pipe2(ends, O_CLOEXEC) == 0);
        CHECK_NUMBER(fd_wait(ends[0], 1, 1000), 0);
        CHECK(fd_write_all(ends[1], "x", 1) == 0);
        CHECK(fd_wait(ends[0], 1, USEC_INFINITY) > 0);
        ends[0] = fd_close(ends[0]);
        ends[1] = fd_close(ends[1]);
        CHECK_NUMBER(ends[0], -EBADF);
}

TESTS_END
