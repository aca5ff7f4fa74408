/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings messages that were found into an order. */
#pragma once

#include "imap-proto/sort-program.h"
#include "imapd/imap-session.h"
#include "imapd/search-found.h"

/* Outcome: the texts to be compared are more than IMAP_SORT_OCTETS_MAX. */
enum { SORT_TOO_LARGE = 1 };

/**
 * sort_run() - reorder found->numbers, which are ascending and all of them
 *
 * Messages with equal keys stay in the order of the mailbox, also under REVERSE. One that is gone
 * or cannot be read has empty values. n log n.
 * Return: 0, SORT_TOO_LARGE, SESSION_GONE.
 */
[[nodiscard]] int sort_run(ImapSession *session, const SortProgram *program, SearchFound *found);
