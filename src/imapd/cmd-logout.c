/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LOGOUT: the end, in order (RFC 9051, section 6.1.3). */
#include "imapd/command-table.h"

int cmd_logout(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        ImapWriter writer = imap_session_writer(session);

        if (!imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        imap_write_untagged(&writer, "BYE", NULL, "Courier-IMAP server shutting down");
        *ret_reply = (ImapReply){ IMAP_BYE };
        return 0;
}
