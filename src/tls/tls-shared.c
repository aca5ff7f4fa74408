/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sd-event sources around tls-connection.c; a source is off while nothing is awaited there. */
#include "tls/tls-shared.h"

#include <errno.h>
#include <sys/epoll.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "tls/tls-connection.h"

typedef struct SharedConnection {
        TlsShared *shared;
        TlsConnection *connection;
        sd_event_source *sources[_TLS_FD_MAX];
        sd_event_source *timer, *turn; /* the deadline; the next turn of a busy one */
        struct SharedConnection *previous, *next;
} SharedConnection;

struct TlsShared {
        sd_event *event;
        const TlsContext *context;
        SharedConnection *first;
        size_t n_connections;
        bool is_drained;
};

static SharedConnection *drop(SharedConnection *served) {
        TlsShared *shared = served->shared;

        if (served->previous)
                served->previous->next = served->next;
        else
                shared->first = served->next;
        if (served->next)
                served->next->previous = served->previous;
        for (size_t i = 0; i < _TLS_FD_MAX; i++)
                sd_event_source_disable_unref(served->sources[i]);
        sd_event_source_disable_unref(served->timer);
        sd_event_source_disable_unref(served->turn);
        tls_connection_free(served->connection);
        free(served);
        shared->n_connections--;
        if (shared->is_drained && shared->n_connections == 0)
                (void) sd_event_exit(shared->event, 0); /* fails only when it is over already */
        return NULL;
}

static void go_on(SharedConnection *served);

static int on_ready(sd_event_source *source, int fd, uint32_t events, void *context) {
        go_on(context);
        return 0;
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *context) {
        go_on(context);
        return 0;
}

static int on_turn(sd_event_source *source, void *context) {
        go_on(context);
        return 0;
}

/* poll() and epoll() share these numbers on Linux. */
static int watch(SharedConnection *served, TlsFd which, int fd, short events) {
        sd_event_source **source = &served->sources[which];
        int r;

        if (fd < 0) {
                *source = sd_event_source_disable_unref(*source);
                return 0;
        }
        if (!*source) {
                if (!events)
                        return 0;
                return sd_event_add_io(served->shared->event, source, fd, (uint32_t) events,
                                       on_ready, served);
        }
        r = sd_event_source_set_enabled(*source, events ? SD_EVENT_ON : SD_EVENT_OFF);
        return r < 0 || !events ? r : sd_event_source_set_io_events(*source, (uint32_t) events);
}

static int arm_timer(SharedConnection *served, uint64_t deadline_usec) {
        int r;

        if (deadline_usec == USEC_INFINITY) {
                served->timer = sd_event_source_disable_unref(served->timer);
                return 0;
        }
        if (!served->timer)
                return sd_event_add_time(served->shared->event, &served->timer, CLOCK_MONOTONIC,
                                         deadline_usec, 0, on_deadline, served);
        r = sd_event_source_set_time(served->timer, deadline_usec);
        return r < 0 ? r : sd_event_source_set_enabled(served->timer, SD_EVENT_ONESHOT);
}

static int arm_turn(SharedConnection *served, bool is_busy) {
        if (!is_busy) {
                served->turn = sd_event_source_disable_unref(served->turn);
                return 0;
        }
        if (!served->turn)
                return sd_event_add_defer(served->shared->event, &served->turn, on_turn, served);
        return sd_event_source_set_enabled(served->turn, SD_EVENT_ONESHOT);
}

static int arm(SharedConnection *served) {
        TlsWait wait;
        int r;

        tls_connection_wait(served->connection, &wait);
        for (size_t i = 0; i < _TLS_FD_MAX; i++) {
                r = watch(served, (TlsFd) i, wait.fds[i].fd, wait.fds[i].events);
                if (r < 0)
                        return r;
        }
        r = arm_timer(served, wait.deadline_usec);
        return r < 0 ? r : arm_turn(served, wait.is_busy);
}

static void go_on(SharedConnection *served) {
        int r;

        if (!tls_connection_step(served->connection)) {
                drop(served);
                return;
        }
        r = arm(served);
        if (r < 0) {
                (void) failed(r, "wait for a connection"); /* one client less, the others go on */
                drop(served);
        }
}

TlsShared *tls_shared_new(sd_event *event, const TlsContext *context) {
        return make(TlsShared, .event = event, .context = context);
}

TlsShared *tls_shared_free(TlsShared *shared) {
        if (!shared)
                return NULL;
        shared->is_drained = false;
        while (shared->first)
                drop(shared->first);
        free(shared);
        return NULL;
}

void tls_shared_add(TlsShared *shared, int monitor_fd) {
        TlsConnection *connection = tls_connection_new(shared->context, monitor_fd);
        SharedConnection *served;

        if (!connection)
                return;
        served = make(SharedConnection, .shared = shared, .connection = connection,
                      .next = shared->first);
        if (shared->first)
                shared->first->previous = served;
        shared->first = served;
        shared->n_connections++;
        go_on(served);
}

size_t tls_shared_count(const TlsShared *shared) {
        return shared->n_connections;
}

void tls_shared_set_drained(TlsShared *shared) {
        shared->is_drained = true;
        if (shared->n_connections == 0)
                (void) sd_event_exit(shared->event, 0); /* fails only when it is over already */
}
