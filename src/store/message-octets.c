/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Never mapped: a file that shrinks is a short read. */
#include "store/message-octets.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"

void message_octets_done(MessageOctets *octets) {
        octets->expansion = message_expansion_free(octets->expansion);
        octets->fd = fd_close(octets->fd);
        free(octets->window);
        octets->window = NULL;
        free(octets->name);
        octets->name = NULL;
}

static int read_at(int fd, uint64_t offset, char *data, size_t size, size_t *ret_size) {
        size_t n = 0;

        while (n < size) {
                ssize_t got = pread(fd, data + n, size - n, (off_t) (offset + n));

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return failed(-errno, "read a message");
                if (got == 0)
                        break;
                n += (size_t) got;
        }
        *ret_size = n;
        return 0;
}

/* A window no larger than the file: most messages are small. */
static void need_window(MessageOctets *octets) {
        if (octets->window)
                return;
        octets->window = memory_resize(
                NULL, (size_t) MIN(octets->file_size, (uint64_t) MESSAGE_WINDOW_OCTETS), 1);
        if (octets->file_size > MESSAGE_WINDOW_OCTETS)
                (void) posix_fadvise(octets->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* or it is slower */
}

static int move_window(MessageOctets *octets, uint64_t offset, size_t wanted) {
        size_t size = MIN(wanted, (size_t) MESSAGE_WINDOW_OCTETS);
        int fd = octets->expansion ? message_expansion_fd(octets->expansion) : octets->fd;

        need_window(octets);
        if (!octets->expansion && octets->file_size <= MESSAGE_WINDOW_OCTETS) {
                /* All of it at once. */
                offset = 0;
                size = (size_t) octets->file_size;
        }
        octets->window_size = 0;
        octets->window_offset = offset;
        return read_at(fd, offset, octets->window, size, &octets->window_size);
}

/* Looks whether the file is compressed; costs nothing if the start of it is wanted anyway. */
static int probe(MessageOctets *octets, uint64_t offset, size_t wanted) {
        Compression compression;
        int r = move_window(octets, 0, offset == 0 ? MAX(wanted, (size_t) COMPRESSION_MAGIC_SIZE)
                                                   : COMPRESSION_MAGIC_SIZE);

        if (r < 0)
                return r;
        octets->was_probed = true;
        compression = compression_of(octets->window, octets->window_size);
        if (compression == COMPRESSION_NONE)
                return 0;
        octets->expansion = message_expansion_new(compression, EXPANSION_OCTETS_MAX, octets->fd,
                                                  octets->tmp_fd, octets->name);
        free(octets->window);
        octets->window = memory_resize(NULL, MESSAGE_WINDOW_OCTETS, 1);
        octets->window_size = 0;
        return 0;
}

static size_t in_window(const MessageOctets *octets, uint64_t offset) {
        if (offset < octets->window_offset ||
            offset - octets->window_offset >= octets->window_size)
                return 0;
        return octets->window_size - (size_t) (offset - octets->window_offset);
}

static int view_window(MessageOctets *octets, uint64_t offset, uint64_t end, size_t wanted,
                       const char **ret_data, size_t *ret_size) {
        size_t size = in_window(octets, offset);

        if (size == 0 && offset < end) {
                int r = move_window(octets, offset, wanted);

                if (r < 0)
                        return r;
                size = in_window(octets, offset);
        }
        *ret_data = size > 0 ? octets->window + (offset - octets->window_offset) : "";
        *ret_size = MIN(size, wanted);
        return 0;
}

static int view_expansion(MessageOctets *octets, uint64_t offset, size_t wanted,
                          const char **ret_data, size_t *ret_size) {
        size_t some = MIN(wanted, (size_t) MESSAGE_WINDOW_OCTETS);
        const char *held;
        uint64_t size;
        int r = message_expansion_reach(octets->expansion,
                                        offset < UINT64_MAX - some ? offset + some : UINT64_MAX);

        if (r < 0)
                return r;
        size = message_expansion_size(octets->expansion);
        held = message_expansion_held(octets->expansion);
        if (!held)
                return view_window(octets, offset, size, wanted, ret_data, ret_size);
        *ret_data = offset < size ? held + offset : "";
        *ret_size = offset < size ? (size_t) MIN(size - offset, (uint64_t) wanted) : 0;
        return 0;
}

int message_octets_view(MessageOctets *octets, uint64_t offset, size_t wanted,
                        const char **ret_data, size_t *ret_size) {
        int r = octets->was_probed || wanted == 0 ? 0 : probe(octets, offset, wanted);

        if (r < 0)
                return r;
        if (octets->expansion)
                return view_expansion(octets, offset, wanted, ret_data, ret_size);
        return view_window(octets, offset, octets->file_size, wanted, ret_data, ret_size);
}
