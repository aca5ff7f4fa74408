/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STATUS responses, of STATUS and of LIST (RFC 9051, section 7.3.4; RFC 5819). */
#pragma once

#include "imapd/imap-session.h"
#include "store/store.h"

/**
 * mailbox_status_look() - count for STATUS items
 * @items:  bits 1 << STATUS_…
 *
 * Return: as store_status().
 */
[[nodiscard]] int mailbox_status_look(ImapSession *session, const char *name, unsigned items,
                                      MailboxStatus *ret_status);

/** mailbox_status_write() - "* STATUS "INBOX" (MESSAGES 231 UIDNEXT 44292)" */
void mailbox_status_write(ImapSession *session, const char *name, unsigned items,
                          const MailboxStatus *status);
