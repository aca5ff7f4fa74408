/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The classic lines. Their texts are an interface: scripts of twenty years read them. */
#include "session/log-lines.h"

#include <inttypes.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "basic/message-id.h"

static const struct {
        const char *word;
        int level;
} ends[] = {
        [SESSION_END_LOGOUT]       = { "LOGOUT",                                LOG_INFO   },
        [SESSION_END_DISCONNECTED] = { "DISCONNECTED",                          LOG_INFO   },
        [SESSION_END_TIMEOUT]      = { "TIMEOUT",                               LOG_INFO   },
        [SESSION_END_SHUTDOWN]     = { "Disconnected during shutdown by signal", LOG_NOTICE },
};

void session_log_fields(const SessionFacts *facts) {
        log_set_field("IMAP_USER", facts->user);
        log_set_field("IMAP_REMOTE", facts->remote_ip);
        log_set_field("IMAP_SESSION", facts->session_id);
}

static const char *tls_words(const SessionFacts *facts) {
        return facts->tls ? ", starttls=1" : "";
}

void session_log_login(const SessionFacts *facts, const char *protocol) {
        log_report_id(LOG_INFO, MESSAGE_ID_LOGIN,
                      "LOGIN, user=%s, ip=[%s], port=[%s], protocol=%s%s", facts->user,
                      facts->remote_ip, facts->remote_port, protocol, tls_words(facts));
}

void session_log_locked(const SessionFacts *facts) {
        log_report(LOG_INFO, "LOCKED, user=%s, ip=[%s], port=[%s]", facts->user,
                   facts->remote_ip, facts->remote_port);
}

void session_log_end(const SessionFacts *facts, SessionEnd end, uint64_t n_received,
                     uint64_t n_sent) {
        uint64_t seconds = (clock_monotonic_usec() - facts->born_usec) / USEC_PER_SEC;

        log_report_id(ends[end].level, MESSAGE_ID_LOGOUT,
                      "%s, user=%s, ip=[%s], port=[%s], headers=%" PRIu64 ", body=%" PRIu64
                      ", rcvd=%" PRIu64 ", sent=%" PRIu64 ", time=%" PRIu64 "%s",
                      ends[end].word, facts->user, facts->remote_ip, facts->remote_port,
                      facts->n_header_octets, facts->n_body_octets, n_received, n_sent, seconds,
                      tls_words(facts));
}
