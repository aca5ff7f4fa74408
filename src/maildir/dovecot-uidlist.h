/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dovecot-uidlist, versions 1 and 3 of it: "3 V<uidvalidity> N<uidnext> G<guid>", then
 * "<uid> <fields> :<base name>" for each message, where each field starts with a letter that
 * says what it is. Lines are added at the end without a new header. Source: Dovecot's
 * documentation of its Maildir format.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"
#include "maildir/uid-database.h"

#define DOVECOT_UIDLIST_NAME "dovecot-uidlist"

typedef struct DovecotUidlist {
        UidDatabase uids;
        const char *header_fields; /* those besides V and N, "G…" is one; borrowed from uids */
} DovecotUidlist;

#define _cleanup_dovecot_uidlist_ _cleanup_(dovecot_uidlist_done)
void dovecot_uidlist_done(DovecotUidlist *list);

/**
 * dovecot_uidlist_parse() - read the file's octets
 * @octets:  taken over, also on failure; NUL-terminated, NUL inside ends a line
 *
 * A name with or without its flags (":2,S") is a base name here. Lines that Dovecot would not
 * understand are skipped; of two with one name the greater UID stays, as with Dovecot.
 * Return: false when the header is not one: then all of it is worthless.
 */
[[nodiscard]] bool dovecot_uidlist_parse(char *octets, size_t size, DovecotUidlist *ret_list);

/** dovecot_uidlist_read() - DISK_DONE, DISK_MISSING (also for a worthless one), …; its stat */
[[nodiscard]] int dovecot_uidlist_read(const Folder *folder, DovecotUidlist *ret_list,
                                       struct stat *ret_stat);

/** dovecot_uidlist_append_header(), _entry() - version 3, as Dovecot writes it */
void dovecot_uidlist_append_header(Buffer *target, uint32_t uidvalidity, uint32_t uidnext,
                                   const char *header_fields);
void dovecot_uidlist_append_entry(Buffer *target, uint32_t uid, const char *fields,
                                  const char *base);

/** dovecot_uidlist_write() - put octets in place of the file, synced; ret_stat of the new one */
[[nodiscard]] int dovecot_uidlist_write(const Folder *folder, UniqueNames *names,
                                        const Buffer *octets, struct stat *ret_stat);
