/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a logged-in process knows about itself, read once from the environment. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct SessionFacts {
        char *user;         /* AUTHENTICATED: the account's address; all texts are owned */
        char *remote_ip;    /* TCPREMOTEIP */
        char *remote_port;  /* TCPREMOTEPORT */
        char *session_id;   /* IMAP_SESSION, for the journal; "" in shell mode */
        char *login_tag;    /* IMAPLOGINTAG; NULL in shell mode */
        char *options;      /* OPTIONS: the account's "name=value,…" */
        char *maildir_path; /* argv[1], MAILDIR or ./Maildir */
        bool tls;           /* IMAP_TLS=1 */
        int pending_fd;     /* octets that came behind the LOGIN; -EBADF for none */

        /* Counted for the LOGOUT line. */
        uint64_t born_usec;
        uint64_t n_header_octets; /* of headers sent by FETCH */
        uint64_t n_body_octets;   /* of bodies sent by FETCH */
} SessionFacts;

/* Outcomes of session_facts_read(). */
enum {
        SESSION_FACTS_DONE = 0,
        SESSION_FACTS_NO_USER,    /* a login tag without AUTHENTICATED */
        SESSION_FACTS_NO_ADDRESS, /* a login tag without TCPREMOTEIP or TCPREMOTEPORT */
};

/**
 * session_facts_read() - read the environment contract of the login program
 * @maildir_argument:  argv[1] or NULL
 * @ret_facts:         owned by the caller, released by session_facts_done()
 *
 * Without IMAPLOGINTAG this is shell mode: the user is the one of the real uid, the address
 * 127.0.0.1, port 0. Removes IMAPLOGINTAG and IMAP_PENDING_FD from the environment.
 */
[[nodiscard]] int session_facts_read(const char *maildir_argument, SessionFacts *ret_facts);

void session_facts_done(SessionFacts *facts);

/** session_has_option() - an account option is set, by Courier's idea of truth */
bool session_has_option(const SessionFacts *facts, const char *name);
