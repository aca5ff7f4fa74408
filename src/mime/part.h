/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The structure of a message: a tree of parts, where they are in the file, sizes on the wire. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

typedef struct Envelope Envelope;
typedef struct MimePart MimePart;

typedef struct MimeParam {
        const char *name;  /* lower case; continuations are joined, "name*" is still encoded */
        const char *value; /* as in the mail, without quotes; decode with mime_params_decode() */
} MimeParam;

/*
 * Texts end with NUL and are never changed after parsing; they may have 8-bit octets, a NUL of
 * the mail reads as 0x80. All memory belongs to the root. Offsets are raw, in the message file.
 */
struct MimePart {
        const char *type, *subtype; /* lower case, never NULL: "text", "plain" */
        const char *encoding;       /* lower case, never NULL: "7bit" */
        const MimeParam *params;    /* text parts always have a charset */
        size_t n_params;
        const char *content_id, *description, *md5, *location; /* NULL when missing */
        const char *disposition;                               /* lower case, NULL when missing */
        const MimeParam *disposition_params;
        size_t n_disposition_params;
        const char *const *languages;
        size_t n_languages;

        /* The header is [header_offset, body_offset), with its blank line; the body
         * [body_offset, end_offset), without the line end before a boundary. */
        uint64_t header_offset, body_offset, end_offset;
        uint64_t header_size_wire, body_size_wire; /* each LF without CR counts as CRLF */
        uint64_t header_lines, body_lines;         /* line ends in them */

        const Envelope *envelope; /* of the root and of an embedded message; otherwise NULL */

        const MimePart *parent; /* NULL of the root */
        const MimePart *const *children; /* multipart: at least one; message/rfc822: exactly one */
        size_t n_children;

        bool truncated; /* root only: a limit was reached, deeper or later parts are plain body */
};

/** mime_part_free() - give back the whole tree; @root as it came from mime_parser_finish() */
MimePart *mime_part_free(MimePart *root);
DEFINE_CLEANUP(MimePart *, mime_part_free);

/** mime_part_is_multipart() - multipart of any subtype, well-formed or not: it has children */
_pure_ bool mime_part_is_multipart(const MimePart *part);

/** mime_part_is_message() - message/rfc822: its only child is the embedded message */
_pure_ bool mime_part_is_message(const MimePart *part);

/** mime_part_is_text() - text of any subtype */
_pure_ bool mime_part_is_text(const MimePart *part);

/**
 * mime_part_find() - the part that an IMAP part number means (RFC 9051, section 6.4.5.1)
 * @path:  numbers from 1; none is the message itself
 *
 * A message that is not multipart has one part, 1, which is its body; below a message/rfc822
 * the numbers are those of the embedded message. Return: NULL when there is no such part.
 */
_pure_ const MimePart *mime_part_find(const MimePart *root, const uint32_t *path, size_t n_path);

/** mime_part_param() - the value of a parameter as in the mail; NULL when it is missing */
_pure_ const char *mime_part_param(const MimePart *part, const char *name);

typedef struct MimeRange {
        uint64_t first, end; /* raw offsets, end exclusive */
        uint64_t size_wire;
} MimeRange;

typedef enum MimeSection {
        MIME_SECTION_BODY,   /* BODY[1.2]: what the part holds; of the root the whole message */
        MIME_SECTION_MIME,   /* BODY[1.2.MIME]: the part's own header */
        MIME_SECTION_HEADER, /* BODY[HEADER], BODY[1.2.HEADER]: the header of a message */
        MIME_SECTION_TEXT,   /* BODY[TEXT], BODY[1.2.TEXT]: the text of a message */
} MimeSection;

/**
 * mime_section_find() - the octets that a section means (RFC 9051, section 6.4.5.1)
 *
 * With a path HEADER and TEXT exist for message/rfc822 only, without one MIME does not exist.
 * Return: false when there is no such section.
 */
bool mime_section_find(const MimePart *root, const uint32_t *path, size_t n_path,
                       MimeSection section, MimeRange *ret_range);
