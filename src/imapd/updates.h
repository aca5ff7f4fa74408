/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Untagged responses about the selected mailbox (RFC 9051, sections 5.2 and 7.4). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

typedef struct ImapSession ImapSession;

/**
 * imap_session_report() - refresh the selected mailbox and write what changed
 * @with_expunges:  false while a command answers with sequence numbers (RFC 9051, 7.5.1)
 *
 * Costs three stat calls when nothing changed; does nothing when nothing is selected. The core
 * calls it after each handler. A mailbox that another session deleted ends this one.
 * Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int imap_session_report(ImapSession *session, bool with_expunges);

/** imap_session_write_flags() - "* FLAGS" and "* OK [PERMANENTFLAGS" with today's keywords */
void imap_session_write_flags(ImapSession *session);

/** imap_session_write_counts() - "* n EXISTS" and "* n RECENT" */
void imap_session_write_counts(ImapSession *session);

/** imap_session_uses_vanished() - the client wants VANISHED in place of EXPUNGE */
_pure_ bool imap_session_uses_vanished(const ImapSession *session);

/** imap_session_open_fetch() - "* n FETCH (", or "* uid UIDFETCH (" without message numbers */
void imap_session_open_fetch(ImapSession *session, size_t position, uint32_t uid);

/**
 * imap_session_write_message_flags() - "* n FETCH (FLAGS (…))" of one position
 *
 * With UID in the answer to a UID command; with UID and MODSEQ for clients that know of
 * mod-sequences (RFC 7162, section 3.2.4).
 */
void imap_session_write_message_flags(ImapSession *session, size_t position);

/** imap_session_write_message_modseq() - the same without flags, for those clients only */
void imap_session_write_message_modseq(ImapSession *session, size_t position);

/** imap_session_unselect() - leave the selected mailbox without expunging; nothing if none */
void imap_session_unselect(ImapSession *session);
