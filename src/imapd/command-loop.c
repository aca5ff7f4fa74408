/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a command: gather its line and literals, find its row, run its handler, report
 * what changed in the mailbox, answer (RFC 9051, section 2.2). Each step has a limit.
 */
#include "imapd/command-loop.h"

#include <errno.h>
#include <unistd.h>

#include "basic/back-door.h"
#include "basic/clock.h"
#include "basic/log.h"
#include "basic/text.h"
#include "imap-proto/imap-command-line.h"
#include "imapd/command-table.h"
#include "imapd/idle.h"
#include "imapd/message-limit.h"
#include "imapd/modseq.h"
#include "imapd/progress.h"
#include "imapd/updates.h"
#include "store/mailbox.h"
#include "store/message-cache.h"
#include "stream/client-stream.h"

enum {
        QUIET_SEC = 30 * 60,    /* without a command (RFC 9051, 5.4 wants at least 30 minutes) */
        QUIET_LITERAL_SEC = 60, /* in the middle of one */
        BAD_COMMANDS_MAX = 10,  /* in a row: nobody's mail client does that */
};

/* A command as it comes in. */
typedef struct Gathering {
        Buffer data;         /* lines and literals */
        const char *refusal; /* static: what is wrong before the arguments are looked at */
        bool too_big;        /* the refusal is about a limit */
} Gathering;

static void gathering_done(Gathering *gathering) {
        buffer_done(&gathering->data);
}

static void answer(ImapSession *session, const char *tag, const ImapReply *reply,
                   const char *verb) {
        static const char *const words[] = {
                [IMAP_OK] = "OK", [IMAP_NO] = "NO", [IMAP_BAD] = "BAD", [IMAP_BYE] = "OK"
        };
        _cleanup_free_ char *completed = text_printf("%s completed", verb);
        ImapWriter writer = imap_session_writer(session);
        const char *text = reply->own_text ? reply->own_text : reply->text;

        imap_write_tagged(&writer, tag, words[reply->status],
                          reply->own_code ? reply->own_code : reply->code,
                          text ? text : completed);
}

static void set_quiet(ImapSession *session, uint64_t seconds) {
        client_stream_set_input_timeout(session->stream, seconds * USEC_PER_SEC, USEC_INFINITY);
}

/* Drops a literal that comes whether we want it or not, and the rest of its command. */
static int drop_literal(ImapSession *session, ImapLiteral literal) {
        int r;

        set_quiet(session, QUIET_LITERAL_SEC);
        while (!literal.waits) {
                _cleanup_buffer_ Buffer line = { 0 };

                r = client_stream_pass_octets(session->stream, literal.size, NULL, NULL);
                if (r != STREAM_DONE)
                        return imap_session_gone(session, r);
                r = client_stream_read_line(session->stream, IMAP_LINE_MAX, &line);
                if (r == STREAM_TOO_LONG)
                        r = client_stream_skip_line(session->stream);
                if (r != STREAM_DONE)
                        return imap_session_gone(session, r);
                if (!imap_command_line_announces(line.data ? line.data : "", line.size, &literal))
                        break;
        }
        return 0;
}

/* Appends one line; a line over the limit is dropped and becomes the refusal. */
static int take_line(ImapSession *session, Gathering *gathering) {
        int r;

        r = client_stream_read_line(session->stream, IMAP_LINE_MAX, &gathering->data);
        if (r != STREAM_TOO_LONG)
                return imap_session_gone(session, r);

        gathering->refusal = "Command line is too long";
        gathering->too_big = true;
        return imap_session_gone(session, client_stream_skip_line(session->stream));
}

/* Nothing but a waiting client is asked for octets that would be refused in any case. */
static bool is_hopeless(const Gathering *gathering) {
        ImapCommandLine line;

        return !imap_command_line_split(gathering->data.data, gathering->data.size, &line) ||
               !command_find(line.verb);
}

static int take_literal(ImapSession *session, Buffer *target, const ImapLiteral *literal) {
        int r;

        if (literal->waits) {
                ImapWriter writer = imap_session_writer(session);

                imap_write_continuation(&writer, "OK");
        }
        set_quiet(session, QUIET_LITERAL_SEC);
        r = client_stream_read_octets(session->stream, (size_t) literal->size, target);
        return imap_session_gone(session, r);
}

