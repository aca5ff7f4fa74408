/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dovecot-keywords: "<number> <keyword>" a line. In the names of files in cur/ the letters a to
 * z stand for the numbers 0 to 25; keywords with a greater number are in Dovecot's index only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"
#include "maildir/folder.h"

#define DOVECOT_KEYWORDS_NAME "dovecot-keywords"

enum {
        DOVECOT_LETTERS = 26,
        DOVECOT_KEYWORDS_MAX = 4096, /* greater numbers are skipped */
        DOVECOT_KEYWORDS_OCTETS_MAX = 4 * 1024 * 1024,
};

typedef struct DovecotKeywords {
        char *names[DOVECOT_KEYWORDS_MAX]; /* owned; by number; NULL: unused; none twice */
        size_t n_names;                    /* one more than the greatest number in use */
} DovecotKeywords;

void dovecot_keywords_free(DovecotKeywords *keywords);
DEFINE_CLEANUP(DovecotKeywords *, dovecot_keywords_free);

/**
 * dovecot_keywords_parse() - total: what is not understood is skipped
 *
 * Of two lines with one number or one name the first counts. Octets that no IMAP atom can hold
 * become '_'. Return: owned by the caller.
 */
[[nodiscard]] DovecotKeywords *dovecot_keywords_parse(const char *octets, size_t size);

/** dovecot_keywords_read() - DISK_DONE, DISK_MISSING, … */
[[nodiscard]] int dovecot_keywords_read(const Folder *folder, DovecotKeywords **ret_keywords);

/** dovecot_keywords_find() - ASCII case ignored; false when it has no number */
bool dovecot_keywords_find(const DovecotKeywords *keywords, const char *name, size_t *ret_number);

/** dovecot_keywords_add() - the smallest free number; false when there are too many */
[[nodiscard]] bool dovecot_keywords_add(DovecotKeywords *keywords, const char *name,
                                        size_t *ret_number);

/** dovecot_keywords_write() - put the list in place of the file, synced */
[[nodiscard]] int dovecot_keywords_write(const Folder *folder, UniqueNames *names,
                                         const DovecotKeywords *keywords);
