/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Courier's magic trash. */
#include "imapd/expunge.h"

#include "basic/setting.h"
#include "basic/text.h"
#include "store/mailbox.h"
#include "store/store.h"

static bool goes_to_trash(const ImapSession *session) {
        _cleanup_free_ char *trash = NULL;

        if (!setting_flag("IMAP_MOVE_EXPUNGE_TO_TRASH", false))
                return false;
        trash = store_trash_name(session->store);
        return !text_equal(session->mailbox_name, trash);
}

static void find_deleted(ImapSession *session, const NumberSet *uids, NumberSet *ret_uids) {
        for (size_t i = 0; i < mailbox_n_messages(session->mailbox); i++) {
                MessageRecord record;

                mailbox_message_at(session->mailbox, i, &record);
                if (record.flags & FLAG_DELETED && !record.gone &&
                    (!uids || number_set_has(uids, record.uid)) &&
                    !number_set_has(&session->copied_uids, record.uid))
                        number_set_add(ret_uids, record.uid, record.uid);
        }
}

int imap_session_expunge(ImapSession *session, const NumberSet *uids) {
        _cleanup_number_set_ NumberSet moved = { 0 };
        int r = STORE_DONE;

        if (session->mailbox && goes_to_trash(session)) {
                find_deleted(session, uids, &moved);
                if (moved.n_ranges > 0)
                        r = mailbox_move_to_trash(session->mailbox, &moved);
        }
        return r == STORE_DONE ? mailbox_expunge(session->mailbox, uids) : r;
}
