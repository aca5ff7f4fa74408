/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CATENATE: a message made of texts that the client sends and of messages, or parts of them,
 * that are here already (RFC 4469). Parts go to the new message's file one after the other.
 */
#include "basic/clock.h"
#include "basic/text.h"
#include "imap-proto/imap-url.h"
#include "imapd/mailbox-argument.h"
#include "imapd/section-copy.h"
#include "imapd/upload-private.h"
#include "store/mailbox.h"
#include "stream/client-stream.h"

static int refuse_url(Upload *upload, const char *text) {
        _cleanup_buffer_ Buffer code = { 0 };

        buffer_append_text(&code, "BADURL ");
        imap_url_append_code(text, &code);
        *upload->reply = (ImapReply){ IMAP_NO, .own_code = buffer_take_text(&code),
                                      .text = "This URL means no message that can be read" };
        return UPLOAD_REFUSED;
}

/* Return: a STORE_ outcome, or negative errno. */
static int find_mailbox(Upload *upload, const char *name, Mailbox **ret_box) {
        ImapSession *session = upload->session;
        int r;

        if (session->mailbox && (!name || text_equal(name, session->mailbox_name))) {
                *ret_box = session->mailbox;
                return STORE_DONE;
        }
        if (!name)
                return STORE_NO_SUCH_MAILBOX;
        if (!text_equal(name, upload->source_name)) {
                upload->source = mailbox_close(upload->source);
                text_set(&upload->source_name, NULL);
                r = mailbox_open(session->store, name, MAILBOX_READ_ONLY, &upload->source);
                if (r != STORE_DONE)
                        return r;
                text_set(&upload->source_name, name);
        }
        *ret_box = upload->source;
        return STORE_DONE;
}

static int find_message(Upload *upload, const ImapUrl *url, Message **ret_message) {
        Mailbox *box;
        int r = find_mailbox(upload, url->mailbox, &box);

        if (r != STORE_DONE)
                return r;
        if (url->uidvalidity != 0 && url->uidvalidity != mailbox_uidvalidity(box))
                return STORE_EXPUNGED;
        return message_open(box, url->uid, ret_message);
}

/* What the store thinks of it comes with the commit; but a file of any size is not read for it. */
static int on_octets(void *userdata, const char *data, size_t size) {
        Upload *upload = userdata;
        ImapSession *session = upload->session;
        int r;

        if (!upload_size_fits(upload, size))
                return UPLOAD_REFUSED;
        r = imap_session_gone(session,
                              client_stream_look(session->stream, clock_monotonic_usec()));
        if (r != 0)
                return r;
        upload->message.size += size;
        r = append_write(upload->append, data, size);
        if (r <= 0)
                return r;
        *upload->reply = imap_reply_from_outcome(r, NULL);
        return UPLOAD_REFUSED;
}

static int pass_url(Upload *upload, const char *text) {
        _cleanup_(message_closep) Message *message = NULL;
        _cleanup_imap_url_ ImapUrl url = { 0 };
        bool exists;
        int r;

        if (!imap_url_parse(text, &url))
                return refuse_url(upload, text);
        if (url.mailbox)
                mailbox_argument_normalize(upload->session, &url.mailbox);
        r = find_message(upload, &url, &message);
        if (r != STORE_DONE)
                return r < 0 ? r : refuse_url(upload, text);
        r = section_copy(message, url.program.items, on_octets, upload, &exists);
        return r == 0 && !exists ? refuse_url(upload, text) : r;
}

static int take_part(Upload *upload) {
        _cleanup_free_ char *url = NULL;
        ImapLiteral literal;

        if (upload->message.n_parts++ >= IMAP_CATENATE_PARTS_MAX)
                return upload_refuse(upload, IMAP_NO, "LIMIT", "Too many parts in one message");
        if (upload_accept_utf8(upload) || imap_args_accept_word(&upload->args, "TEXT")) {
                if (!upload_take_literal(upload, &literal))
                        return upload_refuse_args(upload);
                return upload_pass_literal(upload, &literal);
        }
        if (!imap_args_accept_word(&upload->args, "URL")) {
                (void) imap_args_wants(&upload->args, "TEXT or URL"); /* that is the error */
                return upload_refuse_args(upload);
        }
        if (!imap_args_take_astring(&upload->args, &url))
                return upload_refuse_args(upload);
        return pass_url(upload, url);
}

int upload_parts(Upload *upload) {
        int r;

        append_expect_binary(upload->append); /* a text may be a literal8, wherever it stands */
        do {
                r = take_part(upload);
                if (r != 0)
                        return r;
        } while (!imap_args_list_ends(&upload->args));
        return imap_args_close_list(&upload->args) ? 0 : upload_refuse_args(upload);
}
