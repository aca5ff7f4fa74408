/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The messages a client names, by sequence number or by UID, as positions in the selected
 * mailbox. Inside a handler a sequence number is a position plus one.
 */
#pragma once

#include <stdbool.h>

#include "basic/number-set.h"
#include "imap-proto/sequence-set.h"
#include "imapd/imap-session.h"

/**
 * message_set_resolve() - the messages of the selected mailbox that a set names
 * @by_uid:       the set holds UIDs; those that do not exist are left out
 * @ret_numbers:  zeroed, or a set to add to; sequence numbers of existing messages
 *
 * "$" is what the last SEARCH saved (RFC 5182), without messages that are gone since.
 * Logarithmic for each range. Return: false when a sequence number lies above the number of
 * messages, which RFC 9051, section 9 (seq-number), answers with BAD.
 */
[[nodiscard]] bool message_set_resolve(ImapSession *session, const SequenceSet *set, bool by_uid,
                                       NumberSet *ret_numbers);

/** message_set_all_uids() - a set as UIDs, of messages that are there or not */
void message_set_all_uids(ImapSession *session, const SequenceSet *set, NumberSet *ret_uids);

/** message_set_uids() - the UIDs of sequence numbers; linear in them */
void message_set_uids(ImapSession *session, const NumberSet *numbers, NumberSet *ret_uids);

/**
 * message_set_choose() - resolve the first argument of a command that has taken all of them
 *
 * Return: false with the answer in *ret_reply.
 */
[[nodiscard]] bool message_set_choose(ImapSession *session, const SequenceSet *set,
                                      NumberSet *ret_numbers, ImapReply *ret_reply);
