/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * courierimapsubscribed: one UTF-8 folder name a line, "INBOX.Sent"; '.' between levels. Where
 * Dovecot's "subscriptions" is younger, or alone, it counts instead.
 */
#pragma once

#include <stdbool.h>

#include "maildir/folder.h"

#define SUBSCRIPTION_FILE_NAME "courierimapsubscribed"

enum { SUBSCRIPTION_OCTETS_MAX = 4 * 1024 * 1024 };

/** subscription_file_parse() - lines as they are; empty and over-long (8191) ones are skipped */
void subscription_file_parse(const char *octets, size_t size, NameList *ret_names);

/**
 * subscription_file_read() - the younger of Courier's and Dovecot's; missing is an empty list
 *
 * Dovecot's names are modified UTF-7: a name is decoded unless a directory is called just that.
 * Lines of Courier's that Dovecot cannot have ("#shared…") stay.
 */
[[nodiscard]] int subscription_file_read(int root_fd, NameList *ret_names);

/** subscription_file_write() - these lines and no others; under the lock of the account */
[[nodiscard]] int subscription_file_write(int root_fd, UniqueNames *names, const NameList *lines);

/** subscription_file_is_dovecots() - Dovecot's file is the one that counts */
bool subscription_file_is_dovecots(int root_fd);

/**
 * subscription_file_change() - add a line at the end, or remove it; under a lock of our own
 *
 * Nothing is written when nothing changes. INBOX at the start is compared in any case.
 */
[[nodiscard]] int subscription_file_change(int root_fd, UniqueNames *names, const char *line,
                                           bool subscribed);
