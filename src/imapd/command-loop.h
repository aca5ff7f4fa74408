/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading, running and answering one command after the other. */
#pragma once

#include "imapd/imap-session.h"

/** imap_session_answer_command() - one whole command; 0 to go on, or SESSION_GONE */
[[nodiscard]] int imap_session_answer_command(ImapSession *session);

/**
 * imap_session_end_message() - after the message of an APPEND: the rest of its command
 *
 * Reads the line behind the literal. Return: 0 when it is empty, APPEND_GOES_ON when anything
 * else stands there (it has been dropped), SESSION_GONE.
 */
[[nodiscard]] int imap_session_end_message(ImapSession *session);
enum { APPEND_GOES_ON = 1 };
