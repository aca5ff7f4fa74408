/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EXPUNGE and UID EXPUNGE: remove messages with \Deleted (RFC 9051, sections 6.4.3 and 6.4.9).
 *
 * The untagged EXPUNGE responses come from the report of changes that follows every command.
 */
#include "imapd/command-table.h"
#include "imapd/expunge.h"
#include "imapd/message-limit.h"
#include "imapd/message-set.h"
#include "store/mailbox.h"

static int expunge(ImapSession *session, const NumberSet *uids, ImapReply *ret_reply) {
        int r;

        if (session->read_only) {
                *ret_reply = (ImapReply){ IMAP_NO, .code = "READ-ONLY",
                                          .text = "Cannot expunge read-only mailbox." };
                return 0;
        }
        r = imap_session_expunge(session, uids);
        if (r < 0)
                return r;
        *ret_reply = imap_reply_from_outcome(r, "EXPUNGE completed");
        return 0;
}

int cmd_expunge(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        if (!imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        return expunge(session, NULL, ret_reply);
}

static void choose_deleted(ImapSession *session, const NumberSet *uids, NumberSet *ret_deleted) {
        size_t position;

        for (uint32_t uid = 0; number_set_next(uids, uid + 1, &uid);) {
                MessageRecord record;

                if (!mailbox_find_uid(session->mailbox, uid, &position))
                        continue;
                mailbox_message_at(session->mailbox, position, &record);
                if (record.flags & FLAG_DELETED)
                        number_set_add(ret_deleted, uid, uid);
        }
}

int cmd_uid_expunge(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_number_set_ NumberSet numbers = { 0 }, uids = { 0 };
        _cleanup_sequence_set_ SequenceSet set = { 0 };

        if (!imap_args_take_sequence_set(args, &set) || !imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);
        if (!message_set_choose(session, &set, &numbers, ret_reply))
                return 0;
        message_set_uids(session, &numbers, &uids);
        if (imap_message_limit() != 0) {
                _cleanup_number_set_ NumberSet all = uids;

                uids = (NumberSet){ 0 };
                choose_deleted(session, &all, &uids);
                (void) message_limit_keep_uids(session, &uids); /* the answer says it */
        }
        return expunge(session, &uids, ret_reply);
}
