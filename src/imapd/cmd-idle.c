/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IDLE: enter the state; the session loop does the rest (RFC 2177, RFC 9051, 6.3.13). */
#include "imapd/command-table.h"

int cmd_idle(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        if (!imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        session->in_idle = true;
        imap_session_show_status(session);
        return 0;
}
