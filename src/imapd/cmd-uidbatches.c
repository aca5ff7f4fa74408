/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UIDBATCHES: ranges of UIDs with equally many messages in each, the newest first (RFC 10022).
 * Neighbours have no gap between them, and the last range begins with UID 1.
 */
#include "basic/text.h"
#include "imap-proto/partial-range.h"
#include "imapd/command-table.h"
#include "store/mailbox.h"

typedef struct BatchesRequest {
        uint32_t size;      /* messages of a batch */
        PartialRange range; /* of the batches wanted, which are counted from 1 */
} BatchesRequest;

static bool take_request(ImapArgs *args, BatchesRequest *request) {
        request->range = (PartialRange){ .first = 1, .last = UINT32_MAX };
        if (!imap_args_take_number(args, &request->size))
                return false;
        if (imap_args_peek(args) != IMAP_TOKEN_END && !partial_range_take(args, &request->range))
                return false;
        return imap_args_at_end(args);
}

/* False with an answer when well-formed numbers make no sense (sections 3.1.3 and 3.1.5). */
static bool is_acceptable(const BatchesRequest *request, ImapReply *ret_reply) {
        if (request->range.from_end || request->range.first > request->range.last) {
                *ret_reply = (ImapReply){ IMAP_BAD, .code = "CLIENTBUG",
                                          .text = "Batches count up from 1, as in 1:20" };
                return false;
        }
        if (request->size < IMAP_UID_BATCH_MIN) {
                *ret_reply = (ImapReply){ IMAP_NO, .code = "TOOFEW" };
                ret_reply->own_text = text_printf("Minimum batch size is %d",
                                                  IMAP_UID_BATCH_MIN);
                return false;
        }
        return true;
}

static uint32_t uid_at(const Mailbox *box, size_t position) {
        MessageRecord record;

        mailbox_message_at(box, position, &record);
        return record.uid;
}

/* The batch behind so many newer ones, which hold messages. */
static NumberRange batch_of(const Mailbox *box, size_t n_newer, uint32_t size) {
        size_t end = mailbox_n_messages(box) - n_newer; /* of the positions, exclusive */
        NumberRange batch = { .first = 1 };

        if (end > size)
                batch.first = uid_at(box, end - size - 1) + 1;
        batch.last = uid_at(box, end - 1);
        return batch;
}

static int write_batches(ImapSession *session, const BatchesRequest *request) {
        ImapWriter writer = imap_session_writer(session);
        uint64_t n_messages = mailbox_n_messages(session->mailbox);
        uint64_t n_newer = (uint64_t) (request->range.first - 1) * request->size;
        const char *blank = " ";
        int r = 0;

        imap_write_raw(&writer, "* UIDBATCHES (TAG ");
        imap_write_text_string(&writer, session->tag);
        imap_write_raw(&writer, ")");
        for (uint64_t i = request->range.first; i <= request->range.last && n_newer < n_messages;
             i++, n_newer += request->size) {
                NumberRange batch = batch_of(session->mailbox, n_newer, request->size);

                imap_write_raw(&writer, blank);
                imap_write_number(&writer, batch.last);
                imap_write_raw(&writer, ":");
                imap_write_number(&writer, batch.first);
                blank = ",";
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        imap_write_raw(&writer, "\r\n");
        return 0;
}

int cmd_uidbatches(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        BatchesRequest request;
        uint64_t limit = imap_message_limit();
        int r;

        if (!take_request(args, &request))
                return imap_reply_bad_args(args, ret_reply);
        if (!is_acceptable(&request, ret_reply))
                return 0;
        if (limit != 0) /* of one command, which a batch is for (section 3.4) */
                request.size = MIN(request.size, (uint32_t) limit);
        r = write_batches(session, &request);
        if (r == 0)
                *ret_reply = (ImapReply){ .text = "UIDBATCHES completed" };
        return r;
}
