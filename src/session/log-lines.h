/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines by which log analysers and fail2ban know a session, in Courier's words
 * (LOGIN, LOGOUT, DISCONNECTED, TIMEOUT), with message ids for the journal.
 */
#pragma once

#include <stdint.h>

#include "session/facts.h"

typedef enum SessionEnd {
        SESSION_END_LOGOUT,       /* the client said so */
        SESSION_END_DISCONNECTED, /* the client went away, or did not read */
        SESSION_END_TIMEOUT,      /* the client was silent for too long */
        SESSION_END_SHUTDOWN,     /* a signal ended us */
} SessionEnd;

/** session_log_fields() - IMAP_USER=, IMAP_REMOTE= and IMAP_SESSION= for every later line */
void session_log_fields(const SessionFacts *facts);

/** session_log_login() - "LOGIN, user=…, ip=[…], port=[…], protocol=IMAP" */
void session_log_login(const SessionFacts *facts, const char *protocol);

/** session_log_locked() - "LOCKED, user=…": the home directory has the sticky bit */
void session_log_locked(const SessionFacts *facts);

/** session_log_end() - "LOGOUT, user=…, …, headers=…, body=…, rcvd=…, sent=…, time=…" */
void session_log_end(const SessionFacts *facts, SessionEnd end, uint64_t n_received,
                     uint64_t n_sent);
