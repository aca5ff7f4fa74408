/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Dovecot's letters in the names of files stand for. */
#include "store/dovecot-letters.h"

#include "maildir/message-name.h"
#include "store/store-private.h"

static uint64_t bit_of(size_t letter) {
        return UINT64_C(1) << (26 + letter);
}

int dovecot_letters_read(Mailbox *box, DovecotLetters *ret_letters) {
        _cleanup_(dovecot_keywords_freep) DovecotKeywords *keywords = NULL;
        DovecotLetters letters = { 0 };
        int r = dovecot_keywords_read(&box->folder, &keywords);

        if (r < 0)
                return r;
        for (size_t i = 0; keywords && i < MIN(keywords->n_names, (size_t) DOVECOT_LETTERS); i++) {
                size_t number;

                if (!keywords->names[i] ||
                    !index_change_keyword(box->index, keywords->names[i], &number))
                        continue;
                letters.mapped |= bit_of(i);
                letters.numbers[i] = (uint16_t) number;
        }
        *ret_letters = letters;
        return STORE_DONE;
}

void dovecot_letters_set(const DovecotLetters *letters, uint64_t which, uint64_t *words) {
        for (size_t i = 0; i < DOVECOT_LETTERS; i++)
                if (which & letters->mapped & bit_of(i))
                        words[letters->numbers[i] / 64] |= UINT64_C(1) << letters->numbers[i] % 64;
}

void dovecot_letters_clear(const DovecotLetters *letters, uint64_t which, uint64_t *words) {
        for (size_t i = 0; i < DOVECOT_LETTERS; i++)
                if (which & letters->mapped & bit_of(i))
                        words[letters->numbers[i] / 64] &=
                                ~(UINT64_C(1) << letters->numbers[i] % 64);
}

uint64_t dovecot_letters_for(const DovecotLetters *letters, uint64_t now, const uint64_t *words,
                             size_t n_words) {
        uint64_t wanted = now & ~letters->mapped;

        for (size_t i = 0; i < DOVECOT_LETTERS; i++) {
                size_t number = letters->numbers[i];

                if (letters->mapped & bit_of(i) && number / 64 < n_words &&
                    words[number / 64] >> (number % 64) & 1)
                        wanted |= bit_of(i);
        }
        return wanted;
}

uint64_t dovecot_letters_for_copy(Mailbox *source, Mailbox *target, uint64_t letters) {
        struct stat st;

        if (!(letters & MESSAGE_LETTERS_LOWER) || source == target)
                return letters;
        if (disk_stat(source->folder.dir_fd, DOVECOT_KEYWORDS_NAME, &st) != DISK_DONE &&
            disk_stat(target->folder.dir_fd, DOVECOT_KEYWORDS_NAME, &st) != DISK_DONE)
                return letters;
        return letters & ~MESSAGE_LETTERS_LOWER; /* the target's own follow from the keywords */
}

/* A file that somebody else renamed or removed is left to the next scan. */
static int write_message(Mailbox *box, size_t position, uint64_t letters) {
        const IndexTable *table = index_table(box->index);
        IndexMessage message = { .record = table->records[position], .n_words = table->n_words,
                                 .words = index_table_keywords(table, position) };
        const char *base = index_table_name(table, position);
        _cleanup_free_ char *from = mailbox_file_name(box, position);
        _cleanup_free_ char *to = message_name_format(base, strlen(base), MESSAGE_SUFFIX_FLAGS,
                                                      message.record.flags, letters);
        int r = disk_rename_new(box->folder.cur_fd, from, box->folder.cur_fd, to);

        if (r != DISK_DONE)
                return r == DISK_MISSING || r == DISK_EXISTS ? STORE_DONE : store_outcome(r);
        message.record.suffix = MESSAGE_SUFFIX_FLAGS;
        message.record.letters = letters;
        index_change_flags(box->index, &message);
        return STORE_DONE;
}

int dovecot_letters_write(Mailbox *box, IndexFacts *facts) {
        const IndexTable *table = index_table(box->index);
        DirectoryNote note = mailbox_note_before(box);
        DovecotLetters letters = { 0 };
        struct stat st;
        int r = dovecot_letters_read(box, &letters);

        for (size_t i = 0; r == STORE_DONE && letters.mapped && i < table->n_records; i++) {
                const IndexRecord *record = index_table_record(table, i);
                uint64_t wanted = dovecot_letters_for(&letters, record->letters,
                                                      index_table_keywords(table, i),
                                                      table->n_words);

                if (wanted != record->letters && !(record->state & INDEX_GONE))
                        r = write_message(box, i, wanted);
        }
        if (note.was_known && fstat(box->folder.cur_fd, &st) == 0)
                facts->cur = index_identity(&st);
        return r;
}
