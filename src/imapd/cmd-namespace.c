/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NAMESPACE: everything is below "INBOX." (RFC 9051, section 6.3.10). */
#include "imapd/command-table.h"

int cmd_namespace(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        ImapWriter writer = imap_session_writer(session);

        if (!imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        imap_write_raw(&writer, "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n");
        *ret_reply = (ImapReply){ .text = "NAMESPACE completed." };
        return 0;
}
