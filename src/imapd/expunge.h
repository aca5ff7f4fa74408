/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Removing what is marked \Deleted, for EXPUNGE, UID EXPUNGE and CLOSE. */
#pragma once

#include "basic/number-set.h"
#include "imapd/imap-session.h"

/**
 * imap_session_expunge() - of these UIDs; NULL: of all
 *
 * With IMAP_MOVE_EXPUNGE_TO_TRASH they go to the trash folder instead, except from there, and
 * except those that this session has copied before: that copy is what the client has made of it.
 * Return: as mailbox_expunge().
 */
[[nodiscard]] int imap_session_expunge(ImapSession *session, const NumberSet *uids);
