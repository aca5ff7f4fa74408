/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IDLE: the state of the session loop in which the server speaks first (RFC 2177). */
#pragma once

#include "imapd/imap-session.h"

/**
 * imap_session_idle() - report changes as they happen, until the client sends a line
 *
 * Waits on the mailbox's own watch (ENHANCED), else looks every IMAP_IDLE_TIMEOUT seconds;
 * after 30 minutes the client is taken for dead. *ret_reply answers the IDLE command.
 * Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int imap_session_idle(ImapSession *session, ImapReply *ret_reply);
