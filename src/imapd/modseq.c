/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mod-sequences and UIDs that are gone. */
#include "imapd/modseq.h"

#include "basic/buffer.h"
#include "imap-proto/modifiers.h"
#include "imapd/imap-session.h"
#include "imapd/updates.h"
#include "store/mailbox.h"

/* A VANISHED response names at most so many ranges; what is more comes in the next one. */
enum { VANISHED_RANGES_MAX = 1000 };

void imap_session_use_modseqs(ImapSession *session) {
        if (session->condstore)
                return;
        session->condstore = true;
        if (session->mailbox)
                imap_session_write_modseq(session);
}

void modseq_write(ImapWriter *writer, uint64_t modseq) {
        imap_write_raw(writer, "MODSEQ (");
        imap_write_number(writer, modseq);
        imap_write_raw(writer, ")");
}

static char *highest_code(uint64_t modseq) {
        _cleanup_buffer_ Buffer code = { 0 };

        buffer_append_text(&code, "HIGHESTMODSEQ ");
        buffer_append_number(&code, modseq);
        return buffer_take_text(&code);
}

void imap_session_write_modseq(ImapSession *session) {
        _cleanup_free_ char *code = highest_code(mailbox_told_modseq(session->mailbox));
        ImapWriter writer = imap_session_writer(session);

        imap_write_untagged(&writer, "OK", code, "Highest");
}

void imap_session_note_modseq(ImapSession *session, bool expunged) {
        const Mailbox *box = session->mailbox;

        if (session->qresync &&
            (expunged || mailbox_told_modseq(box) < mailbox_highest_modseq(box)))
                session->modseq_due = true;
}

void imap_session_tell_modseq(ImapSession *session, ImapReply *reply) {
        if (session->modseq_due && session->mailbox) {
                if (reply && reply->status == IMAP_OK && !reply->code && !reply->own_code)
                        reply->own_code = highest_code(mailbox_told_modseq(session->mailbox));
                else
                        imap_session_write_modseq(session);
        }
        session->modseq_due = false;
}

int imap_session_write_vanished(ImapSession *session, const NumberSet *uids, bool earlier) {
        for (size_t i = 0; i < uids->n_ranges; i += VANISHED_RANGES_MAX) {
                size_t n = MIN(uids->n_ranges - i, (size_t) VANISHED_RANGES_MAX);
                NumberSet some = { .ranges = uids->ranges + i, .n_ranges = n };
                ImapWriter writer = imap_session_writer(session);
                int r;

                imap_write_raw(&writer, earlier ? "* VANISHED (EARLIER) " : "* VANISHED ");
                number_set_append_text(&some, writer.out);
                imap_write_raw(&writer, "\r\n");
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        return 0;
}

/* UIDs below UIDNEXT that no position has. Who is gone, but not yet told of, has one. */
static void find_gaps(const Mailbox *box, NumberSet *ret_uids) {
        uint32_t next = 1;

        for (size_t i = 0; i < mailbox_n_messages(box); i++) {
                MessageRecord record;

                mailbox_message_at(box, i, &record);
                if (record.uid > next)
                        number_set_add(ret_uids, next, record.uid - 1);
                next = MAX(next, record.uid + 1);
        }
        if (mailbox_uidnext(box) > next)
                number_set_add(ret_uids, next, mailbox_uidnext(box) - 1);
}

/* Those of the UIDs that are told as expunged after a modseq. */
static void find_earlier(const Mailbox *box, const NumberSet *uids, uint64_t modseq,
                         NumberSet *ret_uids) {
        _cleanup_number_set_ NumberSet gaps = { 0 }, expunged = { 0 }, asked = { 0 };
        bool complete;

        mailbox_expunged_since(box, modseq, &expunged, &complete);
        if (complete && expunged.n_ranges == 0)
                return;
        find_gaps(box, &gaps);
        if (!complete) {
                number_set_intersect(&gaps, uids, ret_uids);
                return;
        }
        number_set_intersect(&expunged, uids, &asked);
        number_set_intersect(&asked, &gaps, ret_uids);
}

int imap_session_write_earlier(ImapSession *session, const NumberSet *uids, uint64_t modseq) {
        _cleanup_number_set_ NumberSet earlier = { 0 };

        find_earlier(session->mailbox, uids, modseq, &earlier);
        return imap_session_write_vanished(session, &earlier, true);
}

/* Of messages first..last with the UIDs from uid on the last one that is as the client says. */
static void match_run(const Mailbox *box, NumberRange numbers, uint32_t uid,
                      uint32_t *matching_uid) {
        uint64_t last = MIN((uint64_t) numbers.last, mailbox_n_messages(box));

        for (uint64_t number = numbers.first; number <= last; number++, uid++) {
                MessageRecord record;

                mailbox_message_at(box, number - 1, &record);
                if (record.uid == uid)
                        *matching_uid = uid;
        }
}

/* The greatest UID up to which the client knows of all expunges; 0 when there is none. */
static uint32_t find_matching_uid(const Mailbox *box, const SelectParameters *parameters) {
        const SequenceSet *numbers = &parameters->numbers, *uids = &parameters->number_uids;
        uint32_t matching_uid = 0, n_done = 0, n_uids_done = 0;
        size_t i = 0, j = 0;

        while (i < numbers->n_ranges && j < uids->n_ranges) {
                NumberRange run = { numbers->ranges[i].first + n_done, numbers->ranges[i].last };
                uint32_t uid = uids->ranges[j].first + n_uids_done;
                uint32_t n = MIN(run.last - run.first, uids->ranges[j].last - uid);

                match_run(box, (NumberRange){ run.first, run.first + n }, uid, &matching_uid);
                if (run.first + n == run.last)
                        i++, n_done = 0;
                else
                        n_done += n + 1;
                if (uid + n == uids->ranges[j].last)
                        j++, n_uids_done = 0;
                else
                        n_uids_done += n + 1;
        }
        return matching_uid;
}

static int write_changed(ImapSession *session, const NumberSet *known, uint64_t modseq) {
        const Mailbox *box = session->mailbox;

        if (modseq >= mailbox_highest_modseq(box))
                return 0;
        for (size_t i = 0; i < mailbox_n_messages(box); i++) {
                MessageRecord record;
                int r;

                mailbox_message_at(box, i, &record);
                if (record.modseq <= modseq || !number_set_has(known, record.uid))
                        continue;
                imap_session_write_message_flags(session, i);
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        return 0;
}

int imap_session_resync(ImapSession *session, const SelectParameters *parameters) {
        _cleanup_number_set_ NumberSet known = { 0 }, unmatched = { 0 }, wanted = { 0 };
        const Mailbox *box = session->mailbox;
        uint32_t matching_uid;
        int r;

        if (parameters->uidvalidity != mailbox_uidvalidity(box))
                return 0; /* the client sees that it knows nothing */
        if (parameters->has_known_uids)
                number_set_add_all(&known, parameters->known_uids.ranges,
                                   parameters->known_uids.n_ranges);
        else
                number_set_add(&known, 1, UINT32_MAX);
        matching_uid = find_matching_uid(box, parameters);
        if (matching_uid < UINT32_MAX)
                number_set_add(&unmatched, matching_uid + 1, UINT32_MAX);
        number_set_intersect(&known, &unmatched, &wanted);
        r = imap_session_write_earlier(session, &wanted, parameters->modseq);
        return r == 0 ? write_changed(session, &known, parameters->modseq) : r;
}
