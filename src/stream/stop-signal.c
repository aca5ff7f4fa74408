/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIGTERM as a descriptor. */
#include "stream/stop-signal.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>

#include "basic/log.h"

int stop_signal_open(void) {
        sigset_t signals;
        int fd;

        (void) signal(SIGPIPE, SIG_IGN); /* cannot fail for this signal */
        (void) sigemptyset(&signals);    /* nor these for theirs */
        (void) sigaddset(&signals, SIGTERM);
        (void) sigaddset(&signals, SIGINT);
        (void) sigaddset(&signals, SIGHUP);
        if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0)
                return failed(-errno, "block signals");
        fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
        return fd >= 0 ? fd : failed(-errno, "make signals a descriptor");
}
