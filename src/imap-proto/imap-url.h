/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An IMAP URL that means a message, or a part of one, of this server and this user (RFC 5092;
 * for CATENATE, RFC 4469, section 3).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "imap-proto/fetch-items.h"

typedef struct ImapUrl {
        char *mailbox;        /* owned; in the program's form; NULL: the one that is selected */
        uint32_t uidvalidity; /* 0 when the URL does not say */
        uint32_t uid;
        FetchProgram program; /* owned; one item, BODY[section]<partial>, which is a peek */
} ImapUrl;

#define _cleanup_imap_url_ _cleanup_(imap_url_done)

void imap_url_done(ImapUrl *url);

/**
 * imap_url_parse() - "/Drafts;UIDVALIDITY=385759045/;UID=20/;SECTION=1.2/;PARTIAL=0.1024"
 * @text:  at most IMAP_URL_MAX octets, or it is none
 *
 * Relative ones only: with a scheme, or a server ("//"), it is none; with an expiry or an
 * authorisation (RFC 4467) neither. Mailboxes are UTF-8 in percent encoding. Without a mailbox,
 * ";UID=20" is in the one that is selected.
 */
[[nodiscard]] bool imap_url_parse(const char *text, ImapUrl *ret_url);

/** imap_url_append_code() - as BADURL repeats it: what cannot stand there in percent encoding */
void imap_url_append_code(const char *text, Buffer *target);
