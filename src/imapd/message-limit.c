/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The newest messages, and how far a command came. */
#include "imapd/message-limit.h"

#include "basic/buffer.h"
#include "imap-proto/imap-limits.h"
#include "store/mailbox.h"

/* "MESSAGELIMIT 1000 23221"; without a UID when it is 0. */
static char *limit_code(uint32_t uid) {
        _cleanup_buffer_ Buffer code = { 0 };

        buffer_printf(&code, "MESSAGELIMIT %llu", (unsigned long long) imap_message_limit());
        if (uid != 0)
                buffer_printf(&code, " %u", uid);
        return buffer_take_text(&code);
}

bool message_limit_keep_uids(ImapSession *session, NumberSet *uids) {
        uint64_t limit = imap_message_limit();

        if (limit == 0 || number_set_count(uids) <= limit)
                return false;
        number_set_keep_last(uids, limit);
        session->limit_uid = uids->ranges[0].first;
        return true;
}

bool message_limit_keep(ImapSession *session, NumberSet *numbers) {
        MessageRecord record;

        if (!message_limit_keep_uids(session, numbers))
                return false;
        mailbox_message_at(session->mailbox, numbers->ranges[0].first - 1, &record);
        session->limit_uid = record.uid;
        return true;
}

static bool refuse(ImapReply *ret_reply) {
        *ret_reply = (ImapReply){ IMAP_NO, .own_code = limit_code(0),
                                  .text = "Too many messages for one command" };
        return true;
}

bool message_limit_refuses(uint64_t n_messages, ImapReply *ret_reply) {
        uint64_t limit = imap_message_limit();

        return limit != 0 && n_messages > limit && refuse(ret_reply);
}

bool message_limit_was_met(ImapSession *session, ImapReply *ret_reply) {
        if (session->limit_uid == 0)
                return false;
        session->limit_uid = 0;
        return refuse(ret_reply);
}

void imap_session_tell_limit(ImapSession *session, ImapReply *reply) {
        ImapWriter writer = imap_session_writer(session);
        _cleanup_free_ char *code = NULL;

        if (session->limit_uid == 0)
                return;
        code = limit_code(session->limit_uid);
        session->limit_uid = 0;
        if (reply->status == IMAP_OK && !reply->code && !reply->own_code)
                reply->own_code = TAKE_PTR(code);
        else
                imap_write_untagged(&writer, "NO", code, "Only the newest messages were taken");
}
