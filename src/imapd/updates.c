/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EXPUNGE, EXISTS, RECENT, FLAGS and FETCH that nobody asked for, in Courier's order. */
#include "imapd/updates.h"

#include "basic/log.h"
#include "imapd/fetch-memory.h"
#include "imapd/imap-session.h"
#include "imapd/message-flags.h"
#include "imapd/modseq.h"
#include "store/mailbox.h"

static void write_number_line(ImapSession *session, size_t number, const char *word) {
        ImapWriter writer = imap_session_writer(session);

        imap_write_raw(&writer, "* ");
        imap_write_number(&writer, number);
        imap_write_raw(&writer, " ");
        imap_write_raw(&writer, word);
        imap_write_raw(&writer, "\r\n");
}

void imap_session_write_counts(ImapSession *session) {
        write_number_line(session, mailbox_n_messages(session->mailbox), "EXISTS");
        if (!session->rev2)
                write_number_line(session, mailbox_n_recent(session->mailbox), "RECENT");
}

#define SYSTEM_FLAGS "\\Draft \\Answered \\Flagged \\Deleted \\Seen"

/* "(work \* \Draft \Answered \Flagged \Deleted \Seen)": keywords come first, as Courier has it. */
static void write_flag_names(ImapSession *session, const char *system_flags) {
        ImapWriter writer = imap_session_writer(session);

        imap_write_raw(&writer, "(");
        for (size_t i = 0; i < mailbox_n_keywords(session->mailbox); i++) {
                imap_write_atom(&writer, mailbox_keyword(session->mailbox, i));
                imap_write_raw(&writer, " ");
        }
        imap_write_raw(&writer, system_flags);
        imap_write_raw(&writer, ")");
}

void imap_session_write_flags(ImapSession *session) {
        ImapWriter writer = imap_session_writer(session);

        session->n_keywords_told = mailbox_n_keywords(session->mailbox);
        imap_write_raw(&writer, "* FLAGS ");
        write_flag_names(session, session->rev2 ? SYSTEM_FLAGS : SYSTEM_FLAGS " \\Recent");
        if (session->read_only) {
                imap_write_raw(&writer, "\r\n* OK [PERMANENTFLAGS ()] "
                                        "No permanent flags permitted\r\n");
                return;
        }
        imap_write_raw(&writer, "\r\n* OK [PERMANENTFLAGS ");
        write_flag_names(session, "\\* " SYSTEM_FLAGS);
        imap_write_raw(&writer, "] Limited\r\n");
}

void imap_session_open_fetch(ImapSession *session, size_t position, uint32_t uid) {
        ImapWriter writer = imap_session_writer(session);

        imap_write_raw(&writer, "* ");
        imap_write_number(&writer, session->uidonly ? uid : position + 1);
        imap_write_raw(&writer, session->uidonly ? " UIDFETCH (" : " FETCH (");
}

/* Of UIDONLY it stands before the parenthesis; IMAP4rev2 wants it in every update. */
static bool tells_uid(const ImapSession *session) {
        return !session->uidonly &&
               (session->uid_command || session->condstore || session->rev2);
}

/* "* 7 FETCH (UID 8 FLAGS (…) MODSEQ (…))"; no UID and no modseq for who did not ask. */
static void write_message(ImapSession *session, size_t position, bool with_flags) {
        ImapWriter writer = imap_session_writer(session);
        MessageRecord record;

        mailbox_message_at(session->mailbox, position, &record);
        imap_session_open_fetch(session, position, record.uid);
        if (tells_uid(session)) {
                imap_write_raw(&writer, "UID ");
                imap_write_number(&writer, record.uid);
                imap_write_raw(&writer, " ");
        }
        if (with_flags)
                message_flags_write(session, &writer, &record);
        if (session->condstore) {
                imap_write_raw(&writer, with_flags ? " " : "");
                modseq_write(&writer, record.modseq);
        }
        imap_write_raw(&writer, ")\r\n");
}

void imap_session_write_message_flags(ImapSession *session, size_t position) {
        write_message(session, position, true);
}

void imap_session_write_message_modseq(ImapSession *session, size_t position) {
        write_message(session, position, false);
}

static int write_vanished(ImapSession *session, const MailboxChanges *changes) {
        _cleanup_number_set_ NumberSet uids = { 0 };

        for (size_t i = 0; i < changes->n_expunged; i++)
                number_set_add(&uids, changes->expunged[i].uid, changes->expunged[i].uid);
        return imap_session_write_vanished(session, &uids, false);
}

bool imap_session_uses_vanished(const ImapSession *session) {
        return session->qresync || session->uidonly;
}

/* Each number counts in a list that the lines before it have made shorter. */
static int write_expunges(ImapSession *session, const MailboxChanges *changes) {
        if (imap_session_uses_vanished(session))
                return write_vanished(session, changes);
        for (size_t i = 0; i < changes->n_expunged; i++) {
                int r;

                write_number_line(session, changes->expunged[i].position + 1 - i, "EXPUNGE");
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        return 0;
}

/* The mailbox was deleted by another session; its messages have no numbers any more. */
static int mailbox_lost(ImapSession *session) {
        ImapWriter writer = imap_session_writer(session);

        imap_write_untagged(&writer, "BYE", NULL, "The selected mailbox was deleted");
        session->end = SESSION_END_DISCONNECTED;
        return SESSION_GONE;
}

int imap_session_report(ImapSession *session, bool with_expunges) {
        _cleanup_mailbox_changes_ MailboxChanges changes = { 0 };
        int r;

        if (!session->mailbox)
                return 0;
        r = mailbox_refresh(session->mailbox, with_expunges, &changes);
        if (r < 0)
                return 0; /* reported; what the client knows stays true until the next look */
        if (r == STORE_MAILBOX_LOST)
                return mailbox_lost(session);

        r = write_expunges(session, &changes);
        if (r != 0)
                return r;
        if (mailbox_n_keywords(session->mailbox) != session->n_keywords_told)
                imap_session_write_flags(session);
        if (changes.n_added > 0 || (changes.n_expunged > 0 && !imap_session_uses_vanished(session)))
                imap_session_write_counts(session); /* VANISHED says what EXISTS would */
        for (size_t i = 0; i < changes.n_changed; i++) {
                imap_session_write_message_flags(session, changes.changed[i]);
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        imap_session_note_modseq(session, changes.n_expunged > 0);
        return 0;
}

void imap_session_unselect(ImapSession *session) {
        session->mailbox = mailbox_close(session->mailbox);
        free(session->mailbox_name);
        session->mailbox_name = NULL;
        session->fetch_memory = fetch_memory_free(session->fetch_memory);
        number_set_done(&session->saved_uids);
        session->read_only = false;
        number_set_done(&session->copied_uids);
        log_set_field("IMAP_MAILBOX", NULL);
}
