/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that the index does not know yet, in the order in which they will be numbered. There may
 * be millions: what is more than some MiB is sorted in runs, which go to a nameless file and are
 * merged while they are read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/region.h"
#include "maildir/directory-reader.h"

typedef struct NewcomerRuns NewcomerRuns;

enum {
        NEWCOMERS_RUN_OCTETS = 14 * 1024 * 1024,    /* of names, keys, and room to sort these */
        NEWCOMERS_FEW_OCTETS = 64 * 1024, /* with more there is room for a whole run */
};

/* What they are sorted by: those with a UID first, ascending; the others in Courier's order. */
typedef struct NewcomerKey {
        uint64_t number; /* at the start of its name */
        uint32_t uid;    /* from another server, or 0 */
        uint32_t offset : 31;      /* of its name; in a run its size */
        uint32_t kind_unknown : 1; /* it may be no regular file */
} NewcomerKey;

typedef struct Newcomer {
        NewcomerKey key;
        const char *name; /* in cur/; borrowed until the next one */
} Newcomer;

typedef struct Newcomers {
        size_t n, names_size; /* all of them */
        const int *spill_dir; /* borrowed; NULL: all stay in memory */
        Region keys;         /* those that are in no run: n_list of NewcomerKey */
        size_t n_list, n_taken;
        Region names;        /* of the list, each ended by NUL */
        NewcomerRuns *runs;  /* owned; NULL: none */
        bool is_sorted;
        bool was_of_runs;    /* the last one that was taken */
} Newcomers;

void newcomers_done(Newcomers *newcomers);
void newcomers_add(Newcomers *newcomers, const char *name, uint32_t uid, DirectoryKind kind);

/**
 * newcomers_take() - the next one; nothing is added any more
 * @ret_newcomer:  its name is NULL after the last one
 *
 * Return: 0 or negative errno.
 */
[[nodiscard]] int newcomers_take(Newcomers *newcomers, Newcomer *ret_newcomer);

/** newcomer_compare() - as strcmp() */
int newcomer_compare(const Newcomer *left, const Newcomer *right);
