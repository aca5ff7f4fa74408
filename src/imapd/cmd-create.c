/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CREATE: make a new, empty mailbox (RFC 9051, section 6.3.4). */
#include "basic/text.h"
#include "imapd/command-table.h"
#include "store/store.h"

/* `"INBOX.Work" created.`, with the name as the client wrote it. */
static char *created_text(ImapSession *session, const char *name) {
        _cleanup_buffer_ Buffer text = { 0 };
        ImapWriter writer = { .out = &text, .utf8 = session->utf8 };

        imap_write_mailbox(&writer, name);
        imap_write_raw(&writer, " created.");
        return buffer_take_text(&text);
}

int cmd_create(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_free_ char *name = NULL, *text = NULL;
        int r;

        if (!imap_args_take_mailbox(args, &name) || !imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);

        /* A trailing separator announces children to come. Here every mailbox may have
         * children, so there is nothing to remember. */
        text = created_text(session, name);
        text_drop_suffix(name, '/');

        r = store_create_mailbox(session->store, name);
        if (r < 0)
                return r;
        *ret_reply = imap_reply_from_outcome(r, NULL);
        if (r == STORE_DONE)
                ret_reply->own_text = TAKE_PTR(text);
        return 0;
}
