/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributes of one mailbox: one directory is read for it. */
#include "imapd/mailbox-announcement.h"

#include "imapd/list-line.h"
#include "store/store.h"

int mailbox_announce(ImapSession *session, const char *name, const char *told,
                     const char *old_name) {
        ImapWriter writer = imap_session_writer(session);
        bool exists, has_children;
        unsigned attributes;
        int r;

        if (!session->rev2)
                return 0;
        r = store_list_one(session->store, name, &exists, &has_children);
        if (r != STORE_DONE)
                return MIN(r, 0);
        attributes = exists || has_children ? list_attributes_of_children(has_children) : 0;
        list_write_line_renamed(&writer, attributes | (exists ? 0 : LIST_NON_EXISTENT), told,
                                old_name);
        return 0;
}
