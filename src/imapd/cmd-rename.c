/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RENAME: give a mailbox and its children another name (RFC 9051, section 6.3.6). UIDs stay,
 * which they did not with Courier; so does the answer NO for what is missing.
 */
#include "basic/text.h"
#include "imapd/command-table.h"
#include "store/store.h"

static bool is_below(const char *name, const char *parent) {
        size_t size = strlen(parent);

        return strncmp(name, parent, size) == 0 && name[size] == '/';
}

/* What Courier does not do, in its words; NULL when there is nothing against it. */
static const ImapReply *refusal(const ImapSession *session, const char *name,
                                const char *new_name) {
        static const ImapReply in_use = { IMAP_NO, .code = "INUSE",
                                          .text = "Can't RENAME the currently-open folder" };
        static const ImapReply below = { IMAP_NO, .code = "CANNOT",
                                         .text = "A folder cannot be moved below itself" };

        if (session->mailbox && (text_equal(session->mailbox_name, name) ||
                                 is_below(session->mailbox_name, name)))
                return &in_use;
        if (is_below(new_name, name) && !text_equal(name, "INBOX"))
                return &below;
        return NULL;
}

static ImapReply reply_of(int outcome) {
        ImapReply reply = imap_reply_from_outcome(outcome, "Folder renamed.");

        if (outcome == STORE_RESERVED)
                reply.text = "Reserved folder name - cannot rename.";
        if (outcome == STORE_INVALID_NAME)
                reply.text = "Invalid new mailbox name";
        return reply;
}

int cmd_rename(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_free_ char *name = NULL, *new_name = NULL;
        const ImapReply *refused;
        int r;

        if (!imap_args_take_mailbox(args, &name) || !imap_args_take_mailbox(args, &new_name) ||
            !imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        text_drop_suffix(name, '/');
        text_drop_suffix(new_name, '/');

        refused = refusal(session, name, new_name);
        if (refused) {
                *ret_reply = *refused;
                return 0;
        }
        r = store_rename_mailbox(session->store, name, new_name);
        if (r < 0)
                return r;
        *ret_reply = reply_of(r);
        return 0;
}
