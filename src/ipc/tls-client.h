/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Having a client's socket wrapped into TLS by the TLS service: imapd-tls(8). */
#pragma once

#include <stdint.h>

#include "ipc/tls-record.h" /* TlsRequest, TlsRecord */

/* Outcomes; negative values are errno, already reported. */
enum {
        TLS_CLIENT_DONE = 0,
        TLS_CLIENT_FAILED,      /* no handshake; the record's message says why */
        TLS_CLIENT_UNAVAILABLE, /* no service, or none that answers in time; reported */
};

/**
 * tls_client_start() - give the client's socket away and get a plaintext one
 * @request:        borrowed
 * @client_fd:      stays the caller's, who closes it after success: the service has its own copy
 * @deadline_usec:  of the whole exchange, handshake included; the service gives up after 30 s
 * @ret_record:     set with TLS_CLIENT_DONE and TLS_CLIENT_FAILED; tls_record_done() afterwards
 * @ret_fd:         with TLS_CLIENT_DONE: a stream socket with the clear text, close-on-exec
 *
 * Return: an outcome or negative errno.
 */
[[nodiscard]] int tls_client_start(const TlsRequest *request, int client_fd, uint64_t deadline_usec,
                                   TlsRecord *ret_record, int *ret_fd);
