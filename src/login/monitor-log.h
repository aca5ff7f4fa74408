/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the monitor tells the journal, in Courier's classic words where there are any. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "ipc/login-message.h"
#include "login/client-address.h"

typedef struct MonitorLog {
        const ClientAddress *address; /* borrowed */
        uint64_t born_usec;
        bool tls, starttls;
} MonitorLog;

/** monitor_log_start() - "Connection, ip=[…], port=[…]" */
[[nodiscard]] MonitorLog monitor_log_start(const ClientAddress *address);

/** monitor_log_login_failed() - "LOGIN FAILED, user=…" or, for SASL, "LOGIN FAILED, method=…" */
void monitor_log_login_failed(const MonitorLog *log, const LoginMessage *question);

/** monitor_log_tls_failure() - "ip=[…], couriertls: …" */
void monitor_log_tls_failure(const MonitorLog *log, const char *message);

/** monitor_log_end() - the talk is over, by its LOGIN_ENDED record */
void monitor_log_end(const MonitorLog *log, const LoginMessage *ended);
