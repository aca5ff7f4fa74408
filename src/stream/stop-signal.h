/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIGTERM as a descriptor: it can be waited for beside the client without a race. */
#pragma once

/**
 * stop_signal_open() - block SIGTERM, SIGINT and SIGHUP, ignore SIGPIPE
 *
 * The descriptor becomes readable when one of them arrives and stays so: nobody reads it.
 * Opened before a sandbox. Return: descriptor owned by the caller, or negative errno.
 */
[[nodiscard]] int stop_signal_open(void);
