/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitor: root, with three capabilities, and never a reader of the network. It has the
 * TLS service encrypt, asks who somebody is, and becomes that somebody's session.
 */
#pragma once

typedef struct MonitorSetup {
        const char *imapd_path, *maildir_path; /* imaplogin's arguments */
        int client_fd;                         /* taken */
} MonitorSetup;

/**
 * monitor_run() - serve one connection
 *
 * Return: only when there is no session: 0 when the talk ended, negative errno when the
 * machine failed.
 */
[[nodiscard]] int monitor_run(const MonitorSetup *setup);
