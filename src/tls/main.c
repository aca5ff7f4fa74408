/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd-tls(8): takes clients' sockets, gives plaintext sockets back. The only holder of keys. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include "basic/log.h"
#include "basic/sandbox.h"
#include "basic/text.h"
#include "tls/tls-service.h"

static int find_listener(void) {
        if (sd_listen_fds(1) != 1 ||
            sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_SEQPACKET, 1) <= 0)
                return failed(-EINVAL, "serve without one listening SOCK_SEQPACKET socket"
                              " from imapd-tls.socket");
        return SD_LISTEN_FDS_START;
}

/* A connection takes three descriptors in shared mode. */
static void raise_descriptor_limit(void) {
        struct rlimit limit;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
                return;
        limit.rlim_cur = limit.rlim_max;
        (void) setrlimit(RLIMIT_NOFILE, &limit); /* what is there has to do, then */
}

static int serve(void) {
        _cleanup_(tls_settings_freep) TlsSettings *settings = NULL;
        _cleanup_(tls_context_freep) TlsContext *context = NULL;
        int listener_fd = find_listener(), r;

        if (listener_fd < 0)
                return listener_fd;
        r = sandbox_harden_process();
        if (r < 0)
                return r;
        settings = tls_settings_read();
        if (settings->is_shared)
                raise_descriptor_limit();
        context = tls_context_new(settings);
        if (!context)
                return -EINVAL; /* reported */
        return tls_service_run(context, listener_fd);
}

int main(int argc, char **argv) {
        if (argc == 2 && text_equal(argv[1], "--version")) {
                puts("imapd-tls " PROJECT_VERSION);
                return EXIT_SUCCESS;
        }
        if (argc > 1) {
                fputs("usage: imapd-tls [--version]\nSee imapd-tls(8).\n", stderr);
                return 2;
        }
        log_open("imapd-tls");
        (void) signal(SIGPIPE, SIG_IGN); /* OpenSSL uses write() */
        return serve() < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
