/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the clocks. */
#include "basic/clock.h"

#include <time.h>

static uint64_t read_clock(clockid_t clock) {
        struct timespec now = { 0 };

        (void) clock_gettime(clock, &now); /* these two clocks always exist */
        return (uint64_t) now.tv_sec * USEC_PER_SEC + (uint64_t) now.tv_nsec / 1000;
}

uint64_t clock_monotonic_usec(void) {
        return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_realtime_usec(void) {
        return read_clock(CLOCK_REALTIME);
}

uint64_t clock_left_usec(uint64_t deadline_usec) {
        uint64_t now;

        if (deadline_usec == USEC_INFINITY)
                return USEC_INFINITY;
        now = clock_monotonic_usec();
        return deadline_usec > now ? deadline_usec - now : 0;
}

uint64_t clock_deadline_usec(uint64_t timeout_usec) {
        uint64_t now = clock_monotonic_usec();

        return timeout_usec > USEC_INFINITY - now ? USEC_INFINITY : now + timeout_usec;
}
