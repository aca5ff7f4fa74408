/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of Courier's userdb: "name TAB field=value|field=value". There is no escaping. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

typedef enum UserdbLine {
        USERDB_ACCOUNT,
        USERDB_NOTHING, /* empty, a comment, or the reverse record of a uid ("1012=") */
        USERDB_BROKEN,  /* no TAB, no name, or a NUL in it */
} UserdbLine;

/**
 * userdb_line_split() - cut a line in place
 * @line:        without its line feed, a NUL behind it
 * @ret_fields:  with USERDB_ACCOUNT: what is behind the TAB; @line is the name then
 */
UserdbLine userdb_line_split(char *line, size_t size, const char **ret_fields);

/**
 * userdb_field() - the first field of that name; NULL when there is none, "" when it has no value
 *
 * Return: owned by the caller.
 */
[[nodiscard]] char *userdb_field(const char *fields, const char *name);

/** userdb_field_number() - leading digits ("12abc" is 12); false when there are none */
bool userdb_field_number(const char *fields, const char *name, uint32_t *ret_number);
