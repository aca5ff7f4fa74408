/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CONDSTORE and QRESYNC (RFC 7162): who knows of mod-sequences, and what those are told. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/number-set.h"

typedef struct ImapReply ImapReply;
typedef struct ImapSession ImapSession;
typedef struct ImapWriter ImapWriter;
typedef struct SelectParameters SelectParameters;

/**
 * imap_session_use_modseqs() - a CONDSTORE enabling command came (RFC 7162, section 3.1)
 *
 * From now on every untagged FETCH has UID and MODSEQ. The first time HIGHESTMODSEQ of the
 * selected mailbox is told.
 */
void imap_session_use_modseqs(ImapSession *session);

/** modseq_write() - "MODSEQ (65402)" */
void modseq_write(ImapWriter *writer, uint64_t modseq);

/** imap_session_write_modseq() - "* OK [HIGHESTMODSEQ 715194045007]", the one that was told */
void imap_session_write_modseq(ImapSession *session);

/**
 * imap_session_note_modseq() - a report was written
 * @expunged:  it told of expunges
 *
 * With QRESYNC the client then has to know which modseq it has seen everything of: after
 * expunges, or because expunges with lower ones are still to come (RFC 7162, sections 3.2 and 6).
 */
void imap_session_note_modseq(ImapSession *session, bool expunged);

/** imap_session_tell_modseq() - what was noted: in a reply that has no code yet, or untagged */
void imap_session_tell_modseq(ImapSession *session, ImapReply *reply);

/**
 * imap_session_write_vanished() - "* VANISHED 405,407" for all of a set, in bounded lines
 * @earlier:  "(EARLIER)": message numbers do not change by it
 *
 * Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int imap_session_write_vanished(ImapSession *session, const NumberSet *uids,
                                              bool earlier);

/**
 * imap_session_write_earlier() - those of the UIDs that were expunged after a modseq
 *
 * All that are not there when nobody remembers that long (RFC 7162, section 3.2.6).
 */
[[nodiscard]] int imap_session_write_earlier(ImapSession *session, const NumberSet *uids,
                                             uint64_t modseq);

/** imap_session_resync() - what a SELECT with QRESYNC is told (RFC 7162, section 3.2.5) */
[[nodiscard]] int imap_session_resync(ImapSession *session, const SelectParameters *parameters);
