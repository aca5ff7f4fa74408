/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a long command does between two messages: it tells its client how far it is (INPROGRESS,
 * RFC 9585), and it ends when the client has gone, or when it is time to stop.
 *
 * A step is a message that was looked at. Who looks at each twice says so before: then the two
 * passes are told as one way, which never gets longer.
 */
#pragma once

#include "imapd/imap-session.h"

#define PROGRESS_UNKNOWN UINT64_MAX /* steps that nobody has counted */

/** progress_start() - a command begins; nothing is known of its way */
void progress_start(Progress *progress);

/** progress_expect() - so many steps it will be, unless somebody has said so before */
void progress_expect(ImapSession *session, uint64_t n_steps);

/** progress_reach() - so many steps are done, whether each was taken or not */
void progress_reach(ImapSession *session, uint64_t n_steps);

/**
 * progress_step() - before the next message, where no response is half written
 *
 * Tells at most every IMAP_PROGRESS_MSEC milliseconds. Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int progress_step(ImapSession *session);
