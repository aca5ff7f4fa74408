/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sent date of a message (RFC 5256, section 2.2). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "imapd/imap-session.h"

/**
 * sent_date() - of the first Date: that the header fields have, in UTC
 *
 * Without one that can be read the internal date; 0 when that cannot be had either.
 */
int64_t sent_date(ImapSession *session, size_t position, const char *header, size_t size);