/* Reads until the command is whole, refused, or has come to the message of an APPEND. */
static int gather(ImapSession *session, Gathering *gathering) {
        ImapLiteral literal;
        size_t line_offset = 0, n_literals = 0;
        int r;

        set_quiet(session, QUIET_SEC);
        for (;;) {
                r = take_line(session, gathering);
                if (r != 0 || gathering->refusal)
                        return r;
                switch (imap_command_line_gather(gathering->data.data, gathering->data.size,
                                                 line_offset, n_literals, NULL, &literal,
                                                 &gathering->refusal)) {
                case IMAP_GATHER_COMPLETE:
                        return 0;
                case IMAP_GATHER_MESSAGE:
                        session->message = literal;
                        session->has_message = true;
                        return 0;
                case IMAP_GATHER_TOO_LARGE:
                        gathering->too_big = true;
                        return drop_literal(session, literal);
                case IMAP_GATHER_LITERAL:
                        if (literal.waits && is_hopeless(gathering))
                                return 0;
                        r = take_literal(session, &gathering->data, &literal);
                        if (r != 0)
                                return r;
                        line_offset = gathering->data.size;
                        n_literals++;
                }
        }
}

/* Finds the row of the command; NULL with a refusal in *ret_reply. */
static const Command *find_row(const ImapSession *session, const Gathering *gathering,
                               ImapCommandLine *line, ImapReply *ret_reply) {
        bool well_formed = imap_command_line_split(gathering->data.data, gathering->data.size,
                                                   line);
        const Command *command = well_formed ? command_find(line->verb) : NULL;

        if (gathering->refusal)
                *ret_reply = (ImapReply){ IMAP_BAD, .text = gathering->refusal,
                                          .code = gathering->too_big ? "TOOBIG" : NULL };
        else if (!well_formed)
                *ret_reply = imap_reply_bad(line->error);
        else if (!command)
                *ret_reply = imap_reply_bad("Unknown command");
        else if ((command->flags & COMMAND_SELECTED_ONLY) && !session->mailbox)
                *ret_reply = imap_reply_bad("No mailbox is selected");
        else if ((command->flags & COMMAND_TAKES_NUMBERS) && session->uidonly)
                *ret_reply = (ImapReply){ IMAP_BAD, .code = "UIDREQUIRED",
                                          .text = "Message numbers are switched off, use UID" };
        else
                return command;
        return NULL;
}

/* In builds for the tests of the sandbox only; otherwise this is never true. */
static bool try_back_door(ImapSession *session, const Gathering *gathering,
                          const ImapCommandLine *line) {
        return !gathering->refusal &&
               back_door_answer(line->verb, gathering->data.data + line->args_offset,
                                STDIN_FILENO, imap_session_output(session));
}

static int run_handler(ImapSession *session, const Command *command, const Gathering *gathering,
                       const ImapCommandLine *line, ImapReply *ret_reply) {
        ImapArgs args;
        int r;

        imap_args_init(&args, gathering->data.data + line->args_offset,
                       gathering->data.size - line->args_offset, NULL);
        args.verb = command->verb;
        args.utf8 = session->utf8;
        args.uids_only = session->uidonly;
        args.takes_bare_names = session->takes_bare_names;
        args.only_utf8 = session->utf8_accept;
        session->uid_command = text_starts_with(command->verb, "UID ");
        session->tag = line->tag;

        progress_start(&session->progress);
        session->in_handler = true;
        r = command->handler(session, &args, ret_reply);
        session->in_handler = false;
        if (r == 0 && session->in_idle)
                r = imap_session_idle(session, ret_reply);
        if (r < 0) {
                imap_reply_done(ret_reply);
                *ret_reply = (ImapReply){ IMAP_NO, .code = "UNAVAILABLE",
                                          .text = "The server has a problem, try again later" };
                r = 0;
        }
        return r;
}

/* Ten in a row are not a mistake, and the eleventh would not be better. */
static int count_bad(ImapSession *session, ImapStatus status) {
        ImapWriter writer = imap_session_writer(session);

        session->n_bad = status == IMAP_BAD ? session->n_bad + 1 : 0;
        if (session->n_bad < BAD_COMMANDS_MAX)
                return 0;
        imap_write_untagged(&writer, "BYE", "ALERT", "Too many consecutive protocol violations");
        log_report(LOG_NOTICE, "Ended the session after %d bad commands in a row.",
                   BAD_COMMANDS_MAX);
        session->end = SESSION_END_DISCONNECTED;
        return SESSION_GONE;
}

