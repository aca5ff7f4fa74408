/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages that a client sends, for APPEND and REPLACE, as they come and never in memory.
 *
 * What is refused before a literal is not asked for; a literal that does not wait (LITERAL+) is
 * dropped by the core.
 */
#pragma once

#include "imapd/imap-session.h"
#include "store/append.h"

/**
 * upload_messages() - take "[(flags)] [date] literal" from the arguments, and what follows
 *
 * In place of the literal may stand "CATENATE (TEXT literal URL …)" (RFC 4469).
 * @name:        the mailbox they go to
 * @several:     one may follow the other (MULTIAPPEND, RFC 3502): all are stored, or none
 * @ret_result:  written when *ret_stored; released by append_result_done()
 *
 * When nothing is stored *ret_reply says why. Return: as a handler.
 */
[[nodiscard]] int upload_messages(ImapSession *session, ImapArgs *args, const char *name,
                                  bool several, ImapReply *ret_reply, AppendResult *ret_result,
                                  bool *ret_stored);

/** upload_code() - "APPENDUID 38505 3955:3957" (RFC 4315); the caller's */
char *upload_code(const AppendResult *result);
