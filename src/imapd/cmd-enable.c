/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ENABLE: switch extensions on (RFC 9051, section 6.3.1). None of ours has to be, so the answer
 * is the list of none; words that are unknown are ignored, as the RFC asks.
 */
#include "imapd/command-table.h"

int cmd_enable(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        ImapWriter writer = imap_session_writer(session);

        do {
                _cleanup_free_ char *word = NULL;

                if (!imap_args_take_atom(args, &word))
                        return imap_reply_bad_args(args, ret_reply);
        } while (imap_args_peek(args) != IMAP_TOKEN_END);

        imap_write_raw(&writer, "* ENABLED\r\n");
        *ret_reply = (ImapReply){ .text = "Options enabled" };
        return 0;
}
