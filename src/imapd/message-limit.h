/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * So many messages may one command be about: IMAP_MESSAGELIMIT (RFC 9738), off by default.
 *
 * What can be done in pieces is done to the newest messages, and the answer says how far it
 * came ("OK [MESSAGELIMIT 1000 23221]"); what is done whole or not at all is refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imapd/imap-session.h"

/**
 * message_limit_keep() - leave only as many of the newest messages as the limit allows
 * @numbers:  of messages in the selected mailbox
 *
 * Return: true when some were left out; imap_session_tell_limit() will say so.
 */
bool message_limit_keep(ImapSession *session, NumberSet *numbers);

/** message_limit_keep_uids() - the same for UIDs */
bool message_limit_keep_uids(ImapSession *session, NumberSet *uids);

/**
 * message_limit_refuses() - too many messages for what is done whole or not at all
 * @n_messages:  that the command is about
 *
 * Return: true with "NO [MESSAGELIMIT n]" in *ret_reply.
 */
bool message_limit_refuses(uint64_t n_messages, ImapReply *ret_reply);

/** message_limit_was_met() - the same refusal, after something that left messages out */
bool message_limit_was_met(ImapSession *session, ImapReply *ret_reply);

/** imap_session_tell_limit() - with the tagged answer, if the command was cut short */
void imap_session_tell_limit(ImapSession *session, ImapReply *reply);
