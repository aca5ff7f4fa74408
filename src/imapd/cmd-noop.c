/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NOOP and CHECK: nothing; the core reports changes after them (RFC 9051, section 6.1.2). */
#include "imapd/command-table.h"

int cmd_noop(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        return imap_args_at_end(args) ? 0 : imap_reply_bad_args(args, ret_reply);
}
