/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mailbox names without the prefix "INBOX.", as clients send them that know of no namespaces:
 * "Sent" is "INBOX.Sent". LIST shows a name once: with the prefix, unless the pattern itself
 * can match nothing that has it.
 */
#pragma once

#include <stdbool.h>

#include "imap-proto/list-pattern.h"

/** bare_name_is() - a name in the program's form has no prefix, and no other namespace's */
bool bare_name_is(const char *name);

/** bare_name_prefixed() - "INBOX/Sent" of "Sent"; owned by the caller */
char *bare_name_prefixed(const char *name);

/** bare_name_of() - the part behind the prefix; the whole name when it has none */
const char *bare_name_of(const char *name);

/**
 * bare_name_prefix_pattern() - the same for a pattern that matches bare names only
 *
 * "Sent", "Work/%" and "Wo*" are such patterns; "*", "%" and "In*" also match "INBOX".
 * Return: false when the pattern stays as it is.
 */
bool bare_name_prefix_pattern(ListPattern *pattern);
