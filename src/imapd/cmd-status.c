/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STATUS: counts of a mailbox that is not selected (RFC 9051, section 6.3.11). */
#include "imap-proto/status-items.h"
#include "imapd/command-table.h"
#include "imapd/mailbox-argument.h"
#include "imapd/status-line.h"

int cmd_status(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_mailbox_argument_ MailboxArgument mailbox = { 0 };
        MailboxStatus status = { 0 };
        unsigned items;
        int r;

        if (!mailbox_argument_take(session, args, &mailbox) || !status_items_take(args, &items) ||
            !imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);

        r = mailbox_status_look(session, mailbox.name, items, &status);
        if (r < 0)
                return r;
        if (r == STORE_INVALID_NAME)
                r = STORE_NO_SUCH_MAILBOX;
        if (r == STORE_DONE)
                mailbox_status_write(session, mailbox.told, items, &status);
        *ret_reply = imap_reply_from_outcome(r, "STATUS Completed.");
        return 0;
}
