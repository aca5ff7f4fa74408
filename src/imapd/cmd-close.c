/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CLOSE and UNSELECT: leave the mailbox (RFC 9051, sections 6.4.1 and 6.4.2). */
#include "imapd/command-table.h"
#include "imapd/expunge.h"
#include "imapd/updates.h"
#include "store/mailbox.h"

int cmd_close(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        int r = STORE_DONE;

        if (!imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        if (!session->read_only)
                r = imap_session_expunge(session, NULL);
        imap_session_unselect(session);
        imap_session_show_status(session);
        if (r < 0)
                return r;
        *ret_reply = imap_reply_from_outcome(r, "mailbox closed.");
        return 0;
}

int cmd_unselect(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        if (!imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        imap_session_unselect(session);
        imap_session_show_status(session);
        return 0;
}
