/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message of a FETCH: "* n FETCH (…)". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imap-proto/fetch-items.h"
#include "imapd/fetch-cached.h"
#include "imapd/imap-session.h"

/* One FETCH command. */
typedef struct FetchRun {
        ImapSession *session;        /* borrowed */
        const FetchProgram *program; /* borrowed */
        FetchCached cached;          /* what the message cache can know of it */
        bool adds_uid;               /* UID FETCH, and the client did not ask for UID */
        bool needs_message, needs_sections, needs_structure; /* what all items together need */
        bool needs_envelope, needs_binary, needs_wire_size, needs_internal_date;
        bool keeps_message;          /* the client will ask for more of it: an item is partial */
        bool found_missing;          /* a message was expunged by somebody else meanwhile */
        bool found_damaged;          /* a compressed message does not expand; it was reported */
        bool found_undecodable;      /* a part has an unknown transfer encoding */
        bool found_unreadable;       /* a message could not be read; it was reported */
} FetchRun;

void fetch_run_init(FetchRun *run, ImapSession *session, const FetchProgram *program);
void fetch_run_done(FetchRun *run);

/**
 * fetch_message_write() - write the response for the message at a position
 * @flags_changed:  \Seen has just been set: FLAGS is shown even if not asked for
 *
 * A message that cannot be opened is left out and noted in @run (RFC 2180, section 4.1.2).
 * Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int fetch_message_write(FetchRun *run, size_t position, bool flags_changed);
