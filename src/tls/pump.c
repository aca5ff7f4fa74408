/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each direction is read, write, remember the rest; the ends are told on when all before is out. */
#include "tls/pump.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "basic/text.h"
#include "tls/tls-context.h"
#include "tls/tls-error.h"

/* Turns before others have theirs: 16 times 64 KiB. */
enum { ROUNDS_MAX = 16 };

void pump_init(Pump *pump, SSL *ssl, int client_fd, int plain_fd, char *scratch) {
        *pump = (Pump) {
                .ssl = ssl, .client_fd = client_fd, .plain_fd = plain_fd, .scratch = scratch,
                .read_event = POLLIN, .write_event = POLLOUT,
        };
}

void pump_done(Pump *pump) {
        if (pump->to_plain.data)
                memory_wipe(pump->to_plain.data, pump->to_plain.n_allocated);
        buffer_done(&pump->to_client);
        buffer_done(&pump->to_plain);
        free(pump->complaint);
        *pump = (Pump) { .client_fd = -EBADF, .plain_fd = -EBADF };
}

/* The client is lost: nothing can be read or written any more. */
static void lose_client(Pump *pump, const char *operation, int result) {
        _cleanup_free_ char *text = tls_result_text(pump->ssl, result);

        pump->client_ended = pump->client_gone = true;
        buffer_done(&pump->to_client);
        if (!pump->complaint)
                pump->complaint = text_printf("%s: %s", operation, text);
}

/* Return: whether the operation can be done again later; *event says after what. */
static bool can_wait(Pump *pump, const char *operation, int result, short *event) {
        int saved_errno = errno;

        switch (SSL_get_error(pump->ssl, result)) {
        case SSL_ERROR_WANT_READ:
                *event = POLLIN;
                return true;
        case SSL_ERROR_WANT_WRITE:
                *event = POLLOUT;
                return true;
        default:
                errno = saved_errno;
                lose_client(pump, operation, result);
                return false;
        }
}

/* Return: octets written, 0 when nothing more goes now. */
static size_t write_client(Pump *pump, const char *data, size_t size) {
        size_t n = 0;
        int r;

        ERR_clear_error();
        errno = 0;
        r = SSL_write_ex(pump->ssl, data, size, &n);
        if (r == 1) {
                pump->write_event = POLLOUT;
                return n;
        }
        (void) can_wait(pump, "write", r, &pump->write_event); /* it has noted what it found */
        return 0;
}

static size_t write_plain(Pump *pump, const char *data, size_t size) {
        ssize_t n = send(pump->plain_fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n >= 0)
                return (size_t) n;
        if (errno != EAGAIN && errno != EINTR) {
                pump->plain_gone = true;
                buffer_done(&pump->to_plain);
        }
        return 0;
}

/* Writes as much as goes, from the start. Return: octets written. */
static size_t write_run(Pump *pump, size_t (*write_some)(Pump *, const char *, size_t),
                        const char *data, size_t size) {
        size_t n_written = 0, n;

        while (n_written < size) {
                n = write_some(pump, data + n_written, size - n_written);
                if (n == 0)
                        break;
                n_written += n;
        }
        return n_written;
}

static bool flush(Pump *pump, Buffer *pending,
                  size_t (*write_some)(Pump *, const char *, size_t)) {
        size_t n = write_run(pump, write_some, pending->data, pending->size);

        if (pending->size == 0)
                return n > 0;
        if (n == pending->size)
                buffer_done(pending); /* an idle connection holds no memory */
        else
                buffer_drop_front(pending, n);
        return n > 0;
}

