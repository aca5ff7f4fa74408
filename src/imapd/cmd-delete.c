/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DELETE: remove a mailbox, not its children (RFC 9051, section 6.3.5). */
#include "basic/text.h"
#include "imapd/command-table.h"
#include "imapd/mailbox-announcement.h"
#include "imapd/mailbox-argument.h"
#include "store/store.h"

int cmd_delete(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_mailbox_argument_ MailboxArgument mailbox = { 0 };
        int r;

        if (!mailbox_argument_take(session, args, &mailbox) || !imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);

        if (text_ends_with(mailbox.name, "/")) {
                *ret_reply = (ImapReply){ .text = "Folder directory delete punted." };
                return 0;
        }
        if (text_equal(mailbox.name, session->mailbox_name)) {
                *ret_reply = (ImapReply){ IMAP_NO, .code = "INUSE",
                                          .text = "Cannot delete currently-open folder." };
                return 0;
        }
        r = store_delete_mailbox(session->store, mailbox.name);
        if (r < 0)
                return r;
        if (r == STORE_INVALID_NAME)
                r = STORE_NO_SUCH_MAILBOX;
        *ret_reply = imap_reply_from_outcome(r, "Folder deleted.");
        if (r == STORE_RESERVED)
                ret_reply->text = "Cannot delete this folder.";
        if (r == STORE_DONE && mailbox.old_name)
                r = mailbox_announce(session, mailbox.name, mailbox.told, mailbox.old_name);
        return r < 0 ? r : 0;
}
