/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flags of a record, and the names of its keyword bits. */
#include "imapd/message-flags.h"

void message_flags_write(ImapWriter *writer, const Mailbox *box, const MessageRecord *record) {
        MessageFlags flags = record->flags | (record->recent ? FLAG_RECENT : 0);
        size_t n = mailbox_n_keywords(box), n_names = 0;
        _cleanup_free_ const char **names = NULL;

        if (record->n_keyword_words > 0 && n > 0)
                names = make_array(const char *, n);
        for (size_t i = 0; names && i < n; i++)
                if (message_record_has_keyword(record, i))
                        names[n_names++] = mailbox_keyword(box, i);
        imap_write_raw(writer, "FLAGS ");
        imap_write_flags(writer, flags, names, n_names);
}
