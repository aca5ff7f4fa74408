/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message after the other, until nothing stands behind one. */
#include "imapd/upload.h"

#include "basic/clock.h"
#include "basic/text.h"
#include "imapd/command-loop.h"
#include "imapd/message-limit.h"
#include "imapd/upload-private.h"
#include "store/mailbox.h"
#include "stream/client-stream.h"

enum { QUIET_SEC = 60 };

static void upload_done(Upload *upload) {
        flag_list_done(&upload->message.flags);
        append_free(upload->append);
        mailbox_close(upload->source);
        free(upload->source_name);
        buffer_done(&upload->rest);
}

int upload_refuse(Upload *upload, ImapStatus status, const char *code, const char *text) {
        *upload->reply = (ImapReply){ status, .code = code, .text = text };
        return UPLOAD_REFUSED;
}

int upload_refuse_args(Upload *upload) {
        (void) imap_reply_bad_args(&upload->args, upload->reply); /* always 0 */
        return UPLOAD_REFUSED;
}

bool upload_size_fits(Upload *upload, uint64_t size) {
        /* What has come is within the limit. */
        if (size <= imap_append_limit() - upload->message.size)
                return true;
        (void) upload_refuse(upload, IMAP_NO, "TOOBIG", "The message is too large");
        return false;
}

bool upload_accept_utf8(Upload *upload) {
        upload->in_utf8_item = imap_args_accept_word(&upload->args, "UTF8");
        return upload->in_utf8_item;
}

bool upload_take_literal(Upload *upload, ImapLiteral *ret_literal) {
        ImapArgs *args = &upload->args;

        if (upload->in_utf8_item && !args->only_utf8)
                return imap_args_fail(args, "UTF8 has to be switched on with ENABLE UTF8=ACCEPT "
                                            "before");
        if ((upload->in_utf8_item && !imap_args_open_list(args)) ||
            !imap_args_take_announcement(args, ret_literal))
                return false;
        ret_literal->binary &= !upload->in_utf8_item; /* a literal8 there is no more than a form */
        return true;
}

/* [(flags) | NIL] ["date-time" | NIL] (literal | UTF8 "(" literal8 ")" | CATENATE "(") */
static bool take_head(Upload *upload) {
        UploadMessage *message = &upload->message;
        ImapArgs *args = &upload->args;
        int16_t zone;

        flag_list_done(&message->flags);
        *message = (UploadMessage){ .date_sec = APPEND_DATE_NOW };
        if (imap_args_peek(args) == IMAP_TOKEN_OPEN) {
                if (!imap_args_take_flag_list(args, &message->flags))
                        return false;
        } else
                (void) imap_args_accept_nil(args); /* no flags is what there is already */
        if (imap_args_peek(args) == IMAP_TOKEN_QUOTED) {
                if (!imap_args_take_date_time(args, &message->date_sec, &zone))
                        return false;
        } else
                (void) imap_args_accept_nil(args); /* the same for the date */
        message->catenates = imap_args_accept_word(args, "CATENATE");
        if (message->catenates)
                return imap_args_open_list(args);
        (void) upload_accept_utf8(upload); /* is remembered */
        return upload_take_literal(upload, &message->literal);
}

/* What can be said before the first octet has come. */
static int begin(Upload *upload, const char *name) {
        const ImapSession *session = upload->session;
        int r = append_begin(session->store, name, &upload->append);

        if (r < 0)
                return r;
        if (session->mailbox && session->read_only && text_equal(session->mailbox_name, name))
                return upload_refuse(upload, IMAP_NO, NULL, "Current box is selected READ-ONLY.");
        if (r == STORE_NO_SUCH_MAILBOX || r == STORE_INVALID_NAME)
                return upload_refuse(upload, IMAP_NO, "TRYCREATE",
                                     "Must create mailbox before append");
        if (r == STORE_DONE)
                return 0;
        *upload->reply = imap_reply_from_outcome(r, NULL);
        return UPLOAD_REFUSED;
}

/* Failing once is enough: append_commit() remembers, and tells. */
static int on_octets(void *userdata, const void *data, size_t size) {
        int r = append_write(userdata, data, size);

        return r > 0 ? -1 : r;
}

