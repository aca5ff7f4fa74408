/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a logged-in process is born: environment, checks, store, and the fence around it all. */
#pragma once

#include "session/facts.h"

typedef struct MailStore MailStore;

typedef struct Session {
        SessionFacts facts;
        MailStore *store; /* owned */
        int maildir_fd;   /* owned: the Maildir itself, for the fence */
        int status_fd;    /* owned; of status_open() */
} Session;

/* Outcomes of session_birth(): what Courier refuses at the door. */
enum {
        SESSION_BORN = 0,
        SESSION_NO_USER,
        SESSION_NO_ADDRESS,
        SESSION_LOCKED,      /* sticky bit on the home directory */
        SESSION_WRONG_OWNER, /* the Maildir belongs to somebody else */
        SESSION_NO_MAILDIR,  /* it is there and is no Maildir, or its parent is not there */
};

/**
 * session_birth() - from the environment to an open store
 * @maildir_argument:  argv[1] or NULL
 * @ret_session:       owned by the caller, session_done()
 *
 * Sets the umask (IMAP_UMASK) and the log's fields, runs loginexec. A missing Maildir is made
 * (its last component only, 0700). Return: SESSION_BORN, another outcome, or negative errno,
 * which the client is told as text.
 */
[[nodiscard]] int session_birth(const char *maildir_argument, Session *ret_session);

/**
 * session_fence() - from here on only the Maildir, its cache, no new socket or program
 *
 * Landlock and the session's system call filter, after everything has been opened. What the
 * kernel cannot do is told to the log once and gone without. Return: 0 or negative errno.
 */
[[nodiscard]] int session_fence(const Session *session);

void session_done(Session *session);
