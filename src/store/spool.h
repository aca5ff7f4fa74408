/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets of a message on their way: in memory while they are few, then in a file without a name. */
#pragma once

#include <errno.h>
#include <stdint.h>

#include "basic/buffer.h"

enum {
        SPOOL_HELD_MAX = 256 * 1024, /* octets that are kept in memory */
};

typedef struct Spool {
        Buffer held; /* all octets, or those that are not in the file yet */
        int fd;      /* the file, owned; -EBADF while all are held */
        uint64_t size;
} Spool;

#define SPOOL_NONE ((Spool){ .fd = -EBADF })

void spool_done(Spool *spool);

/**
 * spool_open() - a file without a name, in the tmp/ of a mailbox
 *
 * With a name that is removed at once where there is no such thing. Return: DISK_…
 */
[[nodiscard]] int spool_open(int tmp_fd, int *ret_fd);

/** spool_settle() - what was put into held is counted, and goes to the file if it is too much */
[[nodiscard]] int spool_settle(Spool *spool, int tmp_fd, size_t n_added);
