/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RENAME: give a mailbox and its children another name (RFC 9051, section 6.3.6). UIDs stay,
 * which they did not with Courier; so does the answer NO for what is missing.
 */
#include "basic/text.h"
#include "imapd/command-table.h"
#include "imapd/mailbox-announcement.h"
#include "imapd/mailbox-argument.h"
#include "store/store.h"

static bool is_below(const char *name, const char *parent) {
        size_t size = strlen(parent);

        return strncmp(name, parent, size) == 0 && name[size] == '/';
}

/* The selected mailbox would lose its name; INBOX alone goes without its children. */
static bool would_move(const char *name, const char *selected) {
        return text_equal(selected, name) ||
               (!text_equal(name, "INBOX") && is_below(selected, name));
}

/* What is refused before the store is asked; false means nothing. */
static bool refuse(const ImapSession *session, const char *name, const char *new_name,
                   ImapReply *ret_reply) {
        if (session->mailbox && would_move(name, session->mailbox_name))
                *ret_reply = (ImapReply){ IMAP_NO, .code = "INUSE",
                                          .text = "Can't RENAME the currently-open folder" };
        else if (is_below(new_name, name) && !text_equal(name, "INBOX"))
                *ret_reply = (ImapReply){ IMAP_NO, .code = "CANNOT",
                                          .text = "A folder cannot be moved below itself" };
        else
                return false;
        return true;
}

static ImapReply reply_of(ImapSession *session, const char *name, int outcome) {
        ImapReply reply;

        /* Which of the two names is the invalid one? What nothing can be called is not there. */
        if (outcome == STORE_INVALID_NAME &&
            store_mailbox_exists(session->store, name) == STORE_INVALID_NAME)
                outcome = STORE_NO_SUCH_MAILBOX;
        reply = imap_reply_from_outcome(outcome, "Folder renamed.");
        if (outcome == STORE_RESERVED)
                reply.text = "Reserved folder name - cannot rename.";
        if (outcome == STORE_INVALID_NAME)
                reply.text = "Invalid new mailbox name";
        return reply;
}

int cmd_rename(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_mailbox_argument_ MailboxArgument old = { 0 }, new = { 0 };
        int r;

        if (!mailbox_argument_take(session, args, &old) ||
            !mailbox_argument_take_new(session, args, &new) || !imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        text_drop_suffix(old.name, '/');
        text_drop_suffix(new.name, '/');

        if (refuse(session, old.name, new.name, ret_reply))
                return 0;
        r = store_rename_mailbox(session->store, old.name, new.name);
        if (r < 0)
                return r;
        *ret_reply = reply_of(session, old.name, r);
        if (r != STORE_DONE || (!old.old_name && !new.old_name))
                return 0;
        text_drop_suffix(new.told, '/');
        return mailbox_announce(session, new.name, new.told,
                                old.old_name ? old.old_name : old.told);
}
