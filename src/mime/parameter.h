/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of Content-Type, Content-Disposition and their kin (RFC 2045, section 5.1; RFC 2231). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mime/arena.h"
#include "mime/part.h"

/* A token list with position; comments and white space between tokens are skipped. */
typedef struct ParameterReader {
        const char *at, *end;
} ParameterReader;

/** parameter_take_token() - a token (RFC 2045, or with 8-bit octets); NULL when there is none */
char *parameter_take_token(ParameterReader *reader, Arena *arena);

/** parameter_take_char() - skip blanks, then c if it is there */
bool parameter_take_char(ParameterReader *reader, char c);

/** parameter_at_end() - nothing but blanks and comments is left */
bool parameter_at_end(ParameterReader *reader);

/**
 * parameter_take_all() - "; name=value; …" up to the end
 *
 * Sections "name*0", "name*1*" are joined to "name" or, when one of them is encoded, "name*".
 * Of parameters with one name the first counts. At most MIME_PARAMS_MAX are read. There is
 * room for one more parameter in the array.
 */
void parameter_take_all(ParameterReader *reader, Arena *arena, MimeParam **ret_params,
                        size_t *ret_n_params);

/**
 * mime_params_decode() - the value of a parameter in UTF-8 (RFC 2231, RFC 2047)
 *
 * Return: owned by the caller; NULL when there is no such parameter.
 */
[[nodiscard]] char *mime_params_decode(const MimeParam *params, size_t n_params, const char *name);
