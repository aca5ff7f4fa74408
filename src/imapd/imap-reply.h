/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tagged answer a handler fills in, and the table that makes one from a store outcome. */
#pragma once

typedef struct ImapArgs ImapArgs;

typedef enum ImapStatus {
        IMAP_OK,
        IMAP_NO,
        IMAP_BAD,
        IMAP_BYE, /* OK, after which the session ends; its own "* BYE" has been written */
} ImapStatus;

/*
 * `*ret_reply = (ImapReply){ IMAP_NO, .code = "TRYCREATE", .text = "No such mailbox" };`
 * Zeroed it is a plain "OK": the core writes "<verb> completed".
 */
typedef struct ImapReply {
        ImapStatus status;
        const char *code; /* static, without brackets, RFC 5530 or an extension's; NULL for none */
        const char *text; /* static */
        char *own_code;   /* made for this answer ("COPYUID 1 2:3 4:5"), freed by the core */
        char *own_text;   /* the same for the text; single line, no client text unquoted */
} ImapReply;

void imap_reply_done(ImapReply *reply);

/**
 * imap_reply_from_outcome() - the answer for what a store function returned
 * @outcome:    STORE_DONE gives OK with @done_text, any other STORE_* the text of one table
 * @done_text:  static, for example "CREATE completed"
 */
ImapReply imap_reply_from_outcome(int outcome, const char *done_text);

/** imap_reply_bad() - BAD with this static text */
ImapReply imap_reply_bad(const char *text);

/** imap_reply_bad_args() - BAD with the sentence that the arguments failed with; returns 0 */
int imap_reply_bad_args(const ImapArgs *args, ImapReply *ret_reply);
