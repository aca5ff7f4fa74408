/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mailboxes that an ESEARCH looks into, none twice (RFC 7377, section 2.2). */
#pragma once

#include "imap-proto/mailbox-filter.h"
#include "store/store.h"

/**
 * search_sources_gather() - all mailboxes, and which of them are meant
 * @selected:    the mailbox that is selected; NULL for none
 * @ret_list:    of the store, released by store_list_done()
 * @ret_chosen:  owned by the caller; for each entry, that it can be searched and is meant
 *
 * Names that no mailbox has mean nothing. Linear in the mailboxes there are and in those that
 * are meant. Return: STORE_DONE or another outcome.
 */
[[nodiscard]] int search_sources_gather(MailStore *store, const MailboxFilters *filters,
                                        const char *selected, StoreList *ret_list,
                                        bool **ret_chosen);
