/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a good answer to the session: become the user, go home, set the environment, exec. */
#pragma once

#include "ipc/auth-record.h"
#include "ipc/tls-record.h"
#include "login/client-address.h"

enum { SESSION_ID_SIZE = 17 };

typedef struct SessionStart {
        const char *imapd_path, *maildir_path; /* imaplogin's two arguments; all is borrowed */
        const char *tag;                       /* of the LOGIN or AUTHENTICATE */
        const char *session_id;
        const ClientAddress *address;
        const AuthAccount *account;
        const TlsRecord *tls;                  /* NULL on a clear text connection */
        int client_fd;
        const char *pending;                   /* what the client has sent behind the login */
        size_t n_pending;
} SessionStart;

/**
 * session_become() - groups, gid, uid and working directory of the account
 * @skeleton:  AUTH_MKHOMEDIR_SKEL or NULL
 *
 * A process that is not root already may only stay who it is. Cannot be undone; on failure
 * the caller has nothing left to do but to say so and end. Return: 0 or negative errno.
 */
[[nodiscard]] int session_become(const AuthAccount *account, const char *skeleton);

/**
 * session_exec() - replace this process by imapd, with the client as descriptors 0 and 1
 *
 * The environment is the contract that session/facts.h reads (imapd(8)).
 * Return: only on failure, negative errno.
 */
[[nodiscard]] int session_exec(const SessionStart *start);
