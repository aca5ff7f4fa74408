/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process for one connection, forked from the warm service and fenced in. */
#pragma once

#include <sys/types.h>

#include "tls/tls-context.h"

/**
 * tls_worker_start() - fork a worker that serves @monitor_fd's request and exits
 * @context:     the worker has its own copy, as it is now
 * @monitor_fd:  becomes the worker's; closed here in any case
 * @ret_pid:     a child to be waited for
 *
 * Return: 0 or negative errno, reported.
 */
[[nodiscard]] int tls_worker_start(const TlsContext *context, int monitor_fd, pid_t *ret_pid);
