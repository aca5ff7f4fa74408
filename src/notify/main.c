/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd-notify: the long-lived service that tells sessions of changes, imapd-notify(8). */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "basic/log.h"
#include "basic/text.h"
#include "notify/notify-server.h"

static int block_stop_signals(sd_event *event) {
        static const int signals[] = { SIGTERM, SIGINT };
        sigset_t set;

        sigemptyset(&set);
        for (size_t i = 0; i < ELEMENTSOF(signals); i++)
                sigaddset(&set, signals[i]);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
                return -errno;
        for (size_t i = 0; i < ELEMENTSOF(signals); i++) {
                int r = sd_event_add_signal(event, NULL, signals[i], NULL, NULL);

                if (r < 0)
                        return r;
        }
        return 0;
}

static int serve(int listen_fd) {
        _cleanup_(sd_event_unrefp) sd_event *event = NULL;
        _cleanup_(notify_server_freep) NotifyServer *server = NULL;
        int r;

        r = sd_event_default(&event);
        if (r < 0)
                return failed(r, "make an event loop");
        r = block_stop_signals(event);
        if (r < 0)
                return failed(r, "wait for signals");
        r = sd_event_set_watchdog(event, 1);
        if (r < 0)
                return failed(r, "serve the watchdog");
        r = notify_server_new(event, listen_fd, &server);
        if (r < 0)
                return r;
        (void) sd_notify(0, "READY=1\nSTATUS=Waiting for sessions."); /* or nobody asked for it */
        r = sd_event_loop(event);
        (void) sd_notify(0, "STOPPING=1");
        return r < 0 ? failed(r, "run the event loop") : 0;
}

static int usage(FILE *stream) {
        fputs("imapd-notify: tell IMAP sessions of changes in their mailboxes\n\n"
              "Started by imapd-notify.socket, which hands it the listening socket.\n\n"
              "  --help      this text\n"
              "  --version   the version\n\n"
              "See imapd-notify(8).\n", stream);
        return stream == stdout ? 0 : 2;
}

int main(int argc, char **argv) {
        int n_sockets;

        if (argc == 2 && text_equal(argv[1], "--help"))
                return usage(stdout);
        if (argc == 2 && text_equal(argv[1], "--version")) {
                puts("imapd-notify " PROJECT_VERSION);
                return 0;
        }
        if (argc > 1)
                return usage(stderr);
        log_open("imapd-notify");
        n_sockets = sd_listen_fds(1);
        if (n_sockets != 1 || sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_STREAM, 1) <= 0) {
                log_report(LOG_ERR, "Expected one listening socket from imapd-notify.socket.");
                return 1;
        }
        return serve(SD_LISTEN_FDS_START) < 0;
}
