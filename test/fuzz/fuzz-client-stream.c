/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's octets through a socket: the first octets choose how they are read. */
#include <assert.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "stream/client-stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_MAX_HERE = 32 * 1024 };

static int count(void *userdata, const void *data, size_t size) {
        *(size_t *) userdata += size;
        return 0;
}

static int read_as_told(ClientStream *stream, uint8_t choice, Buffer *line) {
        size_t limit = choice >> 2, n = 0;
        int r;

        switch (choice & 3) {
        case 0:
                r = client_stream_read_line(stream, limit, line);
                assert(r != STREAM_DONE || (line->size <= limit && line->data[line->size - 1] == '\n'));
                assert(r != STREAM_TOO_LONG || line->size == limit);
                return r == STREAM_TOO_LONG ? client_stream_skip_line(stream) : r;
        case 1:
                r = client_stream_read_octets(stream, limit, line);
                assert(r != STREAM_DONE || line->size == limit);
                return r;
        case 2:
                r = client_stream_pass_octets(stream, limit, count, &n);
                assert(r != STREAM_DONE || n == limit);
                return r;
        default:
                return client_stream_write(stream, "* OK\r\n", 6);
        }
}

static void talk(ClientStream *stream, const uint8_t *choices, size_t n_choices) {
        for (size_t i = 0; i < n_choices; i++) {
                _cleanup_buffer_ Buffer line = { 0 };

                if (read_as_told(stream, choices[i], &line) != STREAM_DONE)
                        break;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        size_t n_choices = size > 1 ? data[0] % 32 : 0, n_preloaded = size > 1 ? data[1] : 0;
        _cleanup_(client_stream_freep) ClientStream *stream = NULL;
        int fds[2];

        if (size < 2 + n_choices + n_preloaded || size > SIZE_MAX_HERE ||
            socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
                return 0;
        _cleanup_close_ int client = fds[0], server = fds[1];
        const uint8_t *octets = data + 2 + n_choices;

        stream = client_stream_new(server, server, -EBADF);
        client_stream_set_input_timeout(stream, USEC_PER_SEC, USEC_INFINITY);
        client_stream_preload(stream, octets, n_preloaded);
        assert(fd_write_all(client, octets + n_preloaded, size - 2 - n_choices - n_preloaded) == 0);
        (void) shutdown(client, SHUT_WR); /* a socket that is connected */
        talk(stream, data + 2, n_choices);
        assert(client_stream_n_received(stream) <= size);
        return 0;
}
