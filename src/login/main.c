/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imaplogin IMAPD MAILDIR: one IMAP connection, from systemd or inetd style (imaplogin(8)). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "login/monitor.h"

enum { LISTEN_FDS_START = 3 };

/* The connection of an Accept=yes unit is descriptor 3, inetd's is 0 (sd_listen_fds(3)). */
static int client_descriptor(void) {
        const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
        uint32_t number;

        if (!pid || !count || !text_parse_u32(pid, &number) || number != (uint32_t) getpid() ||
            !text_equal(count, "1"))
                return STDIN_FILENO;
        return LISTEN_FDS_START;
}

/* 0 to 2 have to be something, so that no descriptor of ours gets their numbers. */
static bool fill_standard_fds(void) {
        int fd;

        do {
                fd = open("/dev/null", O_RDWR | O_CLOEXEC);
                if (fd < 0)
                        return false;
        } while (fd <= STDERR_FILENO);
        fd_close(fd);
        return true;
}

/* The monitor holds the client once: what is replaced by TLS must not linger as descriptor 0. */
static void release_descriptor(int fd) {
        _cleanup_close_ int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);

        if (fd != STDIN_FILENO) {
                fd_close(fd);
                return;
        }
        (void) dup2(null_fd, STDIN_FILENO); /* inetd: both are the client */
        (void) dup2(null_fd, STDOUT_FILENO);
}

int main(int argc, char *argv[]) {
        MonitorSetup setup = { 0 };
        int fd = client_descriptor();

        log_open("imapd");
        if (argc != 3) {
                static const char bye[] = "* BYE imaplogin expected exactly two arguments.\r\n";

                (void) fd_write_all(fd, bye, sizeof(bye) - 1); /* it ends anyway */
                return EXIT_FAILURE;
        }
        if (!fill_standard_fds())
                return EXIT_FAILURE;
        setup.imapd_path = argv[1];
        setup.maildir_path = argv[2];
        setup.client_fd = fcntl(fd, F_DUPFD_CLOEXEC, LISTEN_FDS_START);
        if (setup.client_fd < 0) {
                (void) failed(-errno, "use descriptor %d, which should be the client", fd);
                return EXIT_FAILURE;
        }
        release_descriptor(fd);
        return monitor_run(&setup) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
