/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a STATUS asks for (RFC 9051, section 6.3.11; RECENT of RFC 3501). */
#pragma once

#include <stdbool.h>

#include "basic/names.h"

typedef struct ImapArgs ImapArgs;

/* In the order of the answer. */
typedef enum StatusItem {
        STATUS_MESSAGES,
        STATUS_RECENT,
        STATUS_UIDNEXT,
        STATUS_UIDVALIDITY,
        STATUS_UNSEEN,
        STATUS_DELETED,
        STATUS_SIZE,
        STATUS_HIGHESTMODSEQ, /* RFC 7162, section 3.1.7 */
        STATUS_MAILBOXID, /* RFC 8474 */
        STATUS_APPENDLIMIT,   /* RFC 7889, section 3.1 */
        _STATUS_ITEM_MAX,
} StatusItem;

DECLARE_NAMES(status_item, StatusItem);

/** status_items_take() - "(MESSAGES UNSEEN)"; bits 1 << STATUS_… */
[[nodiscard]] bool status_items_take(ImapArgs *args, unsigned *ret_items);
