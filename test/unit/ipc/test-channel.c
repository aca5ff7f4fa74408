/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/text.h"
#include "harness.h"
#include "ipc/channel.h"

static uint64_t soon(void) {
        return clock_deadline_usec(50 * USEC_PER_MSEC);
}

static int listen_at(const char *path, int type, int backlog) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

        memcpy(address.sun_path, path, strlen(path));
        CHECK(bind(fd, (const struct sockaddr *) &address, sizeof(address)) == 0);
        CHECK(listen(fd, backlog) == 0);
        return fd;
}

TEST("a record travels with its descriptor") {
        int ends[2], passed_fd = -EBADF;
        char data[16];
        size_t size = 0;
        _cleanup_close_ int file_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

        CHECK(channel_pair(SOCK_SEQPACKET, ends) == 0);
        CHECK_NUMBER(channel_send(ends[0], "hello", 5, file_fd, soon()), CHANNEL_DONE);
        CHECK_NUMBER(channel_receive(ends[1], data, sizeof(data), soon(), &size, &passed_fd),
                     CHANNEL_DONE);
        CHECK_NUMBER(size, 5);
        CHECK(passed_fd >= 0 && fcntl(passed_fd, F_GETFD) == FD_CLOEXEC);
        passed_fd = fd_close(passed_fd);

        /* Nobody asked for this one: it is closed, not leaked. */
        CHECK_NUMBER(channel_send(ends[0], "again", 5, file_fd, soon()), CHANNEL_DONE);
        CHECK_NUMBER(channel_receive(ends[1], data, sizeof(data), soon(), &size, NULL),
                     CHANNEL_DONE);
        passed_fd = dup(0);
        CHECK_NUMBER(passed_fd, ends[1] + 1); /* the next free number */
        passed_fd = fd_close(passed_fd);
        fd_close(ends[0]);
        fd_close(ends[1]);
}

TEST("a record that is too long, a closed end and silence are outcomes") {
        int ends[2];
        char data[4];
        size_t size = 0;

        CHECK(channel_pair(SOCK_SEQPACKET, ends) == 0);
        CHECK_NUMBER(channel_receive(ends[1], data, sizeof(data), soon(), &size, NULL),
                     CHANNEL_TIMEOUT);
        CHECK_NUMBER(channel_send(ends[0], "12345", 5, -EBADF, soon()), CHANNEL_DONE);
        CHECK_NUMBER(channel_receive(ends[1], data, sizeof(data), soon(), &size, NULL),
                     CHANNEL_TOO_LONG);
        fd_close(ends[0]);
        CHECK_NUMBER(channel_receive(ends[1], data, sizeof(data), soon(), &size, NULL),
                     CHANNEL_CLOSED);
        CHECK_NUMBER(channel_send(ends[1], "x", 1, -EBADF, soon()), CHANNEL_CLOSED);
        fd_close(ends[1]);
}

TEST("more than one descriptor is refused and none is kept") {
        int ends[2], two[2] = { 0, 1 }, passed_fd = -EBADF, next_fd;
        char data[4], control[CMSG_SPACE(sizeof(two))] = { 0 };
        struct iovec piece = { .iov_base = (char[]) { "x" }, .iov_len = 1 };
        struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1,
                .msg_control = control, .msg_controllen = sizeof(control) };
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        size_t size;

        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(two));
        memcpy(CMSG_DATA(header), two, sizeof(two));
        CHECK(channel_pair(SOCK_SEQPACKET, ends) == 0);
        CHECK(sendmsg(ends[0], &message, 0) == 1);
        CHECK_NUMBER(channel_receive(ends[1], data, sizeof(data), soon(), &size, &passed_fd),
                     CHANNEL_TOO_LONG);
        CHECK_NUMBER(passed_fd, -EBADF);
        next_fd = dup(0);
        CHECK_NUMBER(next_fd, ends[1] + 1);
        fd_close(next_fd);
        fd_close(ends[0]);
        fd_close(ends[1]);
}

TEST("a line is put together from pieces and bounded") {
        int ends[2];
        char line[8];
        size_t size = 0;

        CHECK(channel_pair(SOCK_STREAM, ends) == 0);
        CHECK_NUMBER(channel_send(ends[0], "one", 3, -EBADF, soon()), CHANNEL_DONE);
        CHECK_NUMBER(channel_send(ends[0], "two\n", 4, -EBADF, soon()), CHANNEL_DONE);
        CHECK_NUMBER(channel_receive_line(ends[1], line, sizeof(line), soon(), &size),
                     CHANNEL_DONE);
        CHECK_TEXT(line, "onetwo");
        CHECK_NUMBER(size, 6);
        CHECK_NUMBER(channel_send(ends[0], "12345678\n", 9, -EBADF, soon()), CHANNEL_DONE);
        CHECK_NUMBER(channel_receive_line(ends[1], line, sizeof(line), soon(), &size),
                     CHANNEL_TOO_LONG);
        fd_close(ends[0]);
        fd_close(ends[1]);
}

TEST("sending to somebody who does not read ends with the time") {
        static char much[1 << 20];
        int ends[2];

        CHECK(channel_pair(SOCK_STREAM, ends) == 0);
        CHECK_NUMBER(channel_send(ends[0], much, sizeof(much), -EBADF, soon()), CHANNEL_TIMEOUT);
        fd_close(ends[0]);
        fd_close(ends[1]);
}

TEST("connecting tells absence, a full backlog and success apart") {
        char directory[] = "/tmp/test-channel-XXXXXX";
        _cleanup_free_ char *path = NULL;
        int first_fd = -EBADF, second_fd = -EBADF, listen_fd;
        uid_t uid = 0;

        CHECK(mkdtemp(directory) != NULL);
        CHECK(setenv("COURIER_RUNDIR", directory, 1) == 0);
        path = channel_path("tls");
        CHECK(text_starts_with(path, directory));
        CHECK_NUMBER(channel_connect(path, SOCK_SEQPACKET, soon(), &first_fd), CHANNEL_ABSENT);
        listen_fd = listen_at(path, SOCK_SEQPACKET, 0);
        CHECK_NUMBER(channel_connect(path, SOCK_SEQPACKET, soon(), &first_fd), CHANNEL_DONE);
        CHECK(channel_peer_uid(first_fd, &uid) == 0 && uid == getuid());
        CHECK_NUMBER(channel_connect(path, SOCK_SEQPACKET, soon(), &second_fd), CHANNEL_TIMEOUT);
        CHECK_NUMBER(second_fd, -EBADF);
        fd_close(listen_fd);
        CHECK_NUMBER(channel_connect(path, SOCK_SEQPACKET, soon(), &second_fd), CHANNEL_ABSENT);
        fd_close(first_fd);
        CHECK(unlink(path) == 0 && rmdir(directory) == 0);
}

TESTS_END
