/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notify service: accepts sessions on a socket and keeps one bus connection for each. */
#pragma once

#include <systemd/sd-event.h>

#include "basic/memory.h"

typedef struct NotifyServer NotifyServer;

/* Sessions at once, in all and of one uid; one more is closed at once and logged. */
enum { NOTIFY_CLIENTS_MAX = 16384, NOTIFY_CLIENTS_PER_UID_MAX = 8192 };

/* A client that has not finished its bus authentication by then is closed. */
enum { NOTIFY_AUTHENTICATION_SEC = 10 };

/**
 * notify_server_new() - serve a listening SOCK_STREAM socket on an event loop
 * @event:       referenced
 * @listen_fd:   owned from here on, also on failure
 * @ret_server:  owned by the caller, released by notify_server_free() before the loop
 *
 * Return: 0 or negative errno.
 */
[[nodiscard]] int notify_server_new(sd_event *event, int listen_fd, NotifyServer **ret_server);

NotifyServer *notify_server_free(NotifyServer *server);
DEFINE_CLEANUP(NotifyServer *, notify_server_free);