static int run(ImapSession *session, const Gathering *gathering) {
        _cleanup_(imap_reply_done) ImapReply reply = { 0 };
        const Command *command;
        ImapCommandLine line;
        int r = 0;

        command = find_row(session, gathering, &line, &reply);
        if (!command && try_back_door(session, gathering, &line)) {
                imap_reply_done(&reply);
                reply = (ImapReply){ .text = "Tried" };
        }
        if (command) {
                r = run_handler(session, command, gathering, &line, &reply);
                if (r != 0)
                        return r;
        }
        if (session->has_message) { /* refused, and it comes nevertheless when it does not wait */
                session->has_message = false;
                r = drop_literal(session, session->message);
                if (r != 0)
                        return r;
        }
        if (command && !(command->flags & COMMAND_NO_REPORT) && reply.status != IMAP_BAD)
                r = imap_session_report(session, !(command->flags & COMMAND_KEEPS_NUMBERS));
        if (r != 0)
                return r;
        imap_session_tell_modseq(session, &reply);
        imap_session_tell_limit(session, &reply);
        answer(session, line.tag, &reply, command ? command->verb : "Command");
        if (session->compression == COMPRESSION_DUE) {
                session->compression = COMPRESSION_ACTIVE;
                r = imap_session_gone(session, client_stream_compress(session->stream));
                if (r != 0)
                        return r;
        }
        if (reply.status == IMAP_BYE) {
                session->end = SESSION_END_LOGOUT;
                return SESSION_GONE;
        }
        return count_bad(session, reply.status);
}

/* A stop is seen where we would wait; who always has a next command ready is told here. */
static int stop_if_asked(ImapSession *session) {
        return client_stream_is_stopped(session->stream)
                       ? imap_session_gone(session, STREAM_STOPPED)
                       : 0;
}

/* The URL of a part may be a literal, an argument as any; other literals are octets of mail. */
static bool is_argument(const Buffer *rest, size_t line_offset, const ImapLiteral *literal) {
        return imap_command_line_announces_url(rest->data + line_offset,
                                               rest->size - line_offset) &&
               literal->size <= IMAP_ARGUMENT_LITERAL_MAX &&
               rest->size + literal->size + IMAP_LINE_MAX <= IMAP_COMMAND_MAX;
}

int imap_session_read_rest(ImapSession *session, Buffer *ret_rest) {
        session->has_message = false;
        for (;;) {
                size_t line_offset = ret_rest->size;
                int r = client_stream_read_line(session->stream, IMAP_LINE_MAX, ret_rest);

                if (r == STREAM_TOO_LONG)
                        return imap_session_gone(session, client_stream_skip_line(session->stream));
                if (r != STREAM_DONE)
                        return imap_session_gone(session, r);
                if (!imap_command_line_announces(ret_rest->data + line_offset,
                                                 ret_rest->size - line_offset,
                                                 &session->message))
                        return 0;
                if (!is_argument(ret_rest, line_offset, &session->message)) {
                        session->has_message = true;
                        return 0;
                }
                r = take_literal(session, ret_rest, &session->message);
                if (r != 0)
                        return r;
        }
}

/* What the command left for the message cache is written when the client has its answer. */
static int rest(ImapSession *session) {
        int r = 0;

        if (store_has_to_keep(session->store))
                r = imap_session_gone(session, client_stream_flush(session->stream));
        store_rest(session->store);
        return r;
}

/* A listing for proof, if the client leaves us the time before its next command. */
static int prove_in_silence(ImapSession *session) {
        uint64_t wait_usec = session->mailbox ? mailbox_proof_wait_usec(session->mailbox)
                                              : USEC_INFINITY;
        unsigned ready;
        int r;

        if (wait_usec == USEC_INFINITY)
                return 0;
        r = client_stream_wait(session->stream, -EBADF, wait_usec, &ready);
        if (r != STREAM_TIMEOUT)
                return imap_session_gone(session, r);
        if (!client_stream_has_output(session->stream))
                mailbox_prove(session->mailbox);
        return 0;
}

int imap_session_answer_command(ImapSession *session) {
        _cleanup_(gathering_done) Gathering gathering = { 0 };
        int r;

        r = stop_if_asked(session);
        if (r != 0)
                return r;
        r = prove_in_silence(session);
        if (r == 0)
                r = gather(session, &gathering);
        if (r != 0)
                return r;
        r = run(session, &gathering);
        if (r == 0)
                r = imap_session_drain(session);
        return r != 0 ? r : rest(session);
}
