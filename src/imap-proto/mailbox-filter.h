/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which mailboxes an ESEARCH looks into: "IN (…)" (RFC 7377, section 2.2; RFC 5465, section 6). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/memory.h"

typedef struct ImapArgs ImapArgs;

typedef enum MailboxFilterKind {
        FILTER_SELECTED,
        FILTER_INBOXES,   /* where mail is delivered to: as FILTER_PERSONAL, for all can be that */
        FILTER_PERSONAL,
        FILTER_SUBSCRIBED,
        FILTER_SUBTREE,
        FILTER_SUBTREE_ONE,
        FILTER_MAILBOXES,
} MailboxFilterKind;

typedef struct MailboxFilter {
        MailboxFilterKind kind;
        char *name; /* owned; of the last three, of which one with several names becomes several */
} MailboxFilter;

typedef struct MailboxFilters {
        MailboxFilter *filters; /* owned; at least one after a success */
        size_t n_filters, n_allocated;
} MailboxFilters;

#define _cleanup_mailbox_filters_ _cleanup_(mailbox_filters_done)
void mailbox_filters_done(MailboxFilters *filters);

/** mailbox_filters_take() - "IN (…)" if it comes next; otherwise it is "IN (selected)" */
[[nodiscard]] bool mailbox_filters_take(ImapArgs *args, MailboxFilters *ret_filters);

/** mailbox_filters_has() - there is one of this kind */
_pure_ bool mailbox_filters_has(const MailboxFilters *filters, MailboxFilterKind kind);

/** mailbox_filters_only_selected() - and no other one */
_pure_ bool mailbox_filters_only_selected(const MailboxFilters *filters);
