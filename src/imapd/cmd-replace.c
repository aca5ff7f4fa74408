/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * REPLACE and UID REPLACE: a new message in the place of an old one (RFC 8508). The new one is
 * there before the old one goes, so that none is lost whatever happens.
 */
#include "imapd/command-table.h"
#include "imapd/mailbox-argument.h"
#include "imapd/message-set.h"
#include "imapd/upload.h"
#include "store/mailbox.h"

static ImapReply no_such_message(void) {
        return (ImapReply){ IMAP_NO, .code = "EXPUNGEISSUED",
                            .text = "The message to replace does not exist any more" };
}

/* The message that is to go; false: *ret_reply says why not. */
static bool choose(ImapSession *session, const SequenceSet *set, NumberSet *ret_uids,
                   ImapReply *ret_reply) {
        _cleanup_number_set_ NumberSet numbers = { 0 };
        MessageRecord record;

        if (!message_set_choose(session, set, &numbers, ret_reply))
                return false;
        if (number_set_count(&numbers) != 1) { /* of UIDs there may be none */
                *ret_reply = numbers.n_ranges == 0 ? no_such_message()
                                                   : imap_reply_bad("One message can be replaced");
                return false;
        }
        mailbox_message_at(session->mailbox, numbers.ranges[0].first - 1, &record);
        if (record.gone) {
                *ret_reply = no_such_message();
                return false;
        }
        message_set_uids(session, &numbers, ret_uids);
        return true;
}

static int upload(ImapSession *session, ImapArgs *args, const char *name, ImapReply *ret_reply,
                  bool *ret_stored) {
        AppendResult result = { 0 };
        int r = upload_messages(session, args, name, false, ret_reply, &result, ret_stored);

        if (r == 0 && *ret_stored) {
                _cleanup_free_ char *code = upload_code(&result);
                ImapWriter writer = imap_session_writer(session);

                imap_write_untagged(&writer, "OK", code, "Replacement message ready");
                append_result_done(&result);
        }
        return r;
}

int cmd_replace(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_sequence_set_ SequenceSet set = { 0 };
        _cleanup_number_set_ NumberSet uids = { 0 };
        _cleanup_mailbox_argument_ MailboxArgument mailbox = { 0 };
        bool stored;
        int r;

        if (!imap_args_take_sequence_set(args, &set) ||
            !mailbox_argument_take(session, args, &mailbox))
                return imap_reply_bad_args(args, ret_reply);
        if (session->read_only) {
                *ret_reply = (ImapReply){ IMAP_NO, .code = "READ-ONLY",
                                          .text = "Current box is selected READ-ONLY." };
                return 0;
        }
        if (!choose(session, &set, &uids, ret_reply))
                return 0;
        r = upload(session, args, mailbox.name, ret_reply, &stored);
        if (r != 0 || !stored)
                return r;
        r = mailbox_remove(session->mailbox, &uids);
        if (r < 0)
                return r;
        *ret_reply = imap_reply_from_outcome(r, "REPLACE completed");
        return 0;
}
