/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a mailbox is called on disk: "INBOX/Work/2024" is the directory ".Work.2024" of the
 * Maildir, "INBOX" the Maildir itself. One to one: '/' becomes '.', all else stays.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { FOLDER_DIRECTORY_SIZE = 256 }; /* NAME_MAX and NUL */

enum {
        FOLDER_NAME_DONE = 0,
        FOLDER_NAME_INVALID, /* not in INBOX, empty level, '.', control character, not UTF-8 */
        FOLDER_NAME_TOO_LONG,
};

/** folder_name_to_directory() - "." for "INBOX" */
int folder_name_to_directory(const char *name, char ret_directory[FOLDER_DIRECTORY_SIZE]);

/**
 * folder_name_from_directory() - a mailbox's name from an entry of the Maildir
 * @ret_name:  owned by the caller
 *
 * Return: false for what no mailbox name becomes ("..", ".a..b", "cur").
 */
[[nodiscard]] bool folder_name_from_directory(const char *directory, char **ret_name);

/** folder_name_is_below() - name is a child, at any depth, of parent */
bool folder_name_is_below(const char *name, const char *parent);
