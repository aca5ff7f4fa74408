/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flags and keywords of one message as a response shows them. */
#pragma once

#include "imap-proto/imap-write.h"
#include "store/mailbox.h"

/** message_flags_write() - "FLAGS (\Seen \Recent work)"; the record is one of this mailbox */
void message_flags_write(ImapWriter *writer, const Mailbox *box, const MessageRecord *record);
