/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One peer-to-peer bus connection. What goes wrong here costs this client its connection and
 * nobody else anything.
 */
#include "notify/notify-client.h"

#include <errno.h>
#include <poll.h>
#include <systemd/sd-bus.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "notify/notify-server.h"
#include "notify/watch-bus.h"

/* Messages handled before other clients get their turn. */
enum { MESSAGES_PER_TURN = 64 };

struct NotifyClient {
        sd_bus *bus;
        sd_event_source *io, *timer;
        uid_t uid;
        uint64_t authentication_deadline_usec;
        NotifyClientEnded ended;
        void *userdata;
};

NotifyClient *notify_client_free(NotifyClient *client) {
        if (!client)
                return NULL;
        client->io = sd_event_source_disable_unref(client->io);
        client->timer = sd_event_source_disable_unref(client->timer);
        client->bus = sd_bus_close_unref(client->bus);
        free(client);
        return NULL;
}

uid_t notify_client_uid(const NotifyClient *client) {
        return client->uid;
}

/*
 * When to call sd_bus_process() although nothing arrived: at the bus's own deadline, and while the
 * authentication lasts, at ours.
 */
static int arm_timer(NotifyClient *client) {
        uint64_t due_usec = USEC_INFINITY;
        int r;

        r = sd_bus_get_timeout(client->bus, &due_usec);
        if (r < 0)
                return r;
        if (sd_bus_is_ready(client->bus) <= 0)
                due_usec = MIN(due_usec, client->authentication_deadline_usec);
        if (due_usec == USEC_INFINITY)
                return sd_event_source_set_enabled(client->timer, SD_EVENT_OFF);
        r = sd_event_source_set_time(client->timer, due_usec);
        if (r < 0)
                return r;
        return sd_event_source_set_enabled(client->timer, SD_EVENT_ONESHOT);
}

static int arm_io(NotifyClient *client) {
        int events = sd_bus_get_events(client->bus);

        if (events < 0)
                return events;
        return sd_event_source_set_io_events(client->io, (uint32_t) events);
}

/* What is buffered inside the bus object raises no event, so it is worked off here. */
static int process(NotifyClient *client) {
        int r = 0;

        for (int i = 0; i < MESSAGES_PER_TURN; i++) {
                r = sd_bus_process(client->bus, NULL);
                if (r <= 0)
                        break;
        }
        if (r < 0)
                return r;
        if (sd_bus_is_open(client->bus) <= 0)
                return -ECONNRESET;
        if (sd_bus_is_ready(client->bus) <= 0 &&
            clock_left_usec(client->authentication_deadline_usec) == 0)
                return -ETIMEDOUT;
        r = arm_io(client);
        return r < 0 ? r : arm_timer(client);
}

static void turn(NotifyClient *client) {
        if (process(client) < 0)
                client->ended(client, client->userdata);
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        turn(userdata);
        return 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        turn(userdata);
        return 0;
}

static int start_bus(NotifyClient *client, int *fd) {
        sd_id128_t server_id;
        int r;

        r = sd_bus_new(&client->bus);
        if (r < 0)
                return r;
        r = sd_bus_set_fd(client->bus, *fd, *fd);
        if (r < 0)
                return r;
        (void) TAKE_FD(*fd); /* the bus closes it */
        r = sd_id128_randomize(&server_id);
        if (r < 0)
                return r;
        r = sd_bus_set_server(client->bus, 1, server_id);
        if (r < 0)
                return r;
        r = sd_bus_negotiate_fds(client->bus, 1);
        if (r < 0)
                return r;
        r = sd_bus_add_object_vtable(client->bus, NULL, NOTIFY_OBJECT, NOTIFY_INTERFACE,
                                     notify_watch_vtable, client);
        if (r < 0)
                return r;
        return sd_bus_start(client->bus);
}

static int add_sources(NotifyClient *client, sd_event *event) {
        int fd, r;

        fd = sd_bus_get_fd(client->bus);
        if (fd < 0)
                return fd;
        r = sd_event_add_io(event, &client->io, fd, POLLIN, on_io, client);
        if (r < 0)
                return r;
        /* The first turn is due at once: octets may have been read while the bus started. */
        return sd_event_add_time(event, &client->timer, CLOCK_MONOTONIC, 0, USEC_PER_MSEC, on_timer,
                                 client);
}

int notify_client_new(sd_event *event, int fd, uid_t uid, NotifyClientEnded ended, void *userdata,
                      NotifyClient **ret_client) {
        _cleanup_close_ int owned_fd = fd;
        _cleanup_(notify_client_freep) NotifyClient *client =
                make(NotifyClient, .uid = uid, .ended = ended, .userdata = userdata);
        int r;

        client->authentication_deadline_usec =
                clock_deadline_usec(NOTIFY_AUTHENTICATION_SEC * USEC_PER_SEC);
        r = start_bus(client, &owned_fd);
        if (r < 0)
                return r;
        r = add_sources(client, event);
        if (r < 0)
                return r;
        *ret_client = TAKE_PTR(client);
        return 0;
}
