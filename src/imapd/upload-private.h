/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One APPEND or REPLACE on its way; within upload.c and upload-parts.c only. */
#pragma once

#include "imap-proto/flag-list.h"
#include "imapd/upload.h"

/* Outcome of a step: *reply says why nothing is stored. Others are 0 and those of a handler. */
enum { UPLOAD_REFUSED = 1 };

/* The message that is coming. */
typedef struct UploadMessage {
        FlagList flags; /* owned */
        int64_t date_sec;
        bool catenates;      /* it is a list of parts (RFC 4469); otherwise */
        ImapLiteral literal; /* it is this one */
        uint64_t size;       /* octets that have come */
        size_t n_parts;
} UploadMessage;

typedef struct Upload {
        ImapSession *session; /* borrowed */
        Append *append;       /* owned; NULL as long as nothing was asked for */
        Buffer rest;          /* what followed the last literal */
        ImapArgs args;        /* of it; of the command's first line before */
        UploadMessage message;
        bool in_utf8_item;    /* the literal stands in "UTF8 (…)" (RFC 6855, section 4) */
        Mailbox *source;      /* owned; the mailbox of the last URL, if it is not selected */
        char *source_name;    /* owned */
        ImapReply *reply;     /* borrowed */
} Upload;

/** upload_refuse() - nothing is stored; @code, @text: static; Return: UPLOAD_REFUSED */
int upload_refuse(Upload *upload, ImapStatus status, const char *code, const char *text);

/** upload_refuse_args() - because of what the arguments failed with */
int upload_refuse_args(Upload *upload);

/** upload_size_fits() - so many more octets are within IMAP_APPENDLIMIT; false is a refusal */
[[nodiscard]] bool upload_size_fits(Upload *upload, uint64_t size);

/** upload_accept_utf8() - "UTF8" comes next, and a literal in parentheses behind it */
bool upload_accept_utf8(Upload *upload);

/** upload_take_literal() - the announcement, with the parenthesis before it in a UTF8 item */
[[nodiscard]] bool upload_take_literal(Upload *upload, ImapLiteral *ret_literal);

/** upload_pass_literal() - its octets to the store, then what follows becomes upload->args */
[[nodiscard]] int upload_pass_literal(Upload *upload, const ImapLiteral *literal);

/** upload_parts() - behind "CATENATE (": all parts, and the parenthesis that closes */
[[nodiscard]] int upload_parts(Upload *upload);
