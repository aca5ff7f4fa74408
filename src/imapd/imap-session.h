/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the handlers of one IMAP session share (RFC 9051, section 3). A handler is
 *
 *      int cmd_x(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
 *
 * in cmd-x.c, declared in command-table.h, with one row in command-table.c. It takes its
 * arguments (all of them and imap_args_at_end(), before it does anything), asks the store,
 * writes untagged responses with an ImapWriter onto imap_session_output(), and fills
 * *ret_reply. Return: 0 when *ret_reply is the answer; negative errno when the machine failed
 * (reported already; becomes NO [UNAVAILABLE]); SESSION_GONE from a drain goes up unchanged.
 *
 * A sequence number is a position of the store plus one. Positions move only in
 * imap_session_report(), which the core calls after each handler, so they are stable in one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "imapd/imap-reply.h"

typedef struct ClientStream ClientStream;
typedef struct ImapArgs ImapArgs;
typedef struct MailStore MailStore;
typedef struct Mailbox Mailbox;
typedef struct SessionFacts SessionFacts;

/* Outcome of everything that waits for the client: the connection, or our time, is over. */
enum { SESSION_GONE = 1000 };

typedef struct ImapSession {
        SessionFacts *facts;  /* borrowed: who, from where, settings, traffic counters */
        ClientStream *stream; /* borrowed */
        MailStore *store;     /* borrowed */

        Mailbox *mailbox;     /* owned; NULL when nothing is selected */
        char *mailbox_name;   /* owned; UTF-8 with '/', as the store knows it */
        bool read_only;       /* EXAMINE, or the mailbox cannot be written */
        bool uid_command;     /* this is UID FETCH, not FETCH */
        bool in_idle;         /* between IDLE and DONE: a state of the loop, not a handler */

        uint32_t n_reported;  /* messages the client was last told of by EXISTS */
        unsigned n_bad;       /* bad commands since the last good one */
} ImapSession;

/** imap_session_output() - where untagged responses are appended; drained after the command */
Buffer *imap_session_output(ImapSession *session);

/**
 * imap_session_drain() - send what has gathered, if it is more than the stream keeps (64 KiB)
 *
 * Called between two items of a long answer, so that memory stays bounded. Waits at most the
 * write deadline. Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int imap_session_drain(ImapSession *session);

/**
 * imap_session_report() - refresh the selected mailbox and write what changed, untagged
 * @with_expunges:  false while a command answers with sequence numbers (RFC 9051, 7.5.1)
 *
 * Costs one stat when nothing changed. Return: 0 or negative errno.
 */
[[nodiscard]] int imap_session_report(ImapSession *session, bool with_expunges);

/** imap_session_write_flags() - "* FLAGS" and "* OK [PERMANENTFLAGS" with today's keywords */
void imap_session_write_flags(ImapSession *session);

/** imap_session_unselect() - leave the selected mailbox without expunging; does nothing if none */
void imap_session_unselect(ImapSession *session);
