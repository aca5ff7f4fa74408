/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Courier looks at before it lets an account in, and what runs once at login. */
#pragma once

#include <stdbool.h>

#include "session/facts.h"

/** account_is_locked() - the home directory (".") has the sticky bit, or is not there */
bool account_is_locked(void);

/**
 * account_owns_maildir() - its uid and gid are those of this process (IMAP_MAILBOX_SANITY_CHECK)
 *
 * Always true when the setting is 0.
 */
bool account_owns_maildir(int maildir_fd);

/**
 * account_run_loginexec() - run Maildir/loginexec if it exists and its owner may execute it
 *
 * The program has the client on standard input and output and the Maildir as its directory; it
 * is waited for, and removed when it ends with 0. Before the sandbox: afterwards nothing can
 * be executed. Problems are reported and do not keep the account out.
 */
void account_run_loginexec(int maildir_fd);
