/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accepting sessions, counting them, and forgetting them when they end. */
#include "notify/notify-server.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/socket.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "ipc/channel.h"
#include "notify/notify-client.h"

/* Connections accepted before the other sources of the loop get their turn. */
enum { ACCEPTS_PER_TURN = 64 };

struct NotifyServer {
        sd_event *event;
        sd_event_source *io;
        int listen_fd;
        NotifyClient **clients; /* owned */
        size_t n_clients, n_allocated;
};

NotifyServer *notify_server_free(NotifyServer *server) {
        if (!server)
                return NULL;
        for (size_t i = 0; i < server->n_clients; i++)
                (void) notify_client_free(server->clients[i]); /* gives NULL back */
        free(server->clients);
        server->io = sd_event_source_disable_unref(server->io);
        server->listen_fd = fd_close(server->listen_fd);
        server->event = sd_event_unref(server->event);
        free(server);
        return NULL;
}

static void on_client_ended(NotifyClient *client, void *userdata) {
        NotifyServer *server = userdata;

        for (size_t i = 0; i < server->n_clients; i++) {
                if (server->clients[i] != client)
                        continue;
                server->clients[i] = server->clients[--server->n_clients];
                (void) notify_client_free(client); /* gives NULL back */
                return;
        }
}

static size_t count_clients_of(const NotifyServer *server, uid_t uid) {
        size_t n = 0;

        for (size_t i = 0; i < server->n_clients; i++)
                n += notify_client_uid(server->clients[i]) == uid;
        return n;
}

static void add_client(NotifyServer *server, int fd) {
        _cleanup_close_ int owned_fd = fd;
        NotifyClient *client;
        uid_t uid;

        if (channel_peer_uid(fd, &uid) < 0)
                return;
        if (server->n_clients >= NOTIFY_CLIENTS_MAX ||
            count_clients_of(server, uid) >= NOTIFY_CLIENTS_PER_UID_MAX) {
                log_report(LOG_WARNING, "Refusing a session of uid %" PRIu32 ": %zu are connected.",
                           (uint32_t) uid, server->n_clients);
                return;
        }
        if (notify_client_new(server->event, TAKE_FD(owned_fd), uid, on_client_ended, server,
                              &client) < 0)
                return; /* this client's trouble only; it falls back to looking for itself */
        GROW(server->clients, server->n_clients, server->n_allocated);
        server->clients[server->n_clients++] = client;
}

static int on_connection(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        NotifyServer *server = userdata;

        for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
                int client_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

                if (client_fd >= 0) {
                        add_client(server, client_fd);
                        continue;
                }
                if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
                        return 0;
                return failed(-errno, "accept a session");
        }
        return 0;
}

int notify_server_new(sd_event *event, int listen_fd, NotifyServer **ret_server) {
        _cleanup_(notify_server_freep) NotifyServer *server =
                make(NotifyServer, .event = sd_event_ref(event), .listen_fd = listen_fd);
        int r;

        r = fd_set_nonblocking(listen_fd, 1);
        if (r < 0)
                return failed(r, "make the socket non-blocking");
        r = sd_event_add_io(event, &server->io, listen_fd, POLLIN, on_connection, server);
        if (r < 0)
                return failed(r, "wait for sessions");
        *ret_server = TAKE_PTR(server);
        return 0;
}
