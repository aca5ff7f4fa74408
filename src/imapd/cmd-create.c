/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CREATE: make a new, empty mailbox (RFC 9051, section 6.3.4), for a use (RFC 6154). */
#include "basic/text.h"
#include "imapd/command-table.h"
#include "imapd/mailbox-announcement.h"
#include "imapd/mailbox-argument.h"
#include "store/special-use.h"

/* `"INBOX.Work" created.`; only IMAP4rev2 has UTF-8 in such texts (RFC 9051, appendix E, 24). */
static char *created_text(ImapSession *session, const char *name) {
        _cleanup_buffer_ Buffer text = { 0 };
        ImapWriter writer = { .out = &text, .utf8 = session->rev2 };

        imap_write_mailbox(&writer, name);
        imap_write_raw(&writer, " created.");
        return buffer_take_text(&text);
}

/* RFC 8474, section 4.1. Without it the mailbox is there all the same. */
static char *mailbox_id_code(ImapSession *session, const char *name) {
        MailboxStatus status;

        if (store_status(session->store, name, 0, &status) != STORE_DONE)
                return NULL;
        return text_printf("MAILBOXID (%s)", status.object_id);
}

/* "(\\Drafts \\Sent)"; what no mailbox can have is a NO, and only that (RFC 6154, section 3). */
static bool take_uses(ImapArgs *args, unsigned *ret_uses, bool *ret_refused) {
        if (!imap_args_accept_word(args, "USE"))
                return imap_args_wants(args, "USE");
        if (!imap_args_open_list(args))
                return false;
        while (!imap_args_list_ends(args)) {
                _cleanup_free_ char *word = NULL;
                unsigned use;

                if (!imap_args_take_attribute(args, &word))
                        return false;
                use = special_use_from_name(word);
                *ret_refused |= use == 0;
                *ret_uses |= use;
        }
        return imap_args_close_list(args);
}

static bool take_args(ImapSession *session, ImapArgs *args, MailboxArgument *ret_mailbox,
                      unsigned *ret_uses, bool *ret_refused) {
        if (!mailbox_argument_take_new(session, args, ret_mailbox))
                return false;
        if (imap_args_peek(args) == IMAP_TOKEN_OPEN &&
            (!imap_args_open_list(args) || !take_uses(args, ret_uses, ret_refused) ||
             !imap_args_close_list(args)))
                return false;
        return imap_args_at_end(args);
}

int cmd_create(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_mailbox_argument_ MailboxArgument mailbox = { 0 };
        _cleanup_free_ char *text = NULL;
        unsigned uses = 0;
        bool refused = false;
        int r;

        if (!take_args(session, args, &mailbox, &uses, &refused))
                return imap_reply_bad_args(args, ret_reply);
        if (refused) {
                *ret_reply = (ImapReply){ IMAP_NO, .code = "USEATTR",
                                          .text = "No mailbox can have that use here" };
                return 0;
        }

        /* A trailing separator announces children to come. Here every mailbox may have
         * children, so there is nothing to remember. */
        text = created_text(session, mailbox.told);
        text_drop_suffix(mailbox.name, '/');

        r = store_create_mailbox_for(session->store, mailbox.name, uses);
        if (r < 0)
                return r;
        *ret_reply = imap_reply_from_outcome(r, NULL);
        if (r == STORE_DONE) {
                text_drop_suffix(mailbox.told, '/');
                if (mailbox.old_name)
                        r = mailbox_announce(session, mailbox.name, mailbox.told,
                                             mailbox.old_name);
                ret_reply->own_text = TAKE_PTR(text);
                ret_reply->own_code = mailbox_id_code(session, mailbox.name);
        }
        return r < 0 ? r : 0;
}
