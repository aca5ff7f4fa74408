/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading, writing, waiting on and closing descriptors without surprises. */
#include "basic/fd.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int fd_close(int fd) {
        int saved_errno = errno;

        if (fd >= 0)
                (void) close(fd); /* the data was synced or does not matter */
        errno = saved_errno;
        return -EBADF;
}

int fd_write_all(int fd, const void *data, size_t size) {
        const char *at = data;

        while (size > 0) {
                ssize_t n = write(fd, at, size);

                if (n < 0) {
                        if (errno == EINTR)
                                continue;
                        return -errno;
                }
                at += n;
                size -= (size_t) n;
        }
        return 0;
}

int fd_read_all(int fd, void *data, size_t size, size_t *ret_size) {
        size_t n_read = 0;

        while (n_read < size) {
                ssize_t n = read(fd, (char *) data + n_read, size - n_read);

                if (n < 0) {
                        if (errno == EINTR)
                                continue;
                        return -errno;
                }
                if (n == 0)
                        break;
                n_read += (size_t) n;
        }
        *ret_size = n_read;
        return 0;
}

int fd_read_at(int fd, uint64_t offset, void *data, size_t size, size_t *ret_size) {
        size_t n_read = 0;

        *ret_size = 0;
        while (n_read < size) {
                ssize_t n = pread(fd, (char *) data + n_read, size - n_read,
                                  (off_t) (offset + n_read));

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                if (n == 0)
                        break;
                n_read += (size_t) n;
        }
        *ret_size = n_read;
        return 0;
}

int fd_read_file(int fd, size_t limit_octets, char **ret_data, size_t *ret_size) {
        _cleanup_free_ char *data = NULL;
        size_t n_allocated = 0, size = 0, n;
        struct stat st;
        int r;

        if (fstat(fd, &st) < 0)
                return -errno;
        if (S_ISREG(st.st_mode) && (uint64_t) st.st_size > limit_octets)
                return -EFBIG;

        size_t chunk = S_ISREG(st.st_mode) ? (size_t) st.st_size + 1 : 4096;
        for (;;) {
                data = memory_grow(data, &n_allocated, size + chunk + 1, 1);
                r = fd_read_all(fd, data + size, chunk, &n);
                if (r < 0)
                        return r;
                size += n;
                if (size > limit_octets)
                        return -EFBIG;
                if (n < chunk)
                        break;
        }
        data[size] = '\0';
        *ret_data = TAKE_PTR(data);
        if (ret_size)
                *ret_size = size;
        return 0;
}

int fd_wait(int fd, short events, uint64_t timeout_usec) {
        struct pollfd poll_fd = { .fd = fd, .events = events };
        struct timespec timeout = {
                .tv_sec = (time_t) (timeout_usec / 1000000),
                .tv_nsec = (long) (timeout_usec % 1000000) * 1000,
        };
        int n = ppoll(&poll_fd, 1, timeout_usec == UINT64_MAX ? NULL : &timeout, NULL);

        if (n < 0)
                return -errno;
        return n == 0 ? 0 : poll_fd.revents;
}

int fd_set_nonblocking(int fd, int nonblocking) {
        int flags = fcntl(fd, F_GETFL);

        if (flags < 0)
                return -errno;
        flags = nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
        return fcntl(fd, F_SETFL, flags) < 0 ? -errno : 0;
}
