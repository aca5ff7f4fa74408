/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop only accepts, forks and sees to deadlines; it reads no request. */
#include "auth/auth-service.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "auth/auth-child.h"
#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/sandbox.h"
#include "basic/text.h"
#include "ipc/channel.h"

#define REQUEST_USEC (30 * USEC_PER_SEC)
#define PAUSE_USEC (100 * USEC_PER_MSEC)

typedef struct AuthService AuthService;

typedef struct AuthChild {
        AuthService *service;
        pid_t pid;
        int client_fd; /* to say something when the child cannot */
        sd_event_source *end, *deadline;
        struct AuthChild *next;
} AuthChild;

struct AuthService {
        const AuthModule *module;
        sd_event *event;
        sd_event_source *listener, *pause, *stops[2];
        int listener_fd;
        AuthChild *children;
        size_t n_children;
        bool is_stopping;
};

static AuthChild *child_free(AuthChild *child) {
        for (AuthChild **at = &child->service->children; *at; at = &(*at)->next)
                if (*at == child) {
                        *at = child->next;
                        child->service->n_children--;
                        break;
                }
        sd_event_source_disable_unref(child->end);
        sd_event_source_disable_unref(child->deadline);
        (void) fd_close(child->client_fd);
        free(child);
        return NULL;
}

static void service_done(AuthService *service) {
        while (service->children)
                child_free(service->children);
        sd_event_source_disable_unref(service->listener);
        sd_event_source_disable_unref(service->pause);
        for (size_t i = 0; i < ELEMENTSOF(service->stops); i++)
                sd_event_source_disable_unref(service->stops[i]);
        sd_event_unref(service->event);
        (void) fd_close(service->listener_fd);
}

static int on_child_end(sd_event_source *source, const siginfo_t *info, void *context) {
        AuthChild *child = context;
        AuthService *service = child->service;

        if (info->si_code != CLD_EXITED)
                log_report(LOG_ERR, "The process of a request was ended by signal %d (%s).",
                           info->si_status, sigdescr_np(info->si_status));
        if (info->si_code != CLD_EXITED || info->si_status != 0)
                auth_child_apologise(child->client_fd, "The account service failed");
        child_free(child);
        if (service->is_stopping)
                return service->n_children > 0 ? 0 : sd_event_exit(service->event, 0);
        return sd_event_source_set_enabled(service->listener, SD_EVENT_ON);
}

static int on_child_deadline(sd_event_source *source, uint64_t usec, void *context) {
        AuthChild *child = context;

        log_report(LOG_WARNING, "A request took longer than 30 seconds and was given up.");
        auth_child_apologise(child->client_fd, "The account service did not answer in time");
        child->client_fd = fd_close(child->client_fd);
        (void) kill(child->pid, SIGKILL); /* ours, and not waited for yet */
        return 0;
}

static int watch_child(AuthService *service, pid_t pid, int client_fd) {
        AuthChild *child = make(AuthChild, .service = service, .pid = pid, .client_fd = client_fd,
                                .next = service->children);
        int r;

        service->children = child;
        service->n_children++;
        r = sd_event_add_child(service->event, &child->end, pid, WEXITED, on_child_end, child);
        if (r >= 0)
                r = sd_event_source_set_exit_on_failure(child->end, true);
        if (r >= 0)
                r = sd_event_add_time_relative(service->event, &child->deadline, CLOCK_MONOTONIC,
                                               REQUEST_USEC, 0, on_child_deadline, child);
        if (r >= 0 && service->n_children >= AUTH_CHILDREN_MAX)
                r = sd_event_source_set_enabled(service->listener, SD_EVENT_OFF);
        return r < 0 ? failed(r, "watch over a request") : 0;
}

static bool may_ask(int fd) {
        uid_t uid;

        if (channel_peer_uid(fd, &uid) < 0)
                return false;
        if (uid == 0)
                return true;
        log_report(LOG_NOTICE, "User %u asked about an account and was refused.", (unsigned) uid);
        return false;
}

