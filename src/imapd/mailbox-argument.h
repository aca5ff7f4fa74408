/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mailbox that a command names (RFC 9051, section 5.1): what the store calls it, and what the
 * client is told of it. Names that are not in Unicode's Normalization Form C mean the mailbox
 * that is called so, if there is one, and else its normal form, in every command. A name without
 * "INBOX." means the mailbox with it, and is told without it (IMAP_ALIAS_PREFIX).
 */
#pragma once

#include "imapd/imap-session.h"

typedef struct MailboxArgument {
        char *name;     /* owned; of the store: "INBOX/Work" */
        char *told;     /* owned; in the answers; the program's form */
        char *old_name; /* owned; as the client wrote it, if that was not normal; else NULL */
} MailboxArgument;

#define _cleanup_mailbox_argument_ _cleanup_(mailbox_argument_done)
void mailbox_argument_done(MailboxArgument *mailbox);

/** mailbox_argument_take() - as imap_args_take_mailbox() */
[[nodiscard]] bool mailbox_argument_take(ImapSession *session, ImapArgs *args,
                                         MailboxArgument *ret_mailbox);

/** mailbox_argument_normalize() - *name, which came another way, becomes that of the store */
void mailbox_argument_normalize(ImapSession *session, char **name);

/** mailbox_argument_take_new() - of one that is to be made: "" for what may not be (RFC 5198) */
[[nodiscard]] bool mailbox_argument_take_new(ImapSession *session, ImapArgs *args,
                                             MailboxArgument *ret_mailbox);
