/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends the octets of a section as a literal, in bounded memory. */
#pragma once

#include <stdint.h>

#include "imapd/imap-session.h"
#include "imapd/section-source.h"
#include "mime/wire.h"
#include "store/message.h"

/* How far into a section a partial FETCH came. */
typedef struct SectionCursor {
        uint32_t uid;
        uint64_t first, end; /* of the section in the file: with the UID, which one it is */
        uint64_t raw, wire;  /* the same place in the file and on the wire */
        WireConverter converter;
} SectionCursor;

/**
 * section_write() - "{n}\r\n" and exactly n octets of a section
 * @item:     its partial, if it has one, chooses the octets
 * @counter:  the octets are added to it
 * @cursor:   where the last call stopped; updated; NULL when there will be no next one
 *
 * Line ends become CRLF and NUL, which no literal may have, becomes 0x80. When the file turns
 * out shorter than announced, the rest is filled with blanks and the journal says so.
 *
 * Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int section_write(ImapSession *session, Message *message,
                                const SectionSource *source, const FetchItem *item,
                                uint64_t *counter, SectionCursor *cursor);

/**
 * section_fill() - send blanks for octets that were announced and are not there
 *
 * The announced number of octets is sent whatever happened to the file; the journal is told.
 * Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int section_fill(ImapSession *session, uint64_t left);
