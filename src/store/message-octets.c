/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Never mapped: a file that shrinks is a short read. */
#include "store/message-octets.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"

enum { PROBE_OCTETS = 16 * 1024 }; /* about a header, which will be wanted next */

void message_octets_init(MessageOctets *octets, int fd, uint64_t size) {
        *octets = (MessageOctets){ .fd = fd, .size = size };
}

void message_octets_done(MessageOctets *octets) {
        octets->fd = fd_close(octets->fd);
        free(octets->window);
        octets->window = NULL;
}

static int read_at(int fd, uint64_t offset, char *data, size_t size, size_t *ret_size) {
        int r = fd_read_at(fd, offset, data, size, ret_size);

        return r < 0 ? failed(r, "read a message") : 0;
}

/* A window no larger than the file: most messages are small. */
static void need_window(MessageOctets *octets) {
        if (octets->window)
                return;
        octets->window = memory_resize(
                NULL, (size_t) MIN(octets->size, (uint64_t) MESSAGE_WINDOW_OCTETS), 1);
        if (octets->size > MESSAGE_WINDOW_OCTETS)
                (void) posix_fadvise(octets->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* or it is slower */
}

static int move_window(MessageOctets *octets, uint64_t offset, size_t wanted) {
        size_t size = MIN(wanted, (size_t) MESSAGE_WINDOW_OCTETS);
        int r;

        need_window(octets);
        if (octets->size <= MESSAGE_WINDOW_OCTETS) {
                /* All of it at once. */
                offset = 0;
                size = (size_t) octets->size;
        }
        octets->window_size = 0;
        octets->window_offset = offset;
        r = read_at(octets->fd, offset, octets->window, size, &octets->window_size);
        return r;
}

static size_t in_window(const MessageOctets *octets, uint64_t offset) {
        if (offset < octets->window_offset ||
            offset - octets->window_offset >= octets->window_size)
                return 0;
        return octets->window_size - (size_t) (offset - octets->window_offset);
}

int message_octets_view(MessageOctets *octets, uint64_t offset, size_t wanted,
                        const char **ret_data, size_t *ret_size) {
        size_t size = in_window(octets, offset);

        if (size == 0 && offset < octets->size) {
                int r = move_window(octets, offset, wanted);

                if (r < 0)
                        return r;
                size = in_window(octets, offset);
        }
        *ret_data = size > 0 ? octets->window + (offset - octets->window_offset) : "";
        *ret_size = MIN(size, wanted);
        return 0;
}

int message_octets_probe(MessageOctets *octets, Compression *ret_compression) {
        const char *data;
        size_t size;
        int r = message_octets_view(octets, 0, PROBE_OCTETS, &data, &size);

        if (r == 0)
                *ret_compression = compression_of(data, size);
        return r;
}

void message_octets_replace(MessageOctets *octets, Spool *spool) {
        message_octets_done(octets);
        message_octets_init(octets, TAKE_FD(spool->fd), spool->size);
        if (octets->fd >= 0)
                return;
        /* All of it is in the window, so that nothing is ever read. */
        octets->window_size = spool->held.size;
        octets->window = spool->held.data;
        spool->held = (Buffer){ 0 };
}