static bool read_client(Pump *pump) {
        size_t n = 0, n_written;
        int r;

        if (pump->client_ended || pump->to_plain.size > 0)
                return false;
        ERR_clear_error();
        errno = 0;
        r = SSL_read_ex(pump->ssl, pump->scratch, PUMP_SCRATCH_OCTETS, &n);
        if (r != 1) {
                if (SSL_get_error(pump->ssl, r) == SSL_ERROR_ZERO_RETURN)
                        pump->client_ended = true;
                else if (can_wait(pump, "read", r, &pump->read_event))
                        return false;
                return true;
        }
        pump->read_event = POLLIN;
        if (pump->plain_gone)
                return true; /* read only to see the client's end */
        n_written = write_run(pump, write_plain, pump->scratch, n);
        if (n_written < n && !pump->plain_gone)
                buffer_append(&pump->to_plain, pump->scratch + n_written, n - n_written);
        return true;
}

static bool peer_is_gone(int fd) {
        struct pollfd p = { .fd = fd };

        return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR));
}

static bool read_plain(Pump *pump) {
        size_t n_written;
        ssize_t n;

        if (pump->plain_ended || pump->to_client.size > 0)
                return false;
        n = recv(pump->plain_fd, pump->scratch, PUMP_SCRATCH_OCTETS, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
                return false;
        if (n <= 0) {
                pump->plain_ended = true;
                return true;
        }
        if (pump->client_gone)
                return true;
        n_written = write_run(pump, write_client, pump->scratch, (size_t) n);
        if (n_written < (size_t) n && !pump->client_gone)
                buffer_append(&pump->to_client, pump->scratch + n_written, (size_t) n - n_written);
        return true;
}

static bool tell_end_to_client(Pump *pump) {
        int r;

        if (pump->end_told_to_client || pump->client_gone || !pump->plain_ended ||
            pump->to_client.size > 0)
                return false;
        ERR_clear_error();
        errno = 0;
        r = SSL_shutdown(pump->ssl);
        if (r < 0 && SSL_get_error(pump->ssl, r) == SSL_ERROR_WANT_WRITE) {
                pump->write_event = POLLOUT;
                return false;
        }
        ERR_clear_error();
        pump->end_told_to_client = true;
        (void) shutdown(pump->client_fd, SHUT_WR); /* gone already: the read will tell */
        return true;
}

static bool tell_end_to_plain(Pump *pump) {
        if (pump->end_told_to_plain || !pump->client_ended || pump->to_plain.size > 0)
                return false;
        pump->end_told_to_plain = true;
        (void) shutdown(pump->plain_fd, SHUT_WR); /* gone already: no matter */
        return true;
}

static bool is_done(const Pump *pump) {
        if (pump->client_gone)
                return pump->to_plain.size == 0;
        return pump->client_ended && pump->end_told_to_plain && pump->end_told_to_client;
}

PumpOutcome pump_step(Pump *pump) {
        for (int i = 0; i < ROUNDS_MAX; i++) {
                bool moved = flush(pump, &pump->to_plain, write_plain);

                moved |= flush(pump, &pump->to_client, write_client);
                moved |= read_plain(pump);
                moved |= read_client(pump);
                moved |= tell_end_to_client(pump);
                moved |= tell_end_to_plain(pump);
                if (pump->plain_ended && !pump->plain_gone && peer_is_gone(pump->plain_fd))
                        pump->plain_gone = true;
                if (is_done(pump))
                        return PUMP_DONE;
                if (!moved)
                        return PUMP_WAITS;
        }
        return PUMP_BUSY;
}

short pump_client_events(const Pump *pump) {
        bool writes = pump->to_client.size > 0 || (pump->plain_ended && !pump->end_told_to_client);
        short events = 0;

        if (!pump->client_ended && pump->to_plain.size == 0)
                events |= pump->read_event;
        if (!pump->client_gone && writes)
                events |= pump->write_event;
        return events;
}

/* POLLERR, which is reported anyway, keeps a half-closed session in sight until it is gone. */
short pump_plain_events(const Pump *pump) {
        short events = 0;

        if (pump->to_plain.size > 0)
                events |= POLLOUT;
        if (!pump->plain_ended && pump->to_client.size == 0)
                events |= POLLIN;
        if (events == 0 && pump->plain_ended && !pump->plain_gone)
                events = POLLERR;
        return events;
}

bool pump_is_lingering(const Pump *pump) {
        return pump->plain_gone && pump->plain_ended;
}
