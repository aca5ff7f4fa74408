/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * imapd.specialuse: which folder was designated for which use (RFC 6154), one a line:
 * "\\Sent INBOX.Sent", '.' between levels, names in UTF-8. Each use stands there once at most.
 */
#pragma once

#include "maildir/folder.h"

#define SPECIAL_USE_FILE_NAME "imapd.specialuse"

enum {
        SPECIAL_USE_OCTETS_MAX = 64 * 1024,
        SPECIAL_USE_LINES_MAX = 100,
};

typedef struct SpecialUseLine {
        char *use;  /* owned; "\\Sent" */
        char *name; /* owned; "INBOX.Sent" */
} SpecialUseLine;

typedef struct SpecialUseLines {
        SpecialUseLine *lines; /* owned */
        size_t n_lines, n_allocated;
} SpecialUseLines;

#define _cleanup_special_use_lines_ _cleanup_(special_use_lines_done)
void special_use_lines_done(SpecialUseLines *lines);

/** special_use_lines_parse() - lines that are not as they should be are passed over */
void special_use_lines_parse(const char *octets, size_t size, SpecialUseLines *ret_lines);

/** special_use_lines_set() - the use is this name's from now on, and no other's */
void special_use_lines_set(SpecialUseLines *lines, const char *use, const char *name);

/**
 * special_use_lines_rename() - of a folder and those below it; NULL: they are gone
 *
 * Return: something changed.
 */
bool special_use_lines_rename(SpecialUseLines *lines, const char *name, const char *new_name,
                              bool with_children);

/** special_use_file_read() - a missing file is an empty one */
[[nodiscard]] int special_use_file_read(int root_fd, SpecialUseLines *ret_lines);

/** special_use_file_write() - on disk (fsync); under the lock of the account */
[[nodiscard]] int special_use_file_write(int root_fd, UniqueNames *names,
                                         const SpecialUseLines *lines);
