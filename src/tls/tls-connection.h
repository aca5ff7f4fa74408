/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One client from the monitor's packet to the last octet: request, handshake, answer, pump. A
 * state machine that never blocks and never calls back; a worker serves one of them, the shared
 * service thousands.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "basic/memory.h"
#include "tls/tls-context.h"

typedef struct TlsConnection TlsConnection;

typedef enum TlsFd {
        TLS_FD_MONITOR, /* where the request comes from and the answer goes to */
        TLS_FD_CLIENT,
        TLS_FD_PLAIN,
        _TLS_FD_MAX,
} TlsFd;

/* What a connection waits for. */
typedef struct TlsWait {
        struct {
                int fd;       /* -EBADF: not there (any more); borrowed */
                short events; /* for poll(); 0: do not look at it at all */
        } fds[_TLS_FD_MAX];
        uint64_t deadline_usec;
        bool is_busy; /* come back at once, after the others */
} TlsWait;

/**
 * tls_connection_new() - @monitor_fd becomes the connection's
 *
 * Return: NULL when there are no descriptors left; reported, and @monitor_fd is closed.
 */
TlsConnection *tls_connection_new(const TlsContext *context, int monitor_fd);

TlsConnection *tls_connection_free(TlsConnection *connection);
DEFINE_CLEANUP(TlsConnection *, tls_connection_free);

/**
 * tls_connection_step() - go on after something became ready, or the deadline passed
 *
 * Return: false when the connection is over.
 */
[[nodiscard]] bool tls_connection_step(TlsConnection *connection);

/** tls_connection_wait() - what to wait for until the next step */
void tls_connection_wait(const TlsConnection *connection, TlsWait *ret_wait);

/** tls_connection_session_fd() - the descriptor that will be given away, while it is here */
int tls_connection_session_fd(const TlsConnection *connection);

/** tls_connection_is_idle() - it is in the pump and holds nothing */
bool tls_connection_is_idle(const TlsConnection *connection);