static int serve(AuthService *service, int client_fd) {
        pid_t pid;

        if (!may_ask(client_fd)) {
                (void) fd_close(client_fd);
                return 0;
        }
        if (service->module->refresh)
                service->module->refresh(service->module->context);
        pid = fork();
        if (pid == 0)
                auth_child_run(service->module, client_fd);
        if (pid < 0) {
                (void) failed(-errno, "start a process for a request");
                auth_child_apologise(client_fd, "The account service has no process left");
                (void) fd_close(client_fd);
                return 0;
        }
        return watch_child(service, pid, client_fd);
}

static int on_pause_over(sd_event_source *source, uint64_t usec, void *context) {
        AuthService *service = context;

        return sd_event_source_set_enabled(service->listener, SD_EVENT_ON);
}

static int on_connection(sd_event_source *source, int fd, uint32_t events, void *context) {
        AuthService *service = context;
        int client_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC), r;

        if (client_fd >= 0)
                return serve(service, client_fd);
        if (errno != EMFILE && errno != ENFILE && errno != ENOMEM && errno != ENOBUFS)
                return 0; /* who gave up meanwhile is no matter */
        (void) failed(-errno, "accept a connection, waiting a moment");
        r = sd_event_source_set_enabled(service->listener, SD_EVENT_OFF);
        if (r < 0)
                return r;
        service->pause = sd_event_source_disable_unref(service->pause);
        return sd_event_add_time_relative(service->event, &service->pause, CLOCK_MONOTONIC,
                                          PAUSE_USEC, 0, on_pause_over, service);
}

/* Requests that have begun are answered. */
static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *context) {
        AuthService *service = context;

        (void) sd_notify(false, "STOPPING=1"); /* without systemd nobody is told */
        service->listener = sd_event_source_disable_unref(service->listener);
        service->pause = sd_event_source_disable_unref(service->pause);
        service->listener_fd = fd_close(service->listener_fd);
        service->is_stopping = true;
        return service->n_children > 0 ? 0 : sd_event_exit(service->event, 0);
}

static int prepare(AuthService *service) {
        sigset_t handled;
        int r;

        sigemptyset(&handled);
        sigaddset(&handled, SIGCHLD);
        sigaddset(&handled, SIGTERM);
        sigaddset(&handled, SIGINT);
        if (sigprocmask(SIG_BLOCK, &handled, NULL) < 0)
                return -errno;
        r = sd_event_new(&service->event);
        if (r >= 0)
                r = sd_event_add_signal(service->event, &service->stops[0], SIGTERM, on_stop,
                                        service);
        if (r >= 0)
                r = sd_event_add_signal(service->event, &service->stops[1], SIGINT, on_stop,
                                        service);
        if (r >= 0)
                r = sd_event_add_io(service->event, &service->listener, service->listener_fd,
                                    EPOLLIN, on_connection, service);
        /* Without its listener the service is done for: systemd starts the next. */
        if (r >= 0)
                r = sd_event_source_set_exit_on_failure(service->listener, true);
        if (r >= 0)
                r = sd_event_set_watchdog(service->event, true);
        return r;
}

static int run(const AuthModule *module, int listener_fd) {
        _cleanup_(service_done) AuthService service = {
                .module = module, .listener_fd = listener_fd
        };
        int r;

        r = fd_set_nonblocking(listener_fd, true);
        if (r >= 0)
                r = prepare(&service);
        if (r < 0)
                return failed(r, "set the event loop up");
        if (module->refresh)
                module->refresh(module->context);
        (void) sd_notify(false, "READY=1\nSTATUS=Answering requests."); /* if anybody listens */
        r = sd_event_loop(service.event);
        return r < 0 ? failed(r, "run the event loop") : 0;
}

int auth_service_main(int argc, char **argv, const AuthModule *module) {
        if (argc == 2 && text_equal(argv[1], "--version")) {
                printf("%s %s\n", module->program, PROJECT_VERSION);
                return EXIT_SUCCESS;
        }
        if (argc > 1) {
                fprintf(stderr, "usage: %s [--version]\nSee %s(8).\n", module->program,
                        module->program);
                return 2;
        }
        log_open(module->program);
        if (sd_listen_fds(1) != 1 ||
            sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_STREAM, 1) <= 0) {
                (void) failed(-EINVAL, "serve without one listening stream socket from systemd");
                return EXIT_FAILURE;
        }
        if (sandbox_harden_process() < 0)
                return EXIT_FAILURE;
        return run(module, SD_LISTEN_FDS_START) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
