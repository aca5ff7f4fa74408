/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SELECT and EXAMINE: open a mailbox (RFC 9051, sections 6.3.2 and 6.3.3), with the parameters
 * of RFC 7162. The answers come in Courier's order, with UNSEEN, UIDNEXT and HIGHESTMODSEQ,
 * which it did not send; for IMAP4rev2 without UNSEEN and RECENT, and with LIST.
 */
#include "basic/log.h"
#include "basic/text.h"
#include "imap-proto/modifiers.h"
#include "imapd/command-table.h"
#include "imapd/mailbox-announcement.h"
#include "imapd/mailbox-argument.h"
#include "imapd/modseq.h"
#include "imapd/updates.h"
#include "store/mailbox.h"

static void write_code_line(ImapSession *session, const char *code, uint64_t number,
                            const char *text) {
        ImapWriter writer = imap_session_writer(session);

        imap_write_raw(&writer, "* OK [");
        imap_write_raw(&writer, code);
        imap_write_raw(&writer, " ");
        imap_write_number(&writer, number);
        imap_write_raw(&writer, "] ");
        imap_write_raw(&writer, text);
        imap_write_raw(&writer, "\r\n");
}

static void write_first_unseen(ImapSession *session) {
        size_t position;

        if (!session->uidonly && !session->rev2 &&
            mailbox_first_unseen(session->mailbox, &position))
                write_code_line(session, "UNSEEN", position + 1, "First unseen.");
}

/* RFC 8474, section 4.2 */
static void write_mailbox_id(ImapSession *session) {
        ImapWriter writer = imap_session_writer(session);
        char object_id[MAILBOX_OBJECT_ID_SIZE];

        mailbox_object_id(session->mailbox, object_id);
        imap_write_raw(&writer, "* OK [MAILBOXID (");
        imap_write_raw(&writer, object_id);
        imap_write_raw(&writer, ")] Ok\r\n");
}

static void describe(ImapSession *session) {
        imap_session_write_flags(session);
        imap_session_write_counts(session);
        write_first_unseen(session);
        write_code_line(session, "UIDVALIDITY", mailbox_uidvalidity(session->mailbox), "Ok");
        write_code_line(session, "UIDNEXT", mailbox_uidnext(session->mailbox),
                        "Predicted next UID.");
        write_mailbox_id(session);
        imap_session_write_modseq(session);
}

/* All before this line is about the mailbox that was selected (RFC 7162, section 3.2.11). */
static void leave_selected(ImapSession *session) {
        ImapWriter writer = imap_session_writer(session);

        if (session->mailbox)
                imap_write_untagged(&writer, "OK", "CLOSED", "Previous mailbox is closed");
        imap_session_unselect(session);
}

static bool take_args(ImapSession *session, ImapArgs *args, MailboxArgument *ret_mailbox,
                      SelectParameters *ret_parameters) {
        if (!mailbox_argument_take(session, args, ret_mailbox) ||
            !select_parameters_take(args, ret_parameters) || !imap_args_at_end(args))
                return false;
        if (ret_parameters->qresync && !session->qresync)
                return imap_args_fail(args, "QRESYNC has to be switched on with ENABLE before");
        return true;
}

static int open_mailbox(ImapSession *session, ImapArgs *args, MailboxAccess access,
                        ImapReply *ret_reply) {
        _cleanup_select_parameters_ SelectParameters parameters = { 0 };
        _cleanup_mailbox_argument_ MailboxArgument mailbox = { 0 };
        int r;

        if (!take_args(session, args, &mailbox, &parameters))
                return imap_reply_bad_args(args, ret_reply);

        leave_selected(session); /* also when the new one cannot be opened */
        session->condstore |= parameters.condstore;
        r = mailbox_open(session->store, mailbox.name, access, &session->mailbox);
        if (r != STORE_DONE) {
                imap_session_show_status(session);
                if (r == STORE_INVALID_NAME) /* a name that nothing can have is nobody's name */
                        r = STORE_NO_SUCH_MAILBOX;
                if (r > 0)
                        *ret_reply = imap_reply_from_outcome(r, NULL);
                return r < 0 ? r : 0;
        }
        session->mailbox_name = text_dup(mailbox.name);
        log_set_field("IMAP_MAILBOX", session->mailbox_name);
        session->read_only = access == MAILBOX_READ_ONLY || mailbox_is_read_only(session->mailbox);
        imap_session_show_status(session);
        describe(session);
        r = mailbox_announce(session, mailbox.name, mailbox.told, mailbox.old_name);
        if (r < 0) {
                imap_session_unselect(session);
                return r;
        }
        if (parameters.qresync) {
                r = imap_session_resync(session, &parameters);
                if (r != 0)
                        return r;
        }
        *ret_reply = (ImapReply){ .code = session->read_only ? "READ-ONLY" : "READ-WRITE",
                                  .text = "Ok" };
        return 0;
}

int cmd_select(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        return open_mailbox(session, args, MAILBOX_READ_WRITE, ret_reply);
}

int cmd_examine(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        return open_mailbox(session, args, MAILBOX_READ_ONLY, ret_reply);
}
