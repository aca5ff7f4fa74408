/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LIST responses that no LIST asked for (RFC 9051, sections 6.3.2 and 6.3.9.7). */
#pragma once

#include "imapd/imap-session.h"

/**
 * mailbox_announce() - tell a client of IMAP4rev2 of a mailbox, whether it exists, and has children
 * @name:      of the store
 * @told:      what the client calls it
 * @old_name:  what it called it when that is not the name; NULL for none
 *
 * Says nothing to other clients. Return: 0, or negative errno.
 */
[[nodiscard]] int mailbox_announce(ImapSession *session, const char *name, const char *told,
                                   const char *old_name);
