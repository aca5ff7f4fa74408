/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sent date of a message (RFC 5256, section 2.2). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imapd/imap-session.h"

/** sent_date_read() - the first Date: in UTC; false when there is none that can be read */
[[nodiscard]] bool sent_date_read(const char *header, size_t size, int64_t *ret_sec);

/** sent_date_or_arrival() - what stands for it when it has none: the internal date, or 0 */
int64_t sent_date_or_arrival(ImapSession *session, size_t position, bool has_date, int64_t sec);
