/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/status.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "basic/fd.h"
#include "harness.h"

static int listen_at(const char *name, size_t size) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        memcpy(address.sun_path, name, size);
        CHECK_NUMBER(bind(fd, (struct sockaddr *) &address,
                          (socklen_t) (offsetof(struct sockaddr_un, sun_path) + size)), 0);
        return fd;
}

static void check_received(int fd, const char *want) {
        char data[1024] = { 0 };

        CHECK(recv(fd, data, sizeof(data) - 1, 0) >= 0);
        CHECK_TEXT(data, want);
}

TEST("a status line is one datagram, without control characters") {
        char directory[] = "/tmp/status-XXXXXX";
        CHECK(mkdtemp(directory));
        _cleanup_free_ char *path = NULL;
        CHECK(asprintf(&path, "%s/notify", directory) > 0);
        _cleanup_close_ int listener = listen_at(path, strlen(path));

        setenv("NOTIFY_SOCKET", path, 1);
        _cleanup_close_ int fd = status_open();
        CHECK(fd >= 0);
        CHECK(!getenv("NOTIFY_SOCKET"));
        status_send(fd, "%s from %s: selected %s", "ann", "192.0.2.1", "INBOX\nREADY=1");
        check_received(listener, "STATUS=ann from 192.0.2.1: selected INBOX?READY=1");
        unlink(path);
        rmdir(directory);
}

TEST("an abstract socket works too") {
        _cleanup_close_ int listener = listen_at("\0courier-status-test", 20);

        setenv("NOTIFY_SOCKET", "@courier-status-test", 1);
        _cleanup_close_ int fd = status_open();
        status_send(fd, "idle");
        check_received(listener, "STATUS=idle");
}

TEST("without a listener there is nothing to do") {
        static const char *const paths[] = { "", "/", "relative", "/nonexistent/notify" };

        unsetenv("NOTIFY_SOCKET");
        CHECK_NUMBER(status_open(), -EBADF);
        for (size_t i = 0; i < ELEMENTSOF(paths); i++) {
                setenv("NOTIFY_SOCKET", paths[i], 1);
                CHECK_NUMBER(status_open(), -EBADF);
        }
        status_send(-EBADF, "nobody hears this");
}

TESTS_END
