/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File descriptors that are owned, given away by name, and closed at scope end. */
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "basic/memory.h"

#define _cleanup_close_ _cleanup_(fd_closep)

/* Gives the descriptor away: the local keeps -EBADF. */
#define TAKE_FD(fd)                     \
        ({                              \
                int _taken_fd = (fd);   \
                (fd) = -EBADF;          \
                _taken_fd;              \
        })

/** fd_close() - close if open, keep errno, return -EBADF: `fd = fd_close(fd);` */
int fd_close(int fd);

static inline void fd_closep(int *fd) {
        (void) fd_close(*fd); /* a local at scope end has nobody to tell */
}

/**
 * fd_write_all() - write every octet, over short writes and EINTR
 *
 * For blocking descriptors. Return: 0 or negative errno.
 */
[[nodiscard]] int fd_write_all(int fd, const void *data, size_t size);

/**
 * fd_read_all() - read until size octets are there or the file ends
 *
 * Return: 0 or negative errno; *ret_size is less than size only at end of file.
 */
[[nodiscard]] int fd_read_all(int fd, void *data, size_t size, size_t *ret_size);

/** fd_read_at() - the same from an offset, the position stays; *ret_size is 0 on failure */
[[nodiscard]] int fd_read_at(int fd, uint64_t offset, void *data, size_t size, size_t *ret_size);

/**
 * fd_read_file() - read the rest of a file into memory, with a terminating NUL behind it
 * @limit_octets:  more than this is -EFBIG
 * @ret_data:      owned by the caller, free()
 */
[[nodiscard]] int fd_read_file(int fd, size_t limit_octets, char **ret_data, size_t *ret_size);

/**
 * fd_wait() - wait until fd is ready for events (POLLIN, POLLOUT)
 * @timeout_usec:  UINT64_MAX waits for ever
 *
 * Return: the returned events, 0 when the time is over, negative errno (-EINTR when a
 * signal came, so that the caller can look at its stop flag).
 */
[[nodiscard]] int fd_wait(int fd, short events, uint64_t timeout_usec);

/** fd_set_nonblocking() - Return: 0 or negative errno */
[[nodiscard]] int fd_set_nonblocking(int fd, int nonblocking);
