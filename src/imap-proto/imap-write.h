/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Responses, written onto a Buffer: the one place that quotes (RFC 9051, section 9).
 *
 * imap_write_raw() is for our own protocol text; every text that came from a client, a mail or
 * a disk goes through the function that is named after what it is in the grammar.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/flag.h"

typedef struct ImapWriter {
        Buffer *out; /* borrowed */
        bool utf8;   /* the client enabled UTF8=ACCEPT or IMAP4rev2 */
} ImapWriter;

/** imap_write_raw() - static protocol text as it is: "* LIST (", " ", ")\r\n" */
void imap_write_raw(ImapWriter *writer, const char *text);
void imap_write_number(ImapWriter *writer, uint64_t number);

/** imap_write_string() - quoted if it can be, else as a literal */
void imap_write_string(ImapWriter *writer, const void *data, size_t size);

/** imap_write_text_string(), imap_write_nstring() - the same for texts; NULL is "" or NIL */
void imap_write_text_string(ImapWriter *writer, const char *text);
void imap_write_nstring(ImapWriter *writer, const char *text);

/** imap_write_astring() - bare when it is an atom, else a string */
void imap_write_astring(ImapWriter *writer, const char *text);

/** imap_write_atom() - an atom; octets that no atom may have become '_' */
void imap_write_atom(ImapWriter *writer, const char *text);

/** imap_write_literal_head() - "{n}\r\n" or "~{n}\r\n"; the caller sends exactly n octets */
void imap_write_literal_head(ImapWriter *writer, uint64_t size, bool binary);

/** imap_write_mailbox() - a name in the program's form, in double quotes, as the wire has it */
void imap_write_mailbox(ImapWriter *writer, const char *name);

/**
 * imap_write_flags() - "(\Draft … \Recent work)" in Courier's order
 * @keywords:  NULL when n_keywords is 0
 */
void imap_write_flags(ImapWriter *writer, MessageFlags flags, const char *const *keywords,
                      size_t n_keywords);

/** imap_write_date_time() - "17-Jul-1996 02:44:25 -0700" in double quotes */
void imap_write_date_time(ImapWriter *writer, int64_t sec, int16_t zone_minutes);

/** imap_write_resp_text() - one line of printable ASCII (UTF-8 in UTF-8 mode), never empty */
void imap_write_resp_text(ImapWriter *writer, const char *text);

/**
 * imap_write_tagged() - "tag OK [code] text\r\n"
 * @tag:     NULL or "" writes "*"
 * @status:  static: "OK", "NO", "BAD"
 * @code:    without brackets, NULL for none; control characters and ']' are dropped
 */
void imap_write_tagged(ImapWriter *writer, const char *tag, const char *status,
                       const char *code, const char *text);

/** imap_write_untagged() - "* BYE [code] text\r\n" */
void imap_write_untagged(ImapWriter *writer, const char *status, const char *code,
                         const char *text);

/** imap_write_continuation() - "+ text\r\n" */
void imap_write_continuation(ImapWriter *writer, const char *text);
