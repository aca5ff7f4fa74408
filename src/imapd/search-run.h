/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part that SEARCH, SORT and THREAD have in common: which messages match. */
#pragma once

#include "imap-proto/search-program.h"
#include "imap-proto/search-return.h"
#include "imapd/imap-session.h"
#include "imapd/search-found.h"

/**
 * search_run() - find the messages of the selected mailbox that match
 * @reach:      stops as soon as that much is known
 * @ret_found:  written on 0; released by search_found_done()
 *
 * Return: 0, SESSION_GONE.
 */
[[nodiscard]] int search_run(ImapSession *session, const SearchProgram *program, SearchReach reach,
                             SearchFound *ret_found);

/**
 * search_run_first() - the same, where each message that is found is looked at once more
 *
 * progress_step() is called for the second look as well, found->n_numbers times.
 */
[[nodiscard]] int search_run_first(ImapSession *session, const SearchProgram *program,
                                   SearchFound *ret_found);

/** search_is_disabled() - IMAP_DISABLETHREADSORT: no SORT and no THREAD; *ret_reply says so */
bool search_is_disabled(ImapReply *ret_reply);

/** search_is_refused() - the charset is not ours, or a text is not in it: *ret_reply says so */
bool search_is_refused(const SearchProgram *program, ImapReply *ret_reply);
