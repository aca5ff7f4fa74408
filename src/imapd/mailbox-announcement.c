/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributes of one mailbox come out of the list of all: one directory is read. */
#include "imapd/mailbox-announcement.h"

#include "basic/text.h"
#include "imapd/list-line.h"
#include "store/store.h"

static unsigned attributes_in(const StoreList *list, const char *name) {
        for (size_t i = 0; i < list->n_entries; i++) {
                const StoreListEntry *entry = &list->entries[i];

                if (text_equal(entry->name, name))
                        return list_attributes_of_children(entry->has_children) |
                               (entry->exists ? 0 : LIST_NON_EXISTENT);
        }
        return LIST_NON_EXISTENT;
}

int mailbox_announce(ImapSession *session, const char *name, const char *told,
                     const char *old_name) {
        _cleanup_store_list_ StoreList list = { 0 };
        ImapWriter writer = imap_session_writer(session);
        int r;

        if (!session->rev2)
                return 0;
        r = store_list(session->store, &list);
        if (r < 0)
                return r;
        list_write_line_renamed(&writer, attributes_in(&list, name), told, old_name);
        return 0;
}
