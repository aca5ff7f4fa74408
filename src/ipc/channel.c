/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unix sockets between our processes, each wait with a deadline, each record bounded. */
#include "ipc/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/memory.h"
#include "basic/text.h"

/* Room for more descriptors than we take, so that surplus ones are seen and closed. */
enum { RECEIVED_FDS_MAX = 4 };

const char *channel_outcome_text(int outcome) {
        static const char *const texts[] = {
                [CHANNEL_DONE]     = "is done",
                [CHANNEL_CLOSED]   = "has closed the connection",
                [CHANNEL_TIMEOUT]  = "did not answer in time",
                [CHANNEL_TOO_LONG] = "sent more than is allowed",
                [CHANNEL_ABSENT]   = "is not running",
        };

        if (outcome < 0)
                return "failed";
        return (size_t) outcome < ELEMENTSOF(texts) ? texts[outcome] : "failed";
}

char *channel_path(const char *name) {
        const char *directory = getenv("COURIER_RUNDIR");

        return text_printf("%s/%s", directory && *directory ? directory : "/run/courier", name);
}

/* A non-blocking connect() to a unix socket with a full backlog fails at once and cannot be
 * polled for; a blocking one honours SO_SNDTIMEO. */
static int limit_connect_time(int fd, uint64_t deadline_usec) {
        uint64_t left_usec = clock_left_usec(deadline_usec);
        struct timeval timeout = { 0 };

        if (left_usec != USEC_INFINITY) {
                left_usec = MAX(left_usec, UINT64_C(1)); /* 0 would mean for ever */
                timeout.tv_sec = (time_t) (left_usec / USEC_PER_SEC);
                timeout.tv_usec = (suseconds_t) (left_usec % USEC_PER_SEC);
        }
        return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) < 0 ? -errno : 0;
}

static int connect_outcome(const char *path, int error) {
        switch (error) {
        case ENOENT:
        case ECONNREFUSED:
                return CHANNEL_ABSENT;
        case EAGAIN:
                return CHANNEL_TIMEOUT;
        default:
                return failed(-error, "connect to '%s'", path);
        }
}

int channel_connect(const char *path, int type, uint64_t deadline_usec, int *ret_fd) {
        _cleanup_close_ int fd = -EBADF;
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        size_t length = strlen(path);
        int r;

        if (length >= sizeof(address.sun_path))
                return failed(-ENAMETOOLONG, "connect to '%s'", path);
        memcpy(address.sun_path, path, length);

        fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return failed(-errno, "create a socket for '%s'", path);
        do {
                r = limit_connect_time(fd, deadline_usec);
                if (r < 0)
                        return failed(r, "set the time limit for '%s'", path);
                r = connect(fd, (const struct sockaddr *) &address, sizeof(address));
        } while (r < 0 && errno == EINTR && clock_left_usec(deadline_usec) > 0);
        if (r < 0)
                return connect_outcome(path, errno == EINTR ? EAGAIN : errno);
        r = fd_set_nonblocking(fd, true);
        if (r < 0)
                return failed(r, "make the socket of '%s' non-blocking", path);

        *ret_fd = TAKE_FD(fd);
        return CHANNEL_DONE;
}

int channel_pair(int type, int ret_fds[2]) {
        if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ret_fds) < 0)
                return failed(-errno, "create a pair of sockets");
        return 0;
}

/* Waits for readiness after EAGAIN. Return: 0 to try again, CHANNEL_TIMEOUT, negative errno. */
static int wait_until_ready(int fd, short events, uint64_t deadline_usec) {
        uint64_t left_usec = clock_left_usec(deadline_usec);
        int r;

        if (left_usec == 0)
                return CHANNEL_TIMEOUT;
        r = fd_wait(fd, events, left_usec);
        if (r == -EINTR || r > 0)
                return 0;
        return r < 0 ? failed(r, "wait for a socket") : CHANNEL_TIMEOUT;
}

/* What a failed call on the socket means. Return: 0 to try again, an outcome, negative errno. */
static int after_failure(int fd, int error, short events, uint64_t deadline_usec,
                         const char *what) {
        switch (error) {
        case EINTR:
                return clock_left_usec(deadline_usec) > 0 ? 0 : CHANNEL_TIMEOUT;
        case EAGAIN:
                return wait_until_ready(fd, events, deadline_usec);
        case EPIPE:
        case ECONNRESET:
        case ENOTCONN:
                return CHANNEL_CLOSED;
        default:
                return failed(-error, "%s", what);
        }
}

