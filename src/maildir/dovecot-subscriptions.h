/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dovecot's "subscriptions" in the Maildir, in modified UTF-7. Version 2 starts with "V<tab>2"
 * and an empty line, and has a tab between levels; version 1 has no header, and Dovecot's
 * separator. INBOX is "INBOX", any other name that of its directory without the dot in front.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"
#include "maildir/folder.h"

#define DOVECOT_SUBSCRIPTIONS_NAME "subscriptions"

enum { DOVECOT_SUBSCRIPTIONS_OCTETS_MAX = 4 * 1024 * 1024 };

/**
 * dovecot_subscriptions_parse() - names as directories have them after the dot: "Work.2024"
 *
 * Total; a name that no directory can have is skipped. Of version 1 both '.' and '/' separate.
 */
void dovecot_subscriptions_parse(const char *octets, size_t size, NameList *ret_names);

/** dovecot_subscriptions_read() - DISK_DONE, DISK_MISSING, …; ret_stat of it */
[[nodiscard]] int dovecot_subscriptions_read(int root_fd, NameList *ret_names,
                                             struct stat *ret_stat);

/** dovecot_subscriptions_append() - one line of version 2; the header if the target is empty */
void dovecot_subscriptions_append(Buffer *target, const char *name);

/** dovecot_subscriptions_write() - put octets in place of the file, synced */
[[nodiscard]] int dovecot_subscriptions_write(int root_fd, UniqueNames *names,
                                              const Buffer *octets);
