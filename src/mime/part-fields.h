/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What header fields say about a part; within mime only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mime/arena.h"
#include "mime/envelope.h"
#include "mime/part.h"

/**
 * part_field_is_wanted() - a line that starts like this is needed for the part or its envelope
 * @line:         start of the line, at least PART_FIELD_NAME_MAX octets or all of it
 * @is_message:   the header is that of a message, so envelope fields count
 */
enum { PART_FIELD_NAME_MAX = 64 };
bool part_field_is_wanted(const char *line, size_t size, bool is_message);

/**
 * part_fields_read() - fill in what the wanted fields say, and defaults for the rest
 * @in_digest:  the default type is message/rfc822 (RFC 2046, section 5.1.5)
 *
 * Of a field that occurs twice the first counts.
 * @envelope is NULL when the part is no message.
 */
void part_fields_read(const char *header, size_t size, bool in_digest, Arena *arena,
                      MimePart *part, Envelope *envelope);

/** part_fields_default() - text/plain in US-ASCII, 7bit */
void part_fields_default(Arena *arena, MimePart *part);
