/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of header fields (RFC 5322, sections 3.4 and 4.4) in the parts that IMAP shows. */
#pragma once

#include <stddef.h>

#include "mime/arena.h"

/*
 * A group is a row with its name as mailbox and no host, its members, and a row of NULLs
 * (RFC 9051, section 7.5.2). Every other row has mailbox and host, "" where the mail has none.
 */
typedef struct MimeAddress {
        const char *name;    /* display name or comment, not decoded; NULL when there is none */
        const char *route;   /* "@a.example,@b.example" of an obsolete route; NULL otherwise */
        const char *mailbox; /* local part, quotes removed */
        const char *host;
} MimeAddress;

typedef struct MimeAddressList {
        MimeAddress *addresses; /* in the arena */
        size_t n_addresses;
        size_t n_allocated;
} MimeAddressList;

/**
 * mime_addresses_parse() - read an address list and append its rows
 * @value:  of a field, folded or not
 * @limit:  the list does not grow beyond this; the rest of the value is ignored
 *
 * Total: what is no address becomes one as well as it can. Linear.
 */
void mime_addresses_parse(const char *value, size_t size, size_t limit, Arena *arena,
                          MimeAddressList *list);
