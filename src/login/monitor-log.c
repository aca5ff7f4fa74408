/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The classic log lines of the time before login, which fail2ban and statistics read. */
#include "login/monitor-log.h"

#include <stddef.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "basic/message-id.h"

MonitorLog monitor_log_start(const ClientAddress *address) {
        log_report(LOG_DEBUG, "Connection, ip=[%s], port=[%s]", address->remote_ip,
                   address->remote_port);
        return (MonitorLog){ .address = address, .born_usec = clock_monotonic_usec() };
}

void monitor_log_login_failed(const MonitorLog *log, const LoginMessage *question) {
        LoginMechanism mechanism = (LoginMechanism) question->ask.mechanism;
        bool by_command = mechanism == LOGIN_BY_LOGIN;

        log_set_field("IMAP_USER", question->ask.user);
        log_report_id(LOG_INFO, MESSAGE_ID_LOGIN_FAILED,
                      "LOGIN FAILED, %s=%s, ip=[%s], port=[%s]", by_command ? "user" : "method",
                      by_command ? question->ask.user : login_mechanism_to_name(mechanism),
                      log->address->remote_ip, log->address->remote_port);
        log_set_field("IMAP_USER", NULL);
}

void monitor_log_tls_failure(const MonitorLog *log, const char *message) {
        log_report(LOG_INFO, "ip=[%s], couriertls: %s", log->address->remote_ip,
                   message ? message : "handshake failed");
}

static const struct {
        const char *event; /* NULL: the reason below is a sentence for LOG_NOTICE */
        const char *reason;
        int level;
} ends[_LOGIN_END_MAX] = {
        [LOGIN_END_LOGOUT]           = { .event = "LOGOUT", .level = LOG_INFO },
        [LOGIN_END_DISCONNECTED]     = { .event = "Disconnected", .level = LOG_DEBUG },
        [LOGIN_END_TIMEOUT]          = { .event = "TIMEOUT", .level = LOG_INFO },
        [LOGIN_END_NOT_READING]      = { .event = "DISCONNECTED", .level = LOG_INFO },
        [LOGIN_END_AFTER_STARTTLS]   = { .reason = "sent clear text behind STARTTLS" },
        [LOGIN_END_LINE_TOO_LONG]    = { .reason = "sent a line over the limit" },
        [LOGIN_END_LITERAL_TOO_LONG] = { .reason = "sent a literal over the limit" },
        [LOGIN_END_TOO_MANY_OCTETS]  = { .reason = "sent too much before login" },
        [LOGIN_END_TOO_MANY_BAD]     = { .reason = "sent too many bad commands" },
        [LOGIN_END_TOO_MANY_LOGINS]  = { .reason = "failed to log in too often" },
        [LOGIN_END_UNAVAILABLE]      = { .reason = "could not log in for now" },
};

static void log_unfenced(void) {
        log_report(LOG_ERR, "This kernel loads no system call filter (seccomp), and nothing reads "
                   "the network without one: the connection was closed.");
}

void monitor_log_end(const MonitorLog *log, const LoginMessage *ended) {
        uint32_t reason = ended->ended.reason;
        const char *tls = log->starttls ? ", starttls=1" : "";
        uint64_t sec = (clock_monotonic_usec() - log->born_usec) / USEC_PER_SEC;

        if (reason == LOGIN_END_UNFENCED)
                log_unfenced();
        else if (ends[reason].event)
                log_report(ends[reason].level,
                           "%s, ip=[%s], port=[%s], rcvd=%u, sent=%u, time=%llu%s",
                           ends[reason].event, log->address->remote_ip, log->address->remote_port,
                           ended->ended.n_received, ended->ended.n_sent, (unsigned long long) sec,
                           tls);
        else
                log_report(LOG_NOTICE, "Connection ended before login, ip=[%s], port=[%s]%s: "
                           "the client %s.", log->address->remote_ip, log->address->remote_port,
                           tls, ends[reason].reason);
}
