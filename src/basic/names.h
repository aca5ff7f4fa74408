/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Enums that have names: one table, read in both directions. */
#pragma once

#include <stddef.h>

#include "basic/memory.h"

/** names_find() - index of name in a table, ASCII case ignored; -1 when it is not there */
_pure_ int names_find(const char *const *names, size_t n_names, const char *name);

/**
 * DECLARE_NAMES(), DEFINE_NAMES() - `object_to_name(value)` and `object_from_name(text)`
 *
 * The first gives NULL for a value without a name, the second -1 for an unknown name.
 */
#define DECLARE_NAMES(object, type)                     \
        _const_ const char *object##_to_name(type value); \
        _pure_ int object##_from_name(const char *name)

#define DEFINE_NAMES(object, type, table)                                                    \
        const char *object##_to_name(type value) {                                           \
                return (size_t) value < ELEMENTSOF(table) ? (table)[(size_t) value] : NULL;  \
        }                                                                                    \
        int object##_from_name(const char *name) {                                           \
                return names_find((table), ELEMENTSOF(table), name);                         \
        }                                                                                    \
        struct object##_names_need_a_semicolon
