/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts go out as they stand in the header, unfolded and not decoded: encoded words are the
 * client's business. A missing field is NIL, an empty one "".
 */
#include "imapd/envelope-write.h"

static void write_address(ImapWriter *writer, const MimeAddress *address) {
        imap_write_raw(writer, "(");
        imap_write_nstring(writer, address->name);
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, address->route);
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, address->mailbox);
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, address->host);
        imap_write_raw(writer, ")");
}

static void write_addresses(ImapWriter *writer, const MimeAddressList *list) {
        if (list->n_addresses == 0) {
                imap_write_raw(writer, " NIL");
                return;
        }
        imap_write_raw(writer, " (");
        for (size_t i = 0; i < list->n_addresses; i++)
                write_address(writer, &list->addresses[i]);
        imap_write_raw(writer, ")");
}

static const MimeAddressList *list_or_from(const Envelope *envelope, const MimeAddressList *list) {
        return list->n_addresses > 0 ? list : &envelope->from;
}

void envelope_write(ImapWriter *writer, const Envelope *envelope) {
        imap_write_raw(writer, "(");
        imap_write_nstring(writer, envelope->date);
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, envelope->subject);
        write_addresses(writer, &envelope->from);
        write_addresses(writer, list_or_from(envelope, &envelope->sender));
        write_addresses(writer, list_or_from(envelope, &envelope->reply_to));
        write_addresses(writer, &envelope->to);
        write_addresses(writer, &envelope->cc);
        write_addresses(writer, &envelope->bcc);
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, envelope->in_reply_to);
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, envelope->message_id);
        imap_write_raw(writer, ")");
}
