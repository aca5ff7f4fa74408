/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <poll.h>
#include <signal.h>

#include "harness.h"
#include "basic/fd.h"
#include "stream/stop-signal.h"

TEST("SIGTERM makes the descriptor readable, and it stays so") {
        _cleanup_close_ int fd = stop_signal_open();
        struct pollfd wait = { .fd = fd, .events = POLLIN };

        CHECK(fd >= 0);
        CHECK_NUMBER(poll(&wait, 1, 0), 0);
        CHECK_NUMBER(raise(SIGTERM), 0);
        CHECK_NUMBER(poll(&wait, 1, 0), 1);
        CHECK_NUMBER(poll(&wait, 1, 0), 1);
}

TESTS_END
