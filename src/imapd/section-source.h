/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which octets of a message BODY[section] means (RFC 9051, section 6.4.5.1). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap-proto/fetch-items.h"
#include "mime/part.h"

typedef struct SectionSource {
        uint32_t uid;        /* of the message */
        bool exists;         /* false: an empty string is sent */
        uint64_t first, end; /* raw offsets in the message file; end is exclusive */

        bool is_header;      /* fields are chosen, and reading ends at the blank line */
        const char *const *fields; /* borrowed from the item */
        size_t n_fields;
        bool fields_inverted;

        bool size_known;
        uint64_t size_wire;  /* when known: with CRLF at the ends of lines */
} SectionSource;

/**
 * section_needs_structure() - where the section is depends on the structure of the message
 *
 * BODY[] and the sections of the message's own header are found without.
 */
_pure_ bool section_needs_structure(const FetchItem *item);

/** section_is_header() - HEADER…, MIME and RFC822.HEADER, for the LOGOUT line's two counters */
_pure_ bool section_is_header(const FetchItem *item);

/**
 * section_find() - where a section is
 * @root:       of the structure; NULL when section_needs_structure() is false
 * @raw_size:   of the message file
 * @wire_size:  RFC822.SIZE
 */
SectionSource section_find(const FetchItem *item, const MimePart *root, uint64_t raw_size,
                           uint64_t wire_size);
