/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * APPEND: store a message that the client sends (RFC 9051, section 6.3.12), as it comes,
 * never in memory. What is refused before the literal is not asked for; a literal that does
 * not wait (LITERAL+) is dropped by the core.
 */
#include "basic/clock.h"
#include "basic/text.h"
#include "imap-proto/flag-list.h"
#include "imapd/command-loop.h"
#include "imapd/command-table.h"
#include "store/append.h"
#include "stream/client-stream.h"

enum { QUIET_SEC = 60 };

typedef struct AppendRequest {
        char *name;      /* owned */
        FlagList flags;  /* owned */
        int64_t date_sec;
        ImapLiteral message;
} AppendRequest;

static void request_done(AppendRequest *request) {
        free(request->name);
        flag_list_done(&request->flags);
}

/* mailbox [(flags) | NIL] ["date-time" | NIL] literal */
static bool take_request(ImapArgs *args, AppendRequest *ret_request) {
        int16_t zone;

        ret_request->date_sec = APPEND_DATE_NOW;
        if (!imap_args_take_mailbox(args, &ret_request->name))
                return false;
        if (imap_args_peek(args) == IMAP_TOKEN_OPEN) {
                if (!imap_args_take_flag_list(args, &ret_request->flags))
                        return false;
        } else
                (void) imap_args_accept_nil(args); /* no flags is what there is already */
        if (imap_args_peek(args) == IMAP_TOKEN_QUOTED) {
                if (!imap_args_take_date_time(args, &ret_request->date_sec, &zone))
                        return false;
        } else
                (void) imap_args_accept_nil(args); /* the same for the date */
        return imap_args_take_announcement(args, &ret_request->message);
}

/* What can be said before the message has come; false means nothing. */
static bool refuse(const ImapSession *session, const AppendRequest *request, int outcome,
                   ImapReply *ret_reply) {
        if (session->mailbox && session->read_only &&
            text_equal(session->mailbox_name, request->name))
                *ret_reply = (ImapReply){ IMAP_NO, .text = "Current box is selected READ-ONLY." };
        else if (outcome == STORE_NO_SUCH_MAILBOX || outcome == STORE_INVALID_NAME)
                *ret_reply = (ImapReply){ IMAP_NO, .code = "TRYCREATE",
                                          .text = "Must create mailbox before append" };
        else if (outcome != STORE_DONE)
                *ret_reply = imap_reply_from_outcome(outcome, NULL);
        else if (request->message.size > UINT32_MAX) /* RFC822.SIZE has 32 bits */
                *ret_reply = (ImapReply){ IMAP_NO, .code = "TOOBIG",
                                          .text = "The message is too large" };
        else
                return false;
        return true;
}

/* Failing once is enough: append_commit() remembers, and tells. */
static int on_octets(void *userdata, const void *data, size_t size) {
        int r = append_write(userdata, data, size);

        return r > 0 ? -1 : r;
}

/* Return: 0, APPEND_GOES_ON, SESSION_GONE; what the store thinks comes with the commit. */
static int pass_message(ImapSession *session, Append *append, const ImapLiteral *message) {
        ImapWriter writer = imap_session_writer(session);
        int r;

        if (message->waits)
                imap_write_continuation(&writer, "OK");
        client_stream_set_input_timeout(session->stream, QUIET_SEC * USEC_PER_SEC, USEC_INFINITY);
        r = client_stream_pass_octets(session->stream, message->size, on_octets, append);
        if (r > 0)
                return imap_session_gone(session, r);
        return imap_session_end_message(session);
}

static int store_message(Append *append, const AppendRequest *request, ImapReply *ret_reply) {
        AppendResult result;
        int r;

        r = append_message_done(append, request->flags.flags, request->flags.keywords,
                                request->flags.n_keywords, request->date_sec);
        if (r == STORE_DONE)
                r = append_commit(append, &result);
        if (r < 0)
                return r;
        *ret_reply = imap_reply_from_outcome(r, "APPEND Ok.");
        if (r == STORE_DONE) {
                _cleanup_buffer_ Buffer code = { 0 };

                buffer_printf(&code, "APPENDUID %u ", result.uidvalidity);
                number_set_append_text(&result.uids, &code);
                ret_reply->own_code = buffer_take_text(&code);
                append_result_done(&result);
        }
        return 0;
}

int cmd_append(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_(request_done) AppendRequest request = { 0 };
        _cleanup_(append_freep) Append *append = NULL;
        int r;

        if (!take_request(args, &request) || !session->has_message)
                return imap_reply_bad_args(args, ret_reply);
        r = append_begin(session->store, request.name, &append);
        if (r < 0)
                return r;
        if (refuse(session, &request, r, ret_reply))
                return 0;

        r = pass_message(session, append, &request.message);
        if (r == APPEND_GOES_ON) {
                *ret_reply = imap_reply_bad("APPEND takes one message and nothing behind it");
                return 0;
        }
        return r != 0 ? r : store_message(append, &request, ret_reply);
}
