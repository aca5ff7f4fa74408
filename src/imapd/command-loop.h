/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading, running and answering one command after the other. */
#pragma once

#include "imapd/imap-session.h"

/** imap_session_answer_command() - one whole command; 0 to go on, or SESSION_GONE */
[[nodiscard]] int imap_session_answer_command(ImapSession *session);

/**
 * imap_session_read_rest() - what follows a literal of an APPEND, up to the next one or the end
 * @ret_rest:  empty and initialised; with literals that are URLs; a line too long is cut off
 *
 * If it announces a literal, that is session->message from now on: who does not read it leaves
 * has_message as it is, and the core drops it. Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int imap_session_read_rest(ImapSession *session, Buffer *ret_rest);
