/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking at a mailbox without changing anything, not even its index: for the administrator.
 * What merely has not been looked at since somebody else changed it is no fault.
 */
#pragma once

#include <stdbool.h>

#include "store/finding.h"
#include "store/mailbox.h"
#include "store/store.h"

typedef struct MailboxInspection {
        bool has_index; /* else only the sizes and times below are of any worth */
        bool is_damaged; /* there is one, and it cannot be used as a whole */
        uint32_t n_messages, n_unseen, n_deleted; /* as the index knows them */
        uint32_t uidvalidity, uidnext;
        uint64_t highest_modseq;
        size_t n_keywords;
        char object_id[MAILBOX_OBJECT_ID_SIZE];
        uint64_t index_octets, log_octets; /* 0: no such file */
        int64_t index_sec, log_sec;        /* when they were last written */
        int64_t listed_sec;                /* when cur/ and new/ were last listed; 0 never */
} MailboxInspection;

/** store_has_directory() - there is such a mailbox, in whatever state; looks only */
[[nodiscard]] int store_has_directory(MailStore *store, const char *name);

/** store_inspect() - STORE_DONE, STORE_NO_SUCH_MAILBOX, STORE_UNREADABLE, … */
[[nodiscard]] int store_inspect(MailStore *store, const char *name, MailboxInspection *ret_found);

/**
 * store_verify_mailbox() - compare the index with the files, and with what other servers have
 *
 * Tells of each fault. Cost: O(messages). Return: as above; faults are no failure.
 */
[[nodiscard]] int store_verify_mailbox(MailStore *store, const char *name,
                                       const StoreReporter *reporter);

/** store_verify_account() - what is in the Maildir beside its mailboxes */
[[nodiscard]] int store_verify_account(MailStore *store, const StoreReporter *reporter);

/**
 * store_repair_mailbox() - undo what store_verify_mailbox() finds, under the mailbox's lock
 *
 * Tells what it did. No UID changes that the index, courierimapuiddb or dovecot-uidlist still
 * knows; a message whose name another one has too gets a new name, and so a new UID.
 * Return: as above, STORE_READ_ONLY, STORE_NO_SPACE, STORE_IN_USE.
 */
[[nodiscard]] int store_repair_mailbox(MailStore *store, const char *name,
                                       const StoreReporter *reporter);

typedef enum StoreDump {
        STORE_DUMP_INDEX, /* all that is known, the log included */
        STORE_DUMP_LOG,   /* the log alone, record by record */
} StoreDump;

/** store_dump() - one line of text for each record */
[[nodiscard]] int store_dump(MailStore *store, const char *name, StoreDump which,
                             void (*on_line)(void *userdata, const char *line), void *userdata);
