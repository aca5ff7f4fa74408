/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the structure of a message while its octets stream through (RFC 2045, 2046, 5322).
 *
 * Linear in the size of the message; memory is bounded by the limits. Every input is a message:
 * what is beyond a limit is body of the deepest part that is open, never an error.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"
#include "mime/part.h"

enum {
        MIME_PARTS_MAX = 1000,
        MIME_DEPTH_MAX = 50,              /* multiparts and embedded messages around a part */
        MIME_HEADER_OCTETS_MAX = 1 << 20, /* kept of all headers of the message together */
        MIME_BOUNDARY_MAX = 998,          /* a longer boundary is none */
        MIME_PARAMS_MAX = 100,            /* of one field */
        MIME_LANGUAGES_MAX = 100,
        MIME_ADDRESSES_MAX = 20000,       /* of one field */
};

typedef struct MimeLimits {
        size_t parts, depth, header_octets;
} MimeLimits;

typedef struct MimeParser MimeParser;

/** mime_parser_new() - @limits: NULL for those above; larger ones than above are cut down */
MimeParser *mime_parser_new(const MimeLimits *limits);
MimeParser *mime_parser_free(MimeParser *parser);
DEFINE_CLEANUP(MimeParser *, mime_parser_free);

/** mime_parser_feed() - the next octets of the file, in pieces of any size */
void mime_parser_feed(MimeParser *parser, const char *data, size_t size);

/**
 * mime_parser_finish() - the message is over
 *
 * Return: the message, owned by the caller, mime_part_free(); never NULL. The parser can only
 * be freed then.
 */
[[nodiscard]] MimePart *mime_parser_finish(MimeParser *parser);

/** mime_parse() - the same for a message in memory */
[[nodiscard]] MimePart *mime_parse(const char *data, size_t size, const MimeLimits *limits);
