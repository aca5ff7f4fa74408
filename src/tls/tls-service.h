/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listener and what happens beside connections: workers' ends, reload, renewal, stop. */
#pragma once

#include "tls/tls-context.h"

/**
 * tls_service_run() - serve until SIGTERM
 * @context:      borrowed
 * @listener_fd:  SOCK_SEQPACKET, listening; closed by this function
 *
 * Return: 0 or negative errno, reported.
 */
[[nodiscard]] int tls_service_run(TlsContext *context, int listener_fd);
