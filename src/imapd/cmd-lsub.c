/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LSUB: the subscribed names that match a pattern, existing or not (RFC 3501, section 6.3.9). */
#include "basic/text.h"
#include "imap-proto/bare-name.h"
#include "imapd/command-table.h"
#include "imapd/list-line.h"
#include "store/store.h"

/* "#shared.x" and the like are another namespace; none of our mailboxes is in it. */
static bool is_ours(const char *name) {
        return text_equal(name, "INBOX") || text_starts_with(name, "INBOX/");
}

static void write_entry(ImapWriter *writer, const StoreListEntry *entry, bool is_bare) {
        unsigned attributes = list_attributes_of_children(entry->has_children);

        list_write_line(writer, "LSUB", attributes | (entry->exists ? 0 : LIST_NOSELECT),
                        is_bare ? bare_name_of(entry->name) : entry->name);
}

int cmd_lsub(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_list_request_ ListRequest request = { 0 };
        _cleanup_store_list_ StoreList list = { 0 };
        ImapWriter writer = imap_session_writer(session);
        int r;

        if (!list_request_take_plain(args, &request))
                return imap_reply_bad_args(args, ret_reply);
        if (list_request_answers(&request, &writer, "LSUB", ret_reply))
                return 0;

        list_request_add_forms(&request);
        r = store_subscriptions(session->store, &list);
        if (r < 0)
                return r;
        for (size_t i = 0; i < list.n_entries; i++) {
                bool is_bare;

                if (!is_ours(list.entries[i].name) ||
                    !list_request_matches(&request, list.entries[i].name, &is_bare))
                        continue;
                write_entry(&writer, &list.entries[i], is_bare);
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        *ret_reply = imap_reply_from_outcome(r, "LSUB completed");
        return 0;
}
