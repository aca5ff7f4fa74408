/* SPDX-License-Identifier: GPL-3.0-or-later */
/* courierimapuiddb: "1 <uidvalidity> <uidnext>", then "<uid> <base name>" for each message. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/disk-writer.h"
#include "maildir/folder.h"

#define UID_DATABASE_NAME "courierimapuiddb"

enum { UID_DATABASE_OCTETS_MAX = 512 * 1024 * 1024 };

typedef struct UidEntry {
        uint32_t uid;
        const char *base; /* borrowed from the octets */
        const char *fields; /* what Dovecot has between the two, or ""; borrowed too */
} UidEntry;

typedef struct UidDatabase {
        uint32_t uidvalidity, uidnext;
        UidEntry *entries; /* owned; ascending by UID; no UID and no name twice */
        size_t n_entries;
        char *octets;      /* owned */
} UidDatabase;

#define _cleanup_uid_database_ _cleanup_(uid_database_done)
void uid_database_done(UidDatabase *database);

/**
 * uid_database_parse() - read the file's octets, with the tolerance of Courier's reader
 * @octets:  taken over, also on failure; NUL-terminated, NUL inside ends a line
 *
 * uidnext is raised above all UIDs. Of two entries with one UID or one name the first stays.
 * Return: false when the header is not one: then all of it is worthless.
 */
[[nodiscard]] bool uid_database_parse(char *octets, size_t size, UidDatabase *ret_database);

/**
 * uid_database_settle() - put entries that were read in order, and raise uidnext above them
 * @last_name_wins:  of two entries with one name that with the greater UID stays, else the other
 */
void uid_database_settle(UidDatabase *database, bool last_name_wins);

/** uid_database_read() - DISK_DONE, DISK_MISSING (also for a worthless one), …; ret_stat of it */
[[nodiscard]] int uid_database_read(const Folder *folder, UidDatabase *ret_database,
                                    struct stat *ret_stat);

/** uid_database_append_header(), _entry() - write one as Courier does */
void uid_database_append_header(Buffer *target, uint32_t uidvalidity, uint32_t uidnext);
void uid_database_append_entry(Buffer *target, uint32_t uid, const char *base);

/**
 * uid_database_append() - add complete lines at the end; ret_stat of the file then
 *
 * Their UIDs are below the uidnext in its header, which somebody has raised before; Courier
 * leaves such a file alone. On failure nothing was added.
 */
[[nodiscard]] int uid_database_append(const Folder *folder, const Buffer *lines,
                                      struct stat *ret_stat);

/**
 * uid_database_start(), uid_database_finish() - put another file in place of it
 * @temporary:   unique_name_control() for it; borrowed by the writer
 *
 * Between the two, header and entries are appended to the writer. @ret_stat: of the new one.
 */
void uid_database_start(const Folder *folder, const char *temporary, DiskWriter *ret_writer);
[[nodiscard]] int uid_database_finish(const Folder *folder, DiskWriter *writer,
                                      struct stat *ret_stat);
