/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The envelope of a message (RFC 9051, section 7.5.2): texts unfolded but not decoded. */
#pragma once

#include "mime/address.h"

/*
 * A missing field is NULL or a list without addresses. Of a field that occurs twice the first
 * counts, addresses of all of them.
 */
typedef struct Envelope {
        const char *date, *subject, *in_reply_to, *message_id;
        MimeAddressList from, sender, reply_to, to, cc, bcc;
} Envelope;
