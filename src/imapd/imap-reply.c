/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tagged answer. */
#include "imapd/imap-reply.h"

#include "basic/memory.h"
#include "basic/text.h"
#include "imap-proto/imap-args.h"

void imap_reply_done(ImapReply *reply) {
        free(reply->own_code);
        free(reply->own_text);
        *reply = (ImapReply){ 0 };
}

ImapReply imap_reply_bad(const char *text) {
        return (ImapReply){ IMAP_BAD, .text = text };
}

int imap_reply_bad_args(const ImapArgs *args, ImapReply *ret_reply) {
        *ret_reply = (ImapReply){ IMAP_BAD, .code = args->error_code,
                                  .own_text = text_dup(imap_args_error(args)) };
        return 0;
}
