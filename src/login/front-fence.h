/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving up everything the front does not need. */
#pragma once

#include "login/front.h"

/* Where the front's two descriptors are once the fence is up. */
enum { FRONT_CLIENT_FD = 3, FRONT_CHANNEL_FD = 4 };

/* Outcomes of front_fence(). */
enum {
        FRONT_FENCED = 0,
        FRONT_UNFENCED, /* all but the system call filter, which this kernel does not load */
};

/**
 * front_fence() - keep two descriptors, at the numbers above, and lose everything else
 *
 * Return: an outcome or negative errno. The process ends unless it is FRONT_FENCED; a negative
 * value was reported, while there was a journal to report to.
 */
[[nodiscard]] int front_fence(const FrontSetup *setup);
