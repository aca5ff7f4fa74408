/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One event loop. With TLS_ISOLATION=connection it only forks; a worker outlives a stop of the
 * service, so that a restart ends no session.
 */
#include "tls/tls-service.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "ipc/channel.h"
#include "ipc/tls-record.h"
#include "tls/tls-shared.h"
#include "tls/tls-worker.h"

enum { CONNECTIONS_MAX = 16384 };

/* How long the service waits when the machine has no descriptors or memory for another client. */
#define PAUSE_USEC (100 * USEC_PER_MSEC)

typedef struct TlsService {
        TlsContext *context;
        sd_event *event;
        sd_event_source *listener, *pause, *tending, *signals[4];
        int listener_fd;
        TlsShared *shared; /* NULL: a worker for each connection */
        size_t n_workers;
} TlsService;

static void service_done(TlsService *service) {
        sd_event_source_disable_unref(service->listener);
        sd_event_source_disable_unref(service->pause);
        sd_event_source_disable_unref(service->tending);
        for (size_t i = 0; i < ELEMENTSOF(service->signals); i++)
                sd_event_source_disable_unref(service->signals[i]);
        tls_shared_free(service->shared);
        sd_event_unref(service->event);
        (void) fd_close(service->listener_fd);
}

/* The monitor is root. This service may be another user: then it may try itself out, too. */
static bool may_ask(int fd) {
        uid_t uid;

        if (channel_peer_uid(fd, &uid) < 0)
                return false;
        if (uid == 0 || uid == geteuid())
                return true;
        log_report(LOG_NOTICE, "User %u asked for TLS and was refused.", (unsigned) uid);
        return false;
}

static void refuse_for_number(int fd) {
        _cleanup_buffer_ Buffer packet = { 0 };
        TlsRecord record = { .message = (char *) "too many connections" };

        log_report(LOG_WARNING, "There are %d TLS connections, no more are accepted.",
                   CONNECTIONS_MAX);
        tls_record_write(&record, &packet);
        (void) channel_send(fd, packet.data, packet.size, -EBADF, 0); /* or it sees the end */
        (void) fd_close(fd);
}

static void serve(TlsService *service, int fd) {
        size_t n = service->shared ? tls_shared_count(service->shared) : service->n_workers;
        pid_t pid;

        if (!may_ask(fd)) {
                (void) fd_close(fd);
                return;
        }
        if (n >= CONNECTIONS_MAX) {
                refuse_for_number(fd);
                return;
        }
        tls_context_refresh(service->context);
        if (service->shared)
                tls_shared_add(service->shared, fd);
        else if (tls_worker_start(service->context, fd, &pid) == 0)
                service->n_workers++;
}

static int on_pause_over(sd_event_source *source, uint64_t usec, void *context) {
        TlsService *service = context;

        return sd_event_source_set_enabled(service->listener, SD_EVENT_ON);
}

/* The listener would be ready again at once, and the loop would spin. */
static int pause_listening(TlsService *service, int error) {
        int r;

        (void) failed(-error, "accept a connection, waiting a moment");
        r = sd_event_source_set_enabled(service->listener, SD_EVENT_OFF);
        if (r < 0)
                return r;
        service->pause = sd_event_source_disable_unref(service->pause);
        return sd_event_add_time_relative(service->event, &service->pause, CLOCK_MONOTONIC,
                                          PAUSE_USEC, 0, on_pause_over, service);
}

static int on_connection(sd_event_source *source, int fd, uint32_t events, void *context) {
        int client_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (client_fd >= 0)
                serve(context, client_fd);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                return pause_listening(context, errno);
        return 0; /* who gave up meanwhile is no matter */
}

static int on_child(sd_event_source *source, const struct signalfd_siginfo *info, void *context) {
        TlsService *service = context;
        int status;

        while (waitpid(-1, &status, WNOHANG) > 0) {
                service->n_workers -= service->n_workers > 0;
                if (WIFSIGNALED(status))
                        log_report(LOG_ERR, "A TLS worker was ended by signal %d (%s).",
                                   WTERMSIG(status), sigdescr_np(WTERMSIG(status)));
        }
        return 0;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *context) {
        TlsService *service = context;

        (void) sd_notifyf(false, "RELOADING=1\nMONOTONIC_USEC=%llu",
                          (unsigned long long) clock_monotonic_usec());
        tls_context_reload(service->context);
        log_report(LOG_INFO, "Read all certificates again.");
        (void) sd_notify(false, "READY=1"); /* without systemd nobody is told */
        return 0;
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *context) {
        TlsService *service = context;

        (void) sd_notify(false, "STOPPING=1"); /* without systemd nobody is told */
        service->listener = sd_event_source_disable_unref(service->listener);
        service->listener_fd = fd_close(service->listener_fd);
        if (!service->shared)
                return sd_event_exit(service->event, 0);
        log_report(LOG_INFO, "Stopping when %zu connections have ended.",
                   tls_shared_count(service->shared));
        tls_shared_set_drained(service->shared);
        return 0;
}

static int on_tending(sd_event_source *source, uint64_t usec, void *context) {
        TlsService *service = context;
        int r;

        tls_context_tend(service->context);
        r = sd_event_source_set_time_relative(source, TICKET_KEY_USEC);
        return r < 0 ? r : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int add_signals(TlsService *service) {
        static const struct {
                int number;
                sd_event_signal_handler_t handler;
        } table[] = {
                { SIGCHLD, on_child },
                { SIGHUP,  on_reload },
                { SIGTERM, on_stop },
                { SIGINT,  on_stop },
        };
        sigset_t handled;
        int r;

        sigemptyset(&handled);
        for (size_t i = 0; i < ELEMENTSOF(table); i++)
                sigaddset(&handled, table[i].number);
        if (sigprocmask(SIG_BLOCK, &handled, NULL) < 0)
                return -errno;
        for (size_t i = 0; i < ELEMENTSOF(table); i++) {
                r = sd_event_add_signal(service->event, &service->signals[i], table[i].number,
                                        table[i].handler, service);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int prepare(TlsService *service) {
        int r;

        r = sd_event_new(&service->event);
        if (r < 0)
                return r;
        if (service->context->settings->is_shared)
                service->shared = tls_shared_new(service->event, service->context);
        r = add_signals(service);
        if (r < 0)
                return r;
        r = sd_event_add_io(service->event, &service->listener, service->listener_fd, EPOLLIN,
                            on_connection, service);
        if (r < 0)
                return r;
        r = sd_event_add_time_relative(service->event, &service->tending, CLOCK_MONOTONIC,
                                       TICKET_KEY_USEC, 0, on_tending, service);
        if (r < 0)
                return r;
        /* Without its listener the service is done for: systemd starts the next. */
        r = sd_event_source_set_exit_on_failure(service->listener, true);
        return r < 0 ? r : sd_event_set_watchdog(service->event, true);
}

int tls_service_run(TlsContext *context, int listener_fd) {
        _cleanup_(service_done) TlsService service = {
                .context = context, .listener_fd = listener_fd
        };
        int r;

        r = fd_set_nonblocking(listener_fd, true);
        if (r >= 0)
                r = prepare(&service);
        if (r < 0)
                return failed(r, "set the event loop up");
        (void) sd_notifyf(false, "READY=1\nSTATUS=Serving TLS, %s.",
                          service.shared ? "all connections in this process"
                                         : "each connection in a process of its own");
        r = sd_event_loop(service.event);
        return r < 0 ? failed(r, "run the event loop") : 0;
}
