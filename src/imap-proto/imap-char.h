/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which octets may stand where (RFC 9051, section 9, from ATOM-CHAR on). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/memory.h"

typedef enum ImapCharSet {
        IMAP_CHARS_ATOM,     /* atom */
        IMAP_CHARS_ASTRING,  /* atom and ']' */
        IMAP_CHARS_LIST,     /* astring, '%' and '*' */
        IMAP_CHARS_TAG,      /* astring without '+' */
        IMAP_CHARS_SEQUENCE, /* digits and ":,*$" */
} ImapCharSet;

/** imap_char_is() - the octet belongs to the set */
_const_ bool imap_char_is(ImapCharSet set, char c);

/** imap_char_span() - how many octets at the start belong to the set */
_pure_ size_t imap_char_span(ImapCharSet set, const char *text, size_t size);