/* What stands behind a literal; the item that it stood in ends there. */
static int take_rest(Upload *upload) {
        const ImapArgs before = upload->args;
        ImapArgs *args = &upload->args;
        int r;

        buffer_clear(&upload->rest);
        r = imap_session_read_rest(upload->session, &upload->rest);
        if (r != 0)
                return r;
        imap_args_init(args, upload->rest.data, upload->rest.size, before.limits);
        args->verb = before.verb;
        args->utf8 = before.utf8;
        args->only_utf8 = before.only_utf8;
        return upload->in_utf8_item && !imap_args_close_list(args) ? upload_refuse_args(upload)
                                                                   : 0;
}

int upload_pass_literal(Upload *upload, const ImapLiteral *literal) {
        ImapSession *session = upload->session;
        ImapWriter writer = imap_session_writer(session);
        int r;

        if (!upload_size_fits(upload, literal->size))
                return UPLOAD_REFUSED;
        upload->message.size += literal->size;
        if (literal->waits)
                imap_write_continuation(&writer, "OK");
        client_stream_set_input_timeout(session->stream, QUIET_SEC * USEC_PER_SEC, USEC_INFINITY);
        session->has_message = false;
        r = client_stream_pass_octets(session->stream, literal->size, on_octets, upload->append);
        if (r > 0)
                return imap_session_gone(session, r);
        return take_rest(upload);
}

static int pass_message(Upload *upload) {
        UploadMessage *message = &upload->message;
        int r;

        if (message->catenates) {
                r = upload_parts(upload);
        } else {
                if (message->literal.binary)
                        append_expect_binary(upload->append);
                r = upload_pass_literal(upload, &message->literal);
        }
        if (r != 0)
                return r;
        (void) append_message_done(upload->append, message->flags.flags, message->flags.keywords,
                                   message->flags.n_keywords,
                                   message->date_sec); /* the commit tells */
        return 0;
}

/* What stands behind a message: another one, or what should not be there. */
static int take_next(Upload *upload, bool several, size_t n_taken) {
        const UploadMessage *message = &upload->message;

        if (!several)
                return upload_refuse(upload, IMAP_BAD, NULL,
                                     "One message and nothing behind it, please");
        if (message_limit_refuses(n_taken + 1, upload->reply))
                return UPLOAD_REFUSED;
        if (n_taken >= IMAP_APPEND_MESSAGES_MAX)
                return upload_refuse(upload, IMAP_NO, "LIMIT", "Too many messages in one command");
        if (!take_head(upload))
                return upload_refuse_args(upload);
        /* The client's way to break off (RFC 3502). */
        if (!message->catenates && message->literal.size == 0)
                return upload_refuse(upload, IMAP_NO, NULL, "Nothing was stored, as you wish");
        return 0;
}

static int pass_messages(Upload *upload, const char *name, bool several) {
        int r;

        if (!take_head(upload))
                return upload_refuse_args(upload);
        r = begin(upload, name);
        for (size_t n = 1; r == 0; n++) {
                r = pass_message(upload);
                if (r == 0 && imap_args_peek(&upload->args) == IMAP_TOKEN_END)
                        return 0;
                if (r == 0)
                        r = take_next(upload, several, n);
        }
        return r;
}

int upload_messages(ImapSession *session, ImapArgs *args, const char *name, bool several,
                    ImapReply *ret_reply, AppendResult *ret_result, bool *ret_stored) {
        _cleanup_(upload_done) Upload upload = { .session = session, .args = *args,
                                                 .reply = ret_reply };
        int r;

        *ret_stored = false;
        r = pass_messages(&upload, name, several);
        if (r != 0)
                return r == UPLOAD_REFUSED ? 0 : r;
        r = append_commit(upload.append, ret_result);
        if (r < 0)
                return r;
        *ret_stored = r == STORE_DONE;
        *ret_reply = imap_reply_from_outcome(r, "APPEND Ok.");
        return 0;
}

char *upload_code(const AppendResult *result) {
        _cleanup_buffer_ Buffer code = { 0 };

        buffer_printf(&code, "APPENDUID %u ", result->uidvalidity);
        number_set_append_text(&result->uids, &code);
        return buffer_take_text(&code);
}
