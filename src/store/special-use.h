/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a mailbox is for: drafts, sent mail and so on (RFC 6154). A client designates one when it
 * creates it; as long as nobody did, a mailbox with a name that is usual for it has the use.
 */
#pragma once

#include "store/store.h"

typedef enum SpecialUse {
        SPECIAL_USE_ARCHIVE = 1 << 0,
        SPECIAL_USE_DRAFTS = 1 << 1,
        SPECIAL_USE_JUNK = 1 << 2,
        SPECIAL_USE_SENT = 1 << 3,
        SPECIAL_USE_TRASH = 1 << 4,
} SpecialUse;

/** special_use_from_name() - "\\Sent", ASCII case ignored; 0 for a use that no mailbox can have */
_pure_ unsigned special_use_from_name(const char *name);

/**
 * store_special_uses() - what the mailboxes of a list are for
 * @ret_uses:  an array of list->n_entries sets of SPECIAL_USE_… bits; owned by the caller
 */
[[nodiscard]] int store_special_uses(MailStore *store, const StoreList *list,
                                     unsigned **ret_uses);

/**
 * store_create_mailbox_for() - store_create_mailbox(), and it has these uses from now on
 * @uses:  bits; a use that another mailbox had is taken from that
 *
 * When the uses cannot be noted there is no mailbox either.
 */
[[nodiscard]] int store_create_mailbox_for(MailStore *store, const char *name, unsigned uses);

/**
 * store_move_special_uses() - a mailbox has another name now, or is gone
 * @new_name:       NULL: it is gone
 * @with_children:  those below it as well
 *
 * Failures are reported and left: the mailbox is what it is.
 */
void store_move_special_uses(MailStore *store, const char *name, const char *new_name,
                             bool with_children);
