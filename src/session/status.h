/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line that `systemctl status` shows for a session (sd_notify(3), STATUS=). */
#pragma once

#include "basic/memory.h"

/**
 * status_open() - connect to $NOTIFY_SOCKET, before a sandbox closes the door to socket()
 *
 * Removes NOTIFY_SOCKET from the environment. Return: descriptor owned by the caller, -EBADF
 * when systemd does not listen.
 */
[[nodiscard]] int status_open(void);

/**
 * status_send() - tell systemd one line of status; never waits, never fails
 * @fd:  from status_open(); -EBADF does nothing
 */
void status_send(int fd, const char *format, ...) _printf_(2, 3);
