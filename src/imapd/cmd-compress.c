/* SPDX-License-Identifier: GPL-3.0-or-later */
/* COMPRESS: DEFLATE in both directions (RFC 4978), from the end of the answer on. */
#include "basic/text.h"
#include "imapd/command-table.h"

int cmd_compress(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_free_ char *algorithm = NULL;

        if (!imap_args_take_atom(args, &algorithm) || !imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        if (!text_equal_nocase(algorithm, "DEFLATE")) {
                *ret_reply = imap_reply_bad("DEFLATE is the only compression there is");
                return 0;
        }
        if (session->compression != COMPRESSION_NONE) {
                *ret_reply = (ImapReply){ IMAP_BAD, .code = "COMPRESSIONACTIVE",
                                          .text = "DEFLATE is active already" };
                return 0;
        }
        session->compression = COMPRESSION_DUE;
        *ret_reply = (ImapReply){ .text = "DEFLATE active" };
        return 0;
}
