/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets in memory, then in a file. */
#include "store/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/text.h"

void spool_done(Spool *spool) {
        buffer_done(&spool->held);
        spool->fd = fd_close(spool->fd);
}

static int open_named(int tmp_fd, int *ret_fd) {
        _cleanup_free_ char *name = text_printf("imapd-spool.%d", (int) getpid());
        _cleanup_close_ int fd = -EBADF;
        int r = disk_open(tmp_fd, name, O_CREAT | O_EXCL | O_RDWR, 0600, &fd);

        if (r == DISK_DONE)
                r = disk_unlink(tmp_fd, name);
        if (r == DISK_DONE)
                *ret_fd = TAKE_FD(fd);
        return r;
}

int spool_open(int tmp_fd, int *ret_fd) {
        int r = disk_open(tmp_fd, ".", O_TMPFILE | O_RDWR | O_EXCL, 0600, ret_fd);

        return r == DISK_CANNOT_LINK || r == DISK_NOT_THAT_KIND ? open_named(tmp_fd, ret_fd) : r;
}

int spool_settle(Spool *spool, int tmp_fd, size_t n_added) {
        int r = DISK_DONE;

        spool->size += n_added;
        buffer_commit(&spool->held, n_added);
        if (spool->fd < 0 && spool->held.size > SPOOL_HELD_MAX)
                r = spool_open(tmp_fd, &spool->fd);
        if (r == DISK_DONE && spool->fd >= 0) {
                r = disk_write(spool->fd, spool->held.data, spool->held.size, "spool");
                buffer_clear(&spool->held);
        }
        return r;
}
