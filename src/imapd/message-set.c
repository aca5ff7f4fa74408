/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sequence numbers, UIDs and '*' (RFC 9051, section 9, sequence-set and seq-number). */
#include "imapd/message-set.h"

#include "store/mailbox.h"

static uint32_t uid_at(Mailbox *box, size_t position) {
        MessageRecord record;

        mailbox_message_at(box, position, &record);
        return record.uid;
}

/* Adds the messages whose UIDs lie in a range. */
static void add_uid_range(Mailbox *box, NumberRange range, NumberSet *numbers) {
        size_t first = mailbox_first_position(box, range.first);
        size_t end = range.last == UINT32_MAX ? mailbox_n_messages(box)
                                              : mailbox_first_position(box, range.last + 1);

        if (first < end)
                number_set_add(numbers, (uint32_t) first + 1, (uint32_t) end);
}

static void add_uids(Mailbox *box, const NumberSet *uids, NumberSet *numbers) {
        for (size_t i = 0; i < uids->n_ranges; i++)
                add_uid_range(box, uids->ranges[i], numbers);
}

void message_set_all_uids(ImapSession *session, const SequenceSet *set, NumberSet *ret_uids) {
        size_t n = mailbox_n_messages(session->mailbox);

        if (set->saved_result)
                number_set_add_all(ret_uids, session->saved_uids.ranges,
                                   session->saved_uids.n_ranges);
        (void) sequence_set_resolve(set, n > 0 ? uid_at(session->mailbox, n - 1) : 0,
                                    ret_uids); /* any UID is allowed */
}

static void resolve_uids(ImapSession *session, const SequenceSet *set, NumberSet *numbers) {
        _cleanup_number_set_ NumberSet uids = { 0 };

        message_set_all_uids(session, set, &uids);
        add_uids(session->mailbox, &uids, numbers);
}

bool message_set_resolve(ImapSession *session, const SequenceSet *set, bool by_uid,
                         NumberSet *ret_numbers) {
        _cleanup_number_set_ NumberSet all = { 0 };
        uint32_t n = (uint32_t) mailbox_n_messages(session->mailbox);
        bool all_exist;

        if (by_uid || set->saved_result) { /* some may be gone */
                resolve_uids(session, set, ret_numbers);
                return true;
        }
        all_exist = sequence_set_resolve(set, n, &all);
        for (size_t i = 0; i < all.n_ranges && all.ranges[i].first <= n; i++)
                number_set_add(ret_numbers, all.ranges[i].first, MIN(all.ranges[i].last, n));
        return all_exist && n > 0;
}

void message_set_uids(ImapSession *session, const NumberSet *numbers, NumberSet *ret_uids) {
        for (uint32_t number = 0; number_set_next(numbers, number + 1, &number);) {
                uint32_t uid = uid_at(session->mailbox, number - 1);

                number_set_add(ret_uids, uid, uid);
        }
}

bool message_set_choose(ImapSession *session, const SequenceSet *set, NumberSet *ret_numbers,
                        ImapReply *ret_reply) {
        if (message_set_resolve(session, set, session->uid_command, ret_numbers))
                return true;
        *ret_reply = imap_reply_bad("There is no message with that sequence number");
        return false;
}
