/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flags and keywords of one message as a response shows them. */
#pragma once

#include "imap-proto/imap-write.h"
#include "imapd/imap-session.h"
#include "store/mailbox.h"

/** message_flags_write() - "FLAGS (\Seen \Recent work)" of a message of the selected mailbox */
void message_flags_write(const ImapSession *session, ImapWriter *writer,
                         const MessageRecord *record);
