/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * COPY, UID COPY, MOVE and UID MOVE (RFC 9051, sections 6.4.7 and 6.4.8), with COPYUID.
 */
#include "basic/text.h"
#include "imapd/command-table.h"
#include "imapd/mailbox-argument.h"
#include "imapd/message-limit.h"
#include "imapd/message-set.h"
#include "store/mailbox.h"

/* "COPYUID 38505 304,319:320 3956:3958"; NULL when nothing was copied. */
static char *copyuid_code(const CopyResult *result) {
        _cleanup_buffer_ Buffer code = { 0 };

        if (result->source_uids.n_ranges == 0)
                return NULL;
        buffer_printf(&code, "COPYUID %u ", result->uidvalidity);
        number_set_append_text(&result->source_uids, &code);
        buffer_append_char(&code, ' ');
        number_set_append_text(&result->target_uids, &code);
        return buffer_take_text(&code);
}

static bool take_args(ImapSession *session, ImapArgs *args, NumberSet *ret_uids,
                      MailboxArgument *ret_target, ImapReply *ret_reply) {
        _cleanup_sequence_set_ SequenceSet set = { 0 };
        _cleanup_number_set_ NumberSet numbers = { 0 };

        if (!imap_args_take_sequence_set(args, &set) ||
            !mailbox_argument_take(session, args, ret_target) || !imap_args_at_end(args)) {
                (void) imap_reply_bad_args(args, ret_reply); /* always 0 */
                return false;
        }
        if (!message_set_choose(session, &set, &numbers, ret_reply))
                return false;
        message_set_uids(session, &numbers, ret_uids);
        return true;
}

static ImapReply no_such_target(void) {
        return (ImapReply){ IMAP_NO, .code = "TRYCREATE", .text = "Mailbox does not exist." };
}

int cmd_copy(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_(copy_result_done) CopyResult result = { 0 };
        _cleanup_number_set_ NumberSet uids = { 0 };
        _cleanup_mailbox_argument_ MailboxArgument target = { 0 };
        int r;

        if (!take_args(session, args, &uids, &target, ret_reply))
                return 0;
        if (message_limit_refuses(number_set_count(&uids), ret_reply))
                return 0;
        r = mailbox_copy(session->mailbox, &uids, target.name, &result);
        if (r < 0)
                return r;
        if (r == STORE_NO_SUCH_MAILBOX) {
                *ret_reply = no_such_target();
                return 0;
        }
        *ret_reply = imap_reply_from_outcome(r, "COPY completed.");
        if (r == STORE_DONE) {
                ret_reply->own_code = copyuid_code(&result);
                number_set_add_all(&session->copied_uids, result.source_uids.ranges,
                                   result.source_uids.n_ranges);
        }
        return 0;
}

/* The code comes untagged, before the EXPUNGE responses (RFC 9051, section 6.4.8). */
static void report_moved(ImapSession *session, const CopyResult *result) {
        _cleanup_free_ char *code = copyuid_code(result);
        ImapWriter writer = imap_session_writer(session);

        if (code)
                imap_write_untagged(&writer, "OK", code, "Moved");
}

int cmd_move(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_(copy_result_done) CopyResult result = { 0 };
        _cleanup_number_set_ NumberSet uids = { 0 };
        _cleanup_mailbox_argument_ MailboxArgument target = { 0 };
        int r;

        if (!take_args(session, args, &uids, &target, ret_reply))
                return 0;
        if (session->read_only) {
                *ret_reply = (ImapReply){ IMAP_NO, .code = "READ-ONLY",
                                          .text = "Cannot move from a read-only mailbox." };
                return 0;
        }
        (void) message_limit_keep_uids(session, &uids); /* the answer says it */
        r = mailbox_move(session->mailbox, &uids, target.name, &result);
        if (r < 0)
                return r;
        if (r == STORE_NO_SUCH_MAILBOX) {
                *ret_reply = no_such_target();
                return 0;
        }
        report_moved(session, &result);
        *ret_reply = imap_reply_from_outcome(r, "MOVE completed.");
        return 0;
}
