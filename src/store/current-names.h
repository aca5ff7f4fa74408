/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names that messages have in cur/ now: for a command that finds one missing under its known
 * name. The directory is listed once for all of them.
 */
#pragma once

#include <stdbool.h>

#include "maildir/message-file.h"
#include "store/name-map.h"

typedef struct CurrentNames {
        const Folder *folder; /* borrowed */
        FileList files;
        NameMap map;
        bool listed;
} CurrentNames;

#define _cleanup_current_names_ _cleanup_(current_names_done)
void current_names_done(CurrentNames *names);

/**
 * current_names_find() - by base name
 * @ret_name:  borrowed until current_names_forget()
 *
 * Return: DISK_DONE, DISK_MISSING, ….
 */
[[nodiscard]] int current_names_find(CurrentNames *names, const char *name, const char **ret_name);

/** current_names_forget() - a name it gave is wrong already: list anew the next time */
void current_names_forget(CurrentNames *names);
