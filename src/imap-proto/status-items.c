/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STATUS items. */
#include "imap-proto/status-items.h"

#include "imap-proto/imap-args.h"

static const char *const status_item_names[_STATUS_ITEM_MAX] = {
        [STATUS_MESSAGES] = "MESSAGES",
        [STATUS_RECENT] = "RECENT",
        [STATUS_UIDNEXT] = "UIDNEXT",
        [STATUS_UIDVALIDITY] = "UIDVALIDITY",
        [STATUS_UNSEEN] = "UNSEEN",
        [STATUS_DELETED] = "DELETED",
        [STATUS_SIZE] = "SIZE",
        [STATUS_HIGHESTMODSEQ] = "HIGHESTMODSEQ",
        [STATUS_MAILBOXID] = "MAILBOXID",
        [STATUS_APPENDLIMIT] = "APPENDLIMIT",
};
DEFINE_NAMES(status_item, StatusItem, status_item_names);

static bool take_item(ImapArgs *args, unsigned *items) {
        for (unsigned i = 0; i < _STATUS_ITEM_MAX; i++)
                if (imap_args_accept_word(args, status_item_names[i])) {
                        *items |= 1u << i;
                        return true;
                }
        return imap_args_wants(args, "an item such as MESSAGES");
}

bool status_items_take(ImapArgs *args, unsigned *ret_items) {
        unsigned items = 0, n = 0;

        if (!imap_args_open_list(args))
                return false;
        do {
                if (n++ >= IMAP_STATUS_ITEMS_MAX)
                        return imap_args_fail(args, "More than %d items", IMAP_STATUS_ITEMS_MAX);
                if (!take_item(args, &items))
                        return false;
        } while (!imap_args_list_ends(args));
        if (!imap_args_close_list(args))
                return false;
        *ret_items = items;
        return true;
}
