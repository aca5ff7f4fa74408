/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the cache, or from the message, and then they are kept. */
#include "imapd/message-fields.h"

#include "imapd/message-header.h"
#include "store/mailbox.h"
#include "store/message.h"

static int open_at(Mailbox *box, size_t position, Message **message) {
        MessageRecord record;

        if (*message)
                return STORE_DONE;
        mailbox_message_at(box, position, &record);
        return message_open(box, record.uid, message);
}

int message_fields_find(ImapSession *session, size_t position, const CachedFields *fields,
                        Message **message, Buffer *target) {
        _cleanup_buffer_ Buffer header = { 0 };
        Mailbox *box = session->mailbox;
        int r;

        buffer_clear(target);
        if (message_cached_fields(box, position, fields, target))
                return STORE_DONE;
        r = open_at(box, position, message);
        if (r == STORE_DONE)
                r = message_header_read(*message, &header);
        if (r != STORE_DONE)
                return r;
        /* What is too large to be kept is looked at whole. */
        if (!message_keep_header(box, position, message_file_size(*message), header.data,
                                 header.size, fields, target))
                buffer_append(target, header.data, header.size);
        return STORE_DONE;
}
