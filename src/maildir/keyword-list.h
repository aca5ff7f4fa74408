/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * courierimapkeywords/: ":list" holds the keywords of all messages, a file named like a message
 * the newest complete set of that one, which overrides the list.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "maildir/folder.h"

#define KEYWORD_DIRECTORY "courierimapkeywords"

enum {
        KEYWORD_FILE_OCTETS_MAX = 256 * 1024 * 1024,
        KEYWORD_NAMES_MAX = 4096, /* different ones in a folder; more are dropped */
};

typedef struct KeywordEntry {
        char *base;        /* owned */
        uint32_t *numbers; /* owned; into names; none twice */
        size_t n_numbers;
} KeywordEntry;

typedef struct KeywordList {
        NameList names;        /* legal as IMAP atoms, none twice (ASCII case ignored) */
        KeywordEntry *entries; /* owned; sorted by base name, none twice */
        size_t n_entries, n_allocated;
        NameList updates;      /* update files, folded by somebody already or not */
} KeywordList;

#define _cleanup_keyword_list_ _cleanup_(keyword_list_done)
void keyword_list_done(KeywordList *list);

/** keyword_name_clean() - octets that no IMAP atom can hold become '_', as with Courier; owned */
[[nodiscard]] char *keyword_name_clean(const char *name, size_t size);

/** keyword_list_parse() - the octets of ":list"; total: what is not understood is skipped */
void keyword_list_parse(const char *octets, size_t size, KeywordList *ret_list);

/** keyword_list_set() - override one message by the octets of its update file */
void keyword_list_set(KeywordList *list, const char *base, const char *octets, size_t size);

/** keyword_list_find() - NULL when the message has no keywords */
const KeywordEntry *keyword_list_find(const KeywordList *list, const char *base);

/** keyword_list_read() - list and update files; DISK_MISSING without the directory */
[[nodiscard]] int keyword_list_read(const Folder *folder, KeywordList *ret_list);

/** keyword_list_append_names(), _entry() - ":list" as Courier writes it: names, then messages */
void keyword_list_append_names(Buffer *target, const char *const *names, size_t n_names);
void keyword_list_append_entry(Buffer *target, const char *base, const uint32_t *numbers,
                               size_t n_numbers);

/** keyword_list_write() - put octets in place of ":list", making the directory */
[[nodiscard]] int keyword_list_write(const Folder *folder, UniqueNames *names,
                                     const Buffer *octets);

/** keyword_list_remove_updates() - those that were read, after a ":list" that covers them */
void keyword_list_remove_updates(const Folder *folder, const KeywordList *list);