static ssize_t send_once(int fd, const void *data, size_t size, int passed_fd) {
        struct iovec piece = { .iov_base = (void *) data, .iov_len = size };
        union {
                struct cmsghdr header;
                char room[CMSG_SPACE(sizeof(int))];
        } control = { 0 };
        struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };

        if (passed_fd >= 0) {
                message.msg_control = &control;
                message.msg_controllen = sizeof(control.room);
                control.header.cmsg_level = SOL_SOCKET;
                control.header.cmsg_type = SCM_RIGHTS;
                control.header.cmsg_len = CMSG_LEN(sizeof(int));
                memcpy(CMSG_DATA(&control.header), &passed_fd, sizeof(int));
        }
        return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int channel_send(int fd, const void *data, size_t size, int passed_fd, uint64_t deadline_usec) {
        const char *at = data;
        int r;

        while (size > 0) {
                ssize_t n = send_once(fd, at, size, passed_fd);

                if (n < 0) {
                        r = after_failure(fd, errno, POLLOUT, deadline_usec, "send to a socket");
                        if (r != 0)
                                return r;
                        continue;
                }
                passed_fd = -EBADF;
                at += n;
                size -= (size_t) n;
        }
        return CHANNEL_DONE;
}

/* Takes the descriptors out of a received message. Return: how many came; *ret_fd is the first. */
static size_t take_descriptors(struct msghdr *message, int *ret_fd) {
        size_t n_received = 0;

        for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
                size_t n;

                if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
                        continue;
                n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
                for (size_t i = 0; i < n; i++) {
                        int received_fd;

                        memcpy(&received_fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
                        if (n_received++ == 0)
                                *ret_fd = received_fd;
                        else
                                (void) fd_close(received_fd); /* nobody asked for it */
                }
        }
        return n_received;
}

int channel_receive(int fd, void *data, size_t size, uint64_t deadline_usec, size_t *ret_size,
                    int *ret_fd) {
        struct iovec piece = { .iov_base = data, .iov_len = size };
        union {
                struct cmsghdr header;
                char room[CMSG_SPACE(RECEIVED_FDS_MAX * sizeof(int))];
        } control;
        _cleanup_close_ int received_fd = -EBADF;
        struct msghdr message;
        size_t n_fds;
        ssize_t n;
        int r;

        for (;;) {
                message = (struct msghdr) { .msg_iov = &piece, .msg_iovlen = 1,
                        .msg_control = &control, .msg_controllen = sizeof(control.room) };
                n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
                if (n >= 0)
                        break;
                r = after_failure(fd, errno, POLLIN, deadline_usec, "receive from a socket");
                if (r != 0)
                        return r;
        }
        n_fds = take_descriptors(&message, &received_fd);
        if (n == 0)
                return CHANNEL_CLOSED;
        if (n_fds > 1 || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
                return CHANNEL_TOO_LONG;
        *ret_size = (size_t) n;
        if (ret_fd)
                *ret_fd = TAKE_FD(received_fd);
        return CHANNEL_DONE;
}

int channel_receive_line(int fd, char *data, size_t size, uint64_t deadline_usec,
                         size_t *ret_size) {
        size_t n_read = 0, n;
        char *end;
        int r;

        while (n_read < size) {
                r = channel_receive(fd, data + n_read, size - n_read, deadline_usec, &n, NULL);
                if (r != CHANNEL_DONE)
                        return r;
                end = memchr(data + n_read, '\n', n);
                if (end) {
                        *end = '\0';
                        *ret_size = (size_t) (end - data);
                        return CHANNEL_DONE;
                }
                n_read += n;
        }
        return CHANNEL_TOO_LONG;
}

int channel_peer_uid(int fd, uid_t *ret_uid) {
        struct ucred credentials;
        socklen_t length = sizeof(credentials);

        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0)
                return failed(-errno, "ask who is at the other end of a socket");
        *ret_uid = credentials.uid;
        return 0;
}
