/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One session's bus connection at the notify service. */
#pragma once

#include <sys/types.h>
#include <systemd/sd-event.h>

#include "basic/memory.h"

typedef struct NotifyClient NotifyClient;

/* Called once, when the connection is over; the receiver frees the client. */
typedef void (*NotifyClientEnded)(NotifyClient *client, void *userdata);

/**
 * notify_client_new() - talk the bus protocol, as its server, on an accepted socket
 * @fd:          owned from here on, also on failure
 * @ended:       called from the event loop, never from inside this function
 * @ret_client:  owned by the caller
 *
 * Each connection has an I/O source and a timer of its own: thousands of connections attached
 * by sd_bus_attach_event() would make every turn of the loop linear in their number.
 * Return: 0 or negative errno (not reported: one client's trouble).
 */
[[nodiscard]] int notify_client_new(sd_event *event, int fd, uid_t uid, NotifyClientEnded ended,
                                    void *userdata, NotifyClient **ret_client);

NotifyClient *notify_client_free(NotifyClient *client);
DEFINE_CLEANUP(NotifyClient *, notify_client_free);

uid_t notify_client_uid(const NotifyClient *client);
