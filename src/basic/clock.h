/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two clocks: one for deadlines, one for dates. */
#pragma once

#include <stdint.h>

#define USEC_PER_SEC UINT64_C(1000000)
#define USEC_PER_MSEC UINT64_C(1000)
#define USEC_INFINITY UINT64_MAX

/** clock_monotonic_usec() - for deadlines; stands still never, jumps never */
uint64_t clock_monotonic_usec(void);

/** clock_realtime_usec() - microseconds since 1970, UTC */
uint64_t clock_realtime_usec(void);

/** clock_left_usec() - time left until a deadline, 0 when it is over, infinity stays infinity */
uint64_t clock_left_usec(uint64_t deadline_usec);

/** clock_deadline_usec() - a deadline that lies timeout_usec from now */
uint64_t clock_deadline_usec(uint64_t timeout_usec);
