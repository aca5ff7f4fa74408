/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the handlers of one IMAP session share (RFC 9051, section 3). A handler is
 *
 *      int cmd_x(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
 *
 * in cmd-x.c, declared in command-table.h, with one row in command-table.c. It takes its
 * arguments (all of them and imap_args_at_end(), before it does anything), asks the store,
 * writes untagged responses with imap_session_writer(), and fills *ret_reply; a false from
 * ImapArgs is `return imap_reply_bad_args(args, ret_reply)`. Return: 0 when *ret_reply is the
 * answer; negative errno when the machine failed (reported already; becomes NO [UNAVAILABLE]);
 * SESSION_GONE goes up unchanged.
 *
 * A sequence number is a position of the store plus one. Positions move only in
 * imap_session_report(), which the core calls after each handler, so they are stable in one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/number-set.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/imap-write.h"
#include "imapd/imap-reply.h"
#include "session/log-lines.h"

typedef struct ClientStream ClientStream;
typedef struct FetchMemory FetchMemory;
typedef struct MailStore MailStore;
typedef struct Mailbox Mailbox;
typedef struct Session Session;

/* How far a command is (imapd/progress.h). */
typedef struct Progress {
        uint64_t n_done, n_all; /* steps; n_all is 0 as long as nobody knows */
        uint64_t due_usec;      /* when it is to be told next; 0 before the first step */
} Progress;

/* Outcome of everything that waits for the client: the connection, or our time, is over. */
enum { SESSION_GONE = 1000 };

typedef struct ImapSession {
        Session *birth;       /* borrowed: what the process was born with */
        SessionFacts *facts;  /* borrowed, of birth: who, from where, traffic counters */
        ClientStream *stream; /* borrowed */
        MailStore *store;     /* borrowed */

        Mailbox *mailbox;     /* owned; NULL when nothing is selected */
        char *mailbox_name;   /* owned; UTF-8 with '/', as the store knows it */
        NumberSet saved_uids; /* "$": what the last SEARCH RETURN (SAVE) found in it */
        NumberSet copied_uids;  /* of the mailbox, copied elsewhere in this session */
        size_t n_keywords_told; /* of the mailbox, in the last FLAGS response */
        FetchMemory *fetch_memory; /* owned; NULL until a partial FETCH */
        const char *tag;      /* borrowed; of the command that is being handled */
        bool read_only;       /* EXAMINE, or the mailbox cannot be written */
        bool uid_command;     /* this is UID FETCH, not FETCH */
        unsigned enabled;     /* rows of ENABLE's table that were switched on by it */
        bool condstore;       /* the client knows of mod-sequences (RFC 7162) */
        bool qresync;         /* and wants VANISHED in place of EXPUNGE */
        uint32_t limit_uid;   /* the command was cut short before it (RFC 9738); 0: it was not */
        bool uidonly;         /* and no message numbers at all (RFC 9586) */
        bool modseq_due;      /* HIGHESTMODSEQ is to be told with the answer */
        enum {
                COMPRESSION_NONE,
                COMPRESSION_DUE,    /* from the end of this command's answer on */
                COMPRESSION_ACTIVE,
        } compression;        /* of the stream (RFC 4978) */
        bool utf8;            /* names and strings are UTF-8 on the wire */
        bool takes_bare_names; /* "Sent" is "INBOX.Sent" (imap-proto/bare-name.h) */
        bool utf8_accept;     /* because of UTF8=ACCEPT (RFC 9755) */
        bool rev2;            /* the client speaks IMAP4rev2 (RFC 9051, appendix E) */
        bool in_idle;         /* between IDLE and DONE: a state of the loop, not a handler */
        bool in_handler;      /* an answer may be half written */
        Progress progress;    /* of the command that is being handled */

        ImapLiteral message;  /* of an APPEND: announced, not yet read */
        bool has_message;     /* false once its handler has read it */

        unsigned n_bad;       /* bad commands since the last good one */
        SessionEnd end;       /* why it is over, once something returned SESSION_GONE */
} ImapSession;

void imap_session_init(ImapSession *session, Session *birth, ClientStream *stream);
void imap_session_done(ImapSession *session);

/** imap_session_run() - greet, answer commands until the end; returns why it ended */
SessionEnd imap_session_run(ImapSession *session);

/** imap_session_output() - the output of the stream, drained after the command */
Buffer *imap_session_output(ImapSession *session);

/** imap_session_writer() - the same with the quoting functions around it */
ImapWriter imap_session_writer(ImapSession *session);

/**
 * imap_session_drain() - send what has gathered, if it is more than the stream keeps (64 KiB)
 *
 * Called between two items of a long answer, so that memory stays bounded. Waits at most the
 * write deadline. Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int imap_session_drain(ImapSession *session);

/**
 * imap_session_gone() - 0 for STREAM_DONE, else note why the session is over
 *
 * Return: 0 or SESSION_GONE, for what client_stream_… returned.
 */
[[nodiscard]] int imap_session_gone(ImapSession *session, int stream_outcome);

/** imap_session_show_status() - tell systemd who this is and what is selected */
void imap_session_show_status(const ImapSession *session);
