/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that have been in a folder for too long: IMAP_EMPTYTRASH, as Courier has it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

typedef struct MailStore MailStore;

#define PURGE_FILE_NAME "imapd.purged"

enum {
        PURGE_PAUSE_SEC = 60 * 60,
        PURGE_RULES_MAX = 100,
        PURGE_DAYS_MAX = 36500,
};

typedef struct PurgeRule {
        char *folder; /* owned; "Trash" or "Lists.Old": as on disk, without "INBOX." */
        unsigned days;
} PurgeRule;

typedef struct PurgeRules {
        PurgeRule *rules; /* owned */
        size_t n_rules, n_allocated;
} PurgeRules;

#define _cleanup_purge_rules_ _cleanup_(purge_rules_done)
void purge_rules_done(PurgeRules *rules);

/**
 * purge_rules_parse() - "Trash:7,Spam:30", or "7" for the trash alone
 * @trash:  what a number alone is about
 *
 * Days that are no number, or 0, are 1; in a list an element without ':' is passed over.
 */
void purge_rules_parse(const char *text, const char *trash, PurgeRules *ret_rules);

/**
 * store_purge() - remove what is older than the rules want
 *
 * The age is that of the file's last change (ctime), which a move into the folder is, and a
 * change of flags. Nothing is done when another session has done it less than an hour ago.
 * Failures are reported and left for the next time.
 */
void store_purge(MailStore *store, const PurgeRules *rules, int64_t now_sec);
