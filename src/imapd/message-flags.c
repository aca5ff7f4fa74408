/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flags of a record, and the names of its keyword bits. */
#include "imapd/message-flags.h"

#include "store/store.h"

/* The names of the keyword bits that are set; room for all of them is there. */
static size_t find_names(const Mailbox *box, const MessageRecord *record, const char **names) {
        size_t n = MIN(mailbox_n_keywords(box), (size_t) MAILBOX_KEYWORDS_MAX), n_names = 0;

        for (size_t word = 0; word < record->n_keyword_words; word++)
                for (uint64_t bits = record->keyword_words[word]; bits != 0; bits &= bits - 1) {
                        size_t keyword = 64 * word + (size_t) __builtin_ctzll(bits);

                        if (keyword < n)
                                names[n_names++] = mailbox_keyword(box, keyword);
                }
        return n_names;
}

/* IMAP4rev2 has no \Recent. */
void message_flags_write(const ImapSession *session, ImapWriter *writer,
                         const MessageRecord *record) {
        bool is_recent = record->recent && !session->rev2;
        MessageFlags flags = record->flags | (is_recent ? FLAG_RECENT : 0);
        const char *names[MAILBOX_KEYWORDS_MAX];
        size_t n_names = find_names(session->mailbox, record, names);

        imap_write_raw(writer, "FLAGS ");
        imap_write_flags(writer, flags, names, n_names);
}
