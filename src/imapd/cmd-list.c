/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LIST: the mailboxes that match a pattern (RFC 9051, section 6.3.9). */
#include "basic/setting.h"
#include "basic/text.h"
#include "imapd/command-table.h"
#include "imapd/list-line.h"
#include "store/store.h"

/* Courier marks the INBOX only, because it has to look into each mailbox for the others. */
static int attribute_of_mail(ImapSession *session, const char *name, unsigned *ret_attribute) {
        bool is_marked;
        int r;

        *ret_attribute = 0;
        if (!text_equal(name, "INBOX") && !setting_flag("IMAP_CHECK_ALL_FOLDERS", false))
                return 0;
        r = store_is_marked(session->store, name, &is_marked);
        if (r < 0)
                return r;
        if (r == STORE_DONE)
                *ret_attribute = is_marked ? LIST_MARKED : LIST_UNMARKED;
        return 0;
}

static int write_entry(ImapSession *session, const StoreListEntry *entry) {
        ImapWriter writer = imap_session_writer(session);
        unsigned attributes = list_attributes_of_children(entry->has_children), marked = 0;
        int r = 0;

        if (entry->exists)
                r = attribute_of_mail(session, entry->name, &marked);
        else
                attributes |= LIST_NOSELECT;
        if (r < 0)
                return r;
        list_write_line(&writer, "LIST", attributes | marked, entry->name);
        return imap_session_drain(session);
}

int cmd_list(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_list_request_ ListRequest request = { 0 };
        _cleanup_store_list_ StoreList list = { 0 };
        ImapWriter writer = imap_session_writer(session);
        int r;

        if (!list_request_take(args, &request))
                return imap_reply_bad_args(args, ret_reply);
        if (list_request_answers(&request, &writer, "LIST", ret_reply))
                return 0;

        r = store_list(session->store, &list);
        if (r < 0)
                return r;
        for (size_t i = 0; i < list.n_entries; i++) {
                if (!list_pattern_matches(&request.pattern, list.entries[i].name))
                        continue;
                r = write_entry(session, &list.entries[i]);
                if (r != 0)
                        return r;
        }
        *ret_reply = imap_reply_from_outcome(r, "LIST completed");
        return 0;
}
