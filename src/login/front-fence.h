/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving up everything the front does not need. */
#pragma once

#include "login/front.h"

/* Where the front's two descriptors are once the fence is up. */
enum { FRONT_CLIENT_FD = 3, FRONT_CHANNEL_FD = 4 };

/** front_fence() - Return: 0, or negative errno (reported), after which the process must end */
[[nodiscard]] int front_fence(const FrontSetup *setup);
