/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unit's status line before login (sd_notify(3)). */
#pragma once

#include "basic/memory.h"

/** login_status_send() - STATUS= for systemctl; does nothing without $NOTIFY_SOCKET */
void login_status_send(const char *format, ...) _printf_(1, 2);
