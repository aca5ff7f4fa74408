/* SPDX-License-Identifier: GPL-3.0-or-later */
/* APPEND: store messages that the client sends (RFC 9051, section 6.3.12; RFC 3502). */
#include "imapd/command-table.h"
#include "imapd/mailbox-argument.h"
#include "imapd/upload.h"

int cmd_append(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_mailbox_argument_ MailboxArgument mailbox = { 0 };
        AppendResult result = { 0 };
        bool stored;
        int r;

        if (!mailbox_argument_take(session, args, &mailbox))
                return imap_reply_bad_args(args, ret_reply);
        r = upload_messages(session, args, mailbox.name, true, ret_reply, &result, &stored);
        if (r == 0 && stored) {
                ret_reply->own_code = upload_code(&result);
                append_result_done(&result);
        }
        return r;
}
