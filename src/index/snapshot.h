/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * imapd.index: a whole table in a file that can be mapped (doc/formats.md). Opening it costs the
 * same for any number of messages; each block is compared with its checksum when it is looked at.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct IndexTable IndexTable;

#define SNAPSHOT_NAME "imapd.index"

enum {
        SNAPSHOT_VERSION = 2,
        /* Below this the sections are not on pages of their own, and are read, not mapped. */
        SNAPSHOT_MAPPED_OCTETS = 64 * 1024,
        SNAPSHOT_PAGE_OCTETS = 4096,
        /* Header, keywords, checksums of at most INDEX_RECORDS_MAX messages. */
        SNAPSHOT_FRONT_OCTETS_MAX = 4 * 1024 * 1024,
        SNAPSHOT_1_OCTETS_MAX = 2000 * 1024 * 1024,
};

/* What is told about a table besides what is in it. */
typedef struct SnapshotFacts {
        uint64_t generation;
        int64_t boot_sec; /* 0: it was synced before it got its name; else when that was booted */
} SnapshotFacts;

enum {
        SNAPSHOT_DONE = 0,
        SNAPSHOT_BROKEN,
        SNAPSHOT_NEWER, /* of a version that we cannot read */
        SNAPSHOT_OLD,   /* read, and of version 1 */
};

/**
 * snapshot_write() - write a table into an empty file; what is gone is left out
 *
 * In pieces: needs memory for one block and the checksums. A table that is damaged is not
 * written. Return: DISK_…, DISK_NOT_THAT_KIND for a damaged table, negative errno.
 */
[[nodiscard]] int snapshot_write(int fd, const IndexTable *table, const SnapshotFacts *facts);

/**
 * snapshot_load() - the opposite
 * @file_size:  of the file
 * @ret_table:  owned by the caller
 *
 * Return: SNAPSHOT_DONE, SNAPSHOT_BROKEN, SNAPSHOT_NEWER, SNAPSHOT_OLD, negative errno.
 */
[[nodiscard]] int snapshot_load(int fd, uint64_t file_size, IndexTable *ret_table,
                                SnapshotFacts *ret_facts);

/** snapshot_1_decode() - a file of version 1; false for what version 1 would not have written */
[[nodiscard]] bool snapshot_1_decode(const void *data, size_t size, IndexTable *ret_table,
                                     uint64_t *ret_generation);
