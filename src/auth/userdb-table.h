/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Courier's userdb in memory: a text file, or a directory of them, read again when it changes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/memory.h"

typedef struct UserdbTable UserdbTable;

enum {
        USERDB_OCTETS_MAX = 64 << 20, /* of one file */
        USERDB_FILES_MAX = 4096,
        USERDB_DEPTH_MAX = 8,
};

/** userdb_table_new() - nothing is read before the first refresh; @path is copied */
UserdbTable *userdb_table_new(const char *path);

UserdbTable *userdb_table_free(UserdbTable *table);
DEFINE_CLEANUP(UserdbTable *, userdb_table_free);

/**
 * userdb_table_refresh() - read all again if anything changed (device, inode, size, times)
 *
 * Duplicates and lines that are none are reported with file and line; the first of a name stays.
 */
void userdb_table_refresh(UserdbTable *table);

/** userdb_table_problem() - why nobody can be looked up now; NULL when all is well */
const char *userdb_table_problem(const UserdbTable *table);

/** userdb_table_find() - the fields of an account; NULL when there is none. Borrowed */
const char *userdb_table_find(const UserdbTable *table, const char *name);

/** userdb_table_any() - the fields of number @index in order of names; NULL behind the last */
const char *userdb_table_any(const UserdbTable *table, size_t index);
