/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ENVELOPE as a response shows it (RFC 9051, section 7.5.2). */
#pragma once

#include "imap-proto/imap-write.h"
#include "mime/envelope.h"

/**
 * envelope_write() - "(date subject from sender reply-to to cc bcc in-reply-to message-id)"
 *
 * Sender and reply-to are those of From when they are missing or empty.
 */
void envelope_write(ImapWriter *writer, const Envelope *envelope);
