/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is counted, and how it is written. */
#include "imapd/status-line.h"

#include "basic/text.h"
#include "imap-proto/imap-limits.h"
#include "imap-proto/status-items.h"
#include "imapd/modseq.h"
#include "store/mailbox.h"

/* For the selected mailbox Courier tells what this session has seen, and its own RECENT. */
static void count_selected(const Mailbox *box, MailboxStatus *status) {
        MessageRecord record;

        status->n_messages = (uint32_t) mailbox_n_messages(box);
        status->n_recent = (uint32_t) mailbox_n_recent(box);
        status->n_unseen = status->n_deleted = 0;
        status->uidnext = mailbox_uidnext(box);
        status->highest_modseq = mailbox_told_modseq(box);
        for (size_t position = 0; position < status->n_messages; position++) {
                mailbox_message_at(box, position, &record);
                status->n_unseen += !(record.flags & FLAG_SEEN);
                status->n_deleted += (record.flags & FLAG_DELETED) != 0;
        }
}

int mailbox_status_look(ImapSession *session, const char *name, unsigned items,
                        MailboxStatus *ret_status) {
        int r;

        if (items & (1u << STATUS_HIGHESTMODSEQ))
                imap_session_use_modseqs(session);
        r = store_status(session->store, name,
                         items & (1u << STATUS_SIZE) ? STATUS_WITH_SIZE : 0, ret_status);
        if (r == STORE_DONE && text_equal(session->mailbox_name, name))
                count_selected(session->mailbox, ret_status);
        return r;
}

static void write_object_id(ImapWriter *writer, const char *object_id) {
        imap_write_raw(writer, "(");
        imap_write_raw(writer, object_id);
        imap_write_raw(writer, ")");
}

void mailbox_status_write(ImapSession *session, const char *name, unsigned items,
                          const MailboxStatus *status) {
        const uint64_t numbers[_STATUS_ITEM_MAX] = {
                [STATUS_MESSAGES]    = status->n_messages,
                [STATUS_RECENT]      = status->n_recent,
                [STATUS_UIDNEXT]     = status->uidnext,
                [STATUS_UIDVALIDITY] = status->uidvalidity,
                [STATUS_UNSEEN]      = status->n_unseen,
                [STATUS_DELETED]     = status->n_deleted,
                [STATUS_SIZE]        = status->size_octets,
                [STATUS_HIGHESTMODSEQ] = status->highest_modseq,
                [STATUS_APPENDLIMIT] = imap_append_limit(),
        };
        ImapWriter writer = imap_session_writer(session);
        const char *blank = "";

        imap_write_raw(&writer, "* STATUS ");
        imap_write_mailbox(&writer, name);
        imap_write_raw(&writer, " (");
        for (size_t i = 0; i < _STATUS_ITEM_MAX; i++) {
                if (!(items & (1u << i)))
                        continue;
                imap_write_raw(&writer, blank);
                imap_write_raw(&writer, status_item_to_name((StatusItem) i));
                imap_write_raw(&writer, " ");
                if (i == STATUS_MAILBOXID)
                        write_object_id(&writer, status->object_id);
                else
                        imap_write_number(&writer, numbers[i]);
                blank = " ";
        }
        imap_write_raw(&writer, ")\r\n");
}
