/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * New messages, streamed in (RFC 9051, 6.3.12; several at once RFC 3502).
 *
 *      append_begin(), then for each message append_write()… and append_message_done(), then
 *      append_commit(). append_free() without a commit leaves nothing behind.
 *
 * CRLF is stored as LF, anything else as it came, so that BODY[] and RFC822.SIZE give back
 * exactly what was appended if each of its lines ended in CRLF (doc/formats.md).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "basic/flag.h"
#include "basic/memory.h"
#include "basic/number-set.h"
#include "store/outcome.h"

typedef struct MailStore MailStore;
typedef struct Append Append;

#define APPEND_DATE_NOW INT64_MIN

/**
 * append_begin() - prepare to add messages to a mailbox
 * @ret_append:  owned by the caller, released by append_free()
 *
 * Return: STORE_DONE, STORE_NO_SUCH_MAILBOX, STORE_INVALID_NAME, STORE_READ_ONLY, STORE_NO_SPACE.
 */
[[nodiscard]] int append_begin(MailStore *store, const char *name, Append **ret_append);
Append *append_free(Append *append);
DEFINE_CLEANUP(Append *, append_free);

/**
 * append_expect_binary() - the next message came as literal8 (store/binary-message.h)
 *
 * To be called before its first octet. They stay out of the way until it is done.
 */
void append_expect_binary(Append *append);

/**
 * append_write() - the next octets of the current message, in pieces of any size
 *
 * After an outcome the caller goes on reading its literal but need not call again: every later
 * call, and the commit, returns the same. Return: STORE_DONE, STORE_NO_SPACE, STORE_COMPRESSED,
 * negative errno. What is wrong with a binary message shows at its end: STORE_UNKNOWN_ENCODING.
 */
[[nodiscard]] int append_write(Append *append, const void *data, size_t size);

/**
 * append_message_done() - the current message is complete
 * @keywords:           n_keywords names, legal as IMAP atoms; borrowed during the call
 * @internal_date_sec:  seconds UTC, or APPEND_DATE_NOW
 */
[[nodiscard]] int append_message_done(Append *append, MessageFlags flags, char *const *keywords,
                                      size_t n_keywords, int64_t internal_date_sec);

typedef struct AppendResult {
        uint32_t uidvalidity;
        NumberSet uids; /* ascending in the order the messages came */
} AppendResult;

void append_result_done(AppendResult *result);

/**
 * append_commit() - make all of them visible, or none
 * @ret_result:  written on STORE_DONE; released by append_result_done()
 *
 * They are on disk (fsync) and numbered when it returns; not \Recent for anybody.
 * Return: STORE_DONE, STORE_NO_SPACE, STORE_OVER_QUOTA, STORE_COMPRESSED,
 * STORE_UNKNOWN_ENCODING, STORE_TOO_MANY_KEYWORDS, STORE_NO_SUCH_MAILBOX (deleted meanwhile),
 * negative errno.
 */
[[nodiscard]] int append_commit(Append *append, AppendResult *ret_result);
