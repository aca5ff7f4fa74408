/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message after the other, until the line behind one is empty. */
#include "imapd/upload.h"

#include "basic/clock.h"
#include "basic/text.h"
#include "imap-proto/flag-list.h"
#include "imapd/command-loop.h"
#include "stream/client-stream.h"

enum { QUIET_SEC = 60 };

/* What stands before one message. */
typedef struct UploadMessage {
        FlagList flags; /* owned */
        int64_t date_sec;
        ImapLiteral literal;
} UploadMessage;

static void message_done(UploadMessage *message) {
        flag_list_done(&message->flags);
        *message = (UploadMessage){ 0 };
}

/* [(flags) | NIL] ["date-time" | NIL] literal */
static bool take_message(ImapArgs *args, UploadMessage *ret_message) {
        int16_t zone;

        ret_message->date_sec = APPEND_DATE_NOW;
        if (imap_args_peek(args) == IMAP_TOKEN_OPEN) {
                if (!imap_args_take_flag_list(args, &ret_message->flags))
                        return false;
        } else
                (void) imap_args_accept_nil(args); /* no flags is what there is already */
        if (imap_args_peek(args) == IMAP_TOKEN_QUOTED) {
                if (!imap_args_take_date_time(args, &ret_message->date_sec, &zone))
                        return false;
        } else
                (void) imap_args_accept_nil(args); /* the same for the date */
        return imap_args_take_announcement(args, &ret_message->literal);
}

static bool is_too_large(const UploadMessage *message, ImapReply *ret_reply) {
        if (message->literal.size <= imap_append_limit())
                return false;
        *ret_reply = (ImapReply){ IMAP_NO, .code = "TOOBIG", .text = "The message is too large" };
        return true;
}

/* What can be said before the first message has come; false means nothing. */
static bool refuse(const ImapSession *session, const char *name, int outcome,
                   ImapReply *ret_reply) {
        if (session->mailbox && session->read_only && text_equal(session->mailbox_name, name))
                *ret_reply = (ImapReply){ IMAP_NO, .text = "Current box is selected READ-ONLY." };
        else if (outcome == STORE_NO_SUCH_MAILBOX || outcome == STORE_INVALID_NAME)
                *ret_reply = (ImapReply){ IMAP_NO, .code = "TRYCREATE",
                                          .text = "Must create mailbox before append" };
        else if (outcome != STORE_DONE)
                *ret_reply = imap_reply_from_outcome(outcome, NULL);
        else
                return false;
        return true;
}

/* Failing once is enough: append_commit() remembers, and tells. */
static int on_octets(void *userdata, const void *data, size_t size) {
        int r = append_write(userdata, data, size);

        return r > 0 ? -1 : r;
}

/* Return: 0 or SESSION_GONE; what the store thinks comes with the commit. */
static int pass_message(ImapSession *session, Append *append, const UploadMessage *message) {
        ImapWriter writer = imap_session_writer(session);
        int r;

        if (message->literal.waits)
                imap_write_continuation(&writer, "OK");
        if (message->literal.binary)
                append_expect_binary(append);
        client_stream_set_input_timeout(session->stream, QUIET_SEC * USEC_PER_SEC, USEC_INFINITY);
        session->has_message = false;
        r = client_stream_pass_octets(session->stream, message->literal.size, on_octets, append);
        if (r > 0)
                return imap_session_gone(session, r);
        (void) append_message_done(append, message->flags.flags, message->flags.keywords,
                                   message->flags.n_keywords, message->date_sec); /* the commit
                                                                                   * tells */
        return 0;
}

static int commit(Append *append, ImapReply *ret_reply, AppendResult *ret_result,
                  bool *ret_stored) {
        int r = append_commit(append, ret_result);

        if (r < 0)
                return r;
        *ret_stored = r == STORE_DONE;
        *ret_reply = imap_reply_from_outcome(r, "APPEND Ok.");
        return 0;
}

/* The line behind a message: the end, another message, or what should not be there. */
static bool take_next(ImapArgs *args, bool several, size_t n_taken, UploadMessage *ret_message,
                      ImapReply *ret_reply) {
        if (!several)
                *ret_reply = imap_reply_bad("One message and nothing behind it, please");
        else if (n_taken >= IMAP_APPEND_MESSAGES_MAX)
                *ret_reply = (ImapReply){ IMAP_NO, .code = "LIMIT",
                                          .text = "Too many messages in one command" };
        else if (!take_message(args, ret_message))
                (void) imap_reply_bad_args(args, ret_reply); /* always 0 */
        else if (ret_message->literal.size == 0) /* the client's way to break off (RFC 3502) */
                *ret_reply = (ImapReply){ IMAP_NO, .text = "Nothing was stored, as you wish" };
        else
                return !is_too_large(ret_message, ret_reply);
        return false;
}

static bool is_end(const Buffer *line) {
        return text_equal(line->data, "\r\n") || text_equal(line->data, "\n");
}

int upload_messages(ImapSession *session, ImapArgs *args, const char *name, bool several,
                    ImapReply *ret_reply, AppendResult *ret_result, bool *ret_stored) {
        _cleanup_(message_done) UploadMessage message = { 0 };
        _cleanup_(append_freep) Append *append = NULL;
        int r;

        *ret_stored = false;
        if (!take_message(args, &message) || !session->has_message)
                return imap_reply_bad_args(args, ret_reply);
        r = append_begin(session->store, name, &append);
        if (r < 0)
                return r;
        if (refuse(session, name, r, ret_reply) || is_too_large(&message, ret_reply))
                return 0;

        for (size_t n = 1;; n++) {
                _cleanup_buffer_ Buffer line = { 0 };
                ImapArgs next;

                r = pass_message(session, append, &message);
                if (r == 0)
                        r = imap_session_read_rest(session, &line);
                if (r != 0)
                        return r;
                if (is_end(&line))
                        return commit(append, ret_reply, ret_result, ret_stored);
                message_done(&message);
                imap_args_init(&next, line.data, line.size, args->limits);
                next.verb = args->verb;
                if (!take_next(&next, several, n, &message, ret_reply))
                        return 0;
        }
}

char *upload_code(const AppendResult *result) {
        _cleanup_buffer_ Buffer code = { 0 };

        buffer_printf(&code, "APPENDUID %u ", result->uidvalidity);
        number_set_append_text(&result->uids, &code);
        return buffer_take_text(&code);
}
