/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way back: another server's files, written so that it goes on where we stopped, with the
 * same UIDVALIDITY, UIDs, flags, keywords and subscriptions. What says so already is not touched.
 */
#pragma once

#include <stdbool.h>

#include "store/finding.h"
#include "store/store.h"

typedef enum ExportTarget {
        EXPORT_COURIER, /* courierimapuiddb, courierimapkeywords/, courierimapsubscribed */
        EXPORT_DOVECOT, /* dovecot-uidlist, dovecot-keywords and letters, subscriptions */
} ExportTarget;

/**
 * store_export_mailbox() - one mailbox's files
 * @reporter:  hears of files that were written ("written"), and of what could not be said in
 *             the other server's terms ("keyword-without-letter")
 *
 * Under the mailbox's lock. Return: STORE_DONE, STORE_NO_SUCH_MAILBOX, STORE_READ_ONLY, ….
 */
[[nodiscard]] int store_export_mailbox(MailStore *store, const char *name, ExportTarget target,
                                       const StoreReporter *reporter);

/** store_export_subscriptions() - the account's list */
[[nodiscard]] int store_export_subscriptions(MailStore *store, ExportTarget target,
                                             const StoreReporter *reporter);
