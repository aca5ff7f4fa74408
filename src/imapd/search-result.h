/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client is told of the messages found, and what is kept for "$". */
#pragma once

#include "imap-proto/search-return.h"
#include "imapd/imap-session.h"
#include "imapd/search-found.h"

/**
 * search_result_tell() - write SEARCH, SORT or ESEARCH, and keep the result if SAVE was asked for
 * @verb:         "SEARCH" or "SORT": of the answer without RETURN
 * @with_modseq:  a key was MODSEQ: the highest one of what is told belongs to it
 *
 * Return: 0, SESSION_GONE.
 * Source: RFC 4731, section 3.1; RFC 5182, section 2; RFC 5267, section 3; RFC 7162, sections
 * 3.1.6 and 3.1.10; RFC 9394, section 3.
 */
[[nodiscard]] int search_result_tell(ImapSession *session, const char *verb,
                                     const SearchReturn *wanted, bool with_modseq,
                                     const SearchFound *found);

/** search_result_tell_mailbox() - an ESEARCH that names its mailbox (RFC 7377, section 2.1) */
[[nodiscard]] int search_result_tell_mailbox(ImapSession *session, const char *name,
                                             const SearchReturn *wanted, bool with_modseq,
                                             const SearchFound *found);

/** search_result_forget() - a search that should have been saved came to nothing (RFC 5182, 2.1) */
void search_result_forget(ImapSession *session, const SearchReturn *wanted);
