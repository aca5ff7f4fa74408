/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks over the fields of a header (RFC 5322, sections 2.2 and 4.5). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"

/* Borrowed from the header. */
typedef struct HeaderField {
        const char *name; /* without blanks before the colon; empty when the line has no colon */
        size_t name_size;
        const char *value; /* behind the colon, folded, without the last line end */
        size_t value_size;
        size_t offset, size; /* of the whole field in the header, with its line ends */
} HeaderField;

/**
 * header_next() - the field at *position, which moves behind it; start at 0
 *
 * Lines end with LF or CRLF. A line that begins with white space continues the field before it.
 * Return: false at the blank line, behind which *position is then, or at the end.
 */
bool header_next(const char *header, size_t size, size_t *position, HeaderField *ret_field);

/** header_field_is() - has this name, ASCII case ignored */
_pure_ bool header_field_is(const HeaderField *field, const char *name);

/**
 * header_unfold() - append the value without line ends and without white space around it
 *
 * White space inside stays as it is (RFC 5322, section 2.2.3). A NUL becomes 0x80.
 */
void header_unfold(const char *value, size_t size, Buffer *target);
