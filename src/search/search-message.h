/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks for a text in a message's headers and bodies (RFC 9051, section 6.4.4). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mime/part.h"
#include "search/search-text.h"

/** Reads raw octets of the message file; *ret_size is less than size only at its end */
typedef int (*SearchRead)(void *userdata, uint64_t offset, void *data, size_t size,
                          size_t *ret_size);

/* Octets of headers that are looked at; the rest matches nothing. */
enum { SEARCH_HEADER_OCTETS_MAX = 1 << 20 };

/**
 * search_header() - the text occurs in a field of a header
 * @field:  its name, or NULL for name or value of any field
 *
 * Values are unfolded and RFC 2047-decoded. An empty needle matches when the field is there.
 */
bool search_header(const char *header, size_t size, const char *field, const SearchText *needle);

typedef enum SearchScope {
        SEARCH_BODY, /* text/… and message/… parts, decoded, and headers of embedded messages */
        SEARCH_TEXT, /* those, the message's own header, and the headers of all parts */
} SearchScope;

/**
 * search_message() - the text occurs in a message
 *
 * In bounded memory, in one pass over the parts that have text. Return: 0 or the negative errno
 * of @read.
 */
[[nodiscard]] int search_message(SearchRead read, void *userdata, const MimePart *root,
                                 SearchScope scope, const SearchText *needle, bool *ret_matches);
