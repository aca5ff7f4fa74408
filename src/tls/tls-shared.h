/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS_ISOLATION=shared: all connections in the service's own event loop. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "tls/tls-context.h"

typedef struct TlsShared TlsShared;

/** tls_shared_new() - @event and @context are borrowed */
TlsShared *tls_shared_new(sd_event *event, const TlsContext *context);

/** tls_shared_free() - closes the connections that are left */
TlsShared *tls_shared_free(TlsShared *shared);
DEFINE_CLEANUP(TlsShared *, tls_shared_free);

/** tls_shared_add() - serve the monitor's request; @monitor_fd becomes the connection's */
void tls_shared_add(TlsShared *shared, int monitor_fd);

/** tls_shared_count() - connections that are open */
size_t tls_shared_count(const TlsShared *shared);

/** tls_shared_set_drained() - from now on: end the event loop when the last connection is over */
void tls_shared_set_drained(TlsShared *shared);
