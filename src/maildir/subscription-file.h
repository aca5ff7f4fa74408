/* SPDX-License-Identifier: GPL-3.0-or-later */
/* courierimapsubscribed: one UTF-8 folder name a line, "INBOX.Sent"; '.' between levels. */
#pragma once

#include <stdbool.h>

#include "maildir/folder.h"

enum { SUBSCRIPTION_OCTETS_MAX = 4 * 1024 * 1024 };

/** subscription_file_parse() - lines as they are; empty and over-long (8191) ones are skipped */
void subscription_file_parse(const char *octets, size_t size, NameList *ret_names);

/** subscription_file_read() - a missing file is an empty list */
[[nodiscard]] int subscription_file_read(int root_fd, NameList *ret_names);

/**
 * subscription_file_change() - add a line at the end, or remove it; under a lock of our own
 *
 * Nothing is written when nothing changes. INBOX at the start is compared in any case.
 */
[[nodiscard]] int subscription_file_change(int root_fd, UniqueNames *names, const char *line,
                                           bool subscribed);
