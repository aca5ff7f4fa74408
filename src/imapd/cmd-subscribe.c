/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SUBSCRIBE and UNSUBSCRIBE; the mailbox need not exist (RFC 9051, sections 6.3.7 and 6.3.8). */
#include "basic/text.h"
#include "imapd/command-table.h"
#include "imapd/mailbox-argument.h"
#include "store/store.h"

static int change_subscription(ImapSession *session, ImapArgs *args,
                               int (*change)(MailStore *store, const char *name),
                               const char *done_text, const char *punted_text,
                               ImapReply *ret_reply) {
        _cleanup_mailbox_argument_ MailboxArgument mailbox = { 0 };
        int r;

        if (!mailbox_argument_take(session, args, &mailbox) || !imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);

        /* A trailing separator names a directory, which nobody can subscribe to; Courier lets
         * clients that do it pass. */
        if (text_ends_with(mailbox.name, "/")) {
                *ret_reply = (ImapReply){ .text = punted_text };
                return 0;
        }
        r = change(session->store, mailbox.name);
        if (r < 0)
                return r;
        *ret_reply = imap_reply_from_outcome(r, done_text);
        return 0;
}

int cmd_subscribe(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        return change_subscription(session, args, store_subscribe, "Folder subscribed.",
                                   "Folder directory subscribe punted.", ret_reply);
}

int cmd_unsubscribe(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        return change_subscription(session, args, store_unsubscribe, "Folder unsubscribed.",
                                   "Folder directory unsubscribe punted.", ret_reply);
}
