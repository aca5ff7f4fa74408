/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Courier's files, written so that Courier goes on where we are. */
#include <fcntl.h>

#include "basic/log.h"
#include "maildir/keyword-list.h"
#include "maildir/uid-database.h"
#include "store/dovecot-letters.h"
#include "store/store-private.h"

enum {
        /* Courier's uidnext is raised by so many at once, so that the next messages are lines
         * added at the end: in a mailbox larger than this, and in every one that gets its second
         * message from one session, until the session leaves it. */
        RESERVE_FROM_MESSAGES = 1000,
        RESERVED_UIDS = 1000,

        COURIER_DIRTY = INDEX_UIDS_DIRTY | INDEX_KEYWORDS_DIRTY,
};

static bool append_uid(const IndexTable *table, size_t position, Buffer *octets) {
        const IndexRecord *record = index_table_record(table, position);

        if (record->state & INDEX_GONE)
                return false;
        uid_database_append_entry(octets, record->uid, index_table_name(table, position));
        return true;
}

static int rewrite_uids(Mailbox *box, IndexFacts *facts, uint32_t reserve,
                        struct stat *ret_stat) {
        _cleanup_free_ char *temporary = unique_name_control(&box->store->names, "imapuid");
        _cleanup_disk_writer_ DiskWriter writer = DISK_WRITER_CLOSED;
        const IndexTable *table = index_table(box->index);

        facts->uids_reserved = MIN(facts->uidnext, UINT32_MAX - reserve) + reserve;
        uid_database_start(&box->folder, temporary, &writer);
        uid_database_append_header(&writer.octets, facts->uidvalidity, facts->uids_reserved);
        for (size_t i = 0; i < table->n_records; i++)
                if (append_uid(table, i, &writer.octets))
                        disk_writer_drain(&writer);
        return uid_database_finish(&box->folder, &writer, ret_stat);
}

/* They are fewer than RESERVED_UIDS. */
static int add_uids(Mailbox *box, const IndexFacts *facts, struct stat *ret_stat) {
        const IndexTable *table = index_table(box->index);
        _cleanup_buffer_ Buffer lines = { 0 };
        size_t i;

        (void) index_table_find(table, facts->uids_written, &i); /* or the next greater one */
        for (; i < table->n_records; i++)
                (void) append_uid(table, i, &lines);
        return uid_database_append(&box->folder, &lines, ret_stat);
}

static void note_uids(IndexFacts *facts, const struct stat *st) {
        facts->uid_database = index_identity(st);
        facts->uids_written = facts->uidnext;
        facts->dirty &= ~(uint32_t) INDEX_UIDS_DIRTY;
}

static bool is_small(const Mailbox *box) {
        return index_table(box->index)->n_records <= RESERVE_FROM_MESSAGES;
}

/* Lines of messages that are gone do no harm; they go with the next rewrite. */
static int write_uids(Mailbox *box, IndexFacts *facts, bool leaves) {
        bool room = facts->uids_reserved > facts->uids_written &&
                    facts->uids_reserved >= facts->uidnext && facts->uidnext > facts->uids_written;
        bool reserves = !is_small(box) || (box->has_written_uids && !leaves);
        struct stat st;
        int r = room ? add_uids(box, facts, &st)
                     : rewrite_uids(box, facts, reserves ? RESERVED_UIDS : 0, &st);

        if (r != DISK_DONE)
                return r;
        note_uids(facts, &st);
        box->has_written_uids = true;
        box->has_reserved_uids |= !room && reserves && is_small(box);
        return r;
}

/* What this session has reserved in a small mailbox. */
static bool has_to_give_back(const Mailbox *box, const IndexFacts *facts) {
        return box->has_reserved_uids && is_small(box) && facts->uids_reserved > facts->uidnext;
}

int mailbox_rewrite_uids(Mailbox *box, IndexFacts *facts) {
        struct stat st;
        int r = rewrite_uids(box, facts, 0, &st);

        if (r == DISK_DONE)
                note_uids(facts, &st);
        return r;
}

static void append_messages(const IndexTable *table, Buffer *octets) {
        uint32_t numbers[INDEX_KEYWORDS_MAX];

        for (size_t i = 0; i < table->n_records; i++) {
                const uint64_t *words = index_table_keywords(table, i);
                size_t n = 0;

                for (size_t k = 0; k < table->n_keywords; k++)
                        if (words[k / 64] >> (k % 64) & 1)
                                numbers[n++] = (uint32_t) k;
                if (n > 0 && !(index_table_record(table, i)->state & INDEX_GONE))
                        keyword_list_append_entry(octets, index_table_name(table, i), numbers, n);
        }
}

int mailbox_write_keywords(Mailbox *box, IndexFacts *facts) {
        const IndexTable *table = index_table(box->index);
        _cleanup_keyword_list_ KeywordList theirs = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };
        struct stat st;
        int r = keyword_list_read(&box->folder, &theirs);

        if (r < 0)
                return r;
        keyword_list_append_names(&octets, (const char *const *) table->keywords,
                                  table->n_keywords);
        append_messages(table, &octets);
        r = keyword_list_write(&box->folder, &box->store->names, &octets);
        if (r != DISK_DONE)
                return r;
        keyword_list_remove_updates(&box->folder, &theirs);
        if (fstatat(box->folder.dir_fd, KEYWORD_DIRECTORY, &st, AT_SYMLINK_NOFOLLOW) == 0)
                facts->keyword_directory = index_identity(&st);
        facts->dirty &= ~(uint32_t) INDEX_KEYWORDS_DIRTY;
        return DISK_DONE;
}

/* Somebody changed the file since we last read it: that is read first, by the next scan. */
static bool is_as_known(Mailbox *box, const char *name, const FileIdentity *known) {
        struct stat st;
        FileIdentity now = { 0 };

        if (fstatat(box->folder.dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
                now = index_identity(&st);
        return index_identity_is_same(&now, known);
}

static void write_back(Mailbox *box, uint32_t which, bool leaves) {
        IndexFacts facts = index_table(box->index)->facts;
        bool gives_back = leaves && has_to_give_back(box, &facts);
        int r = DISK_DONE;

        if ((facts.dirty & which & INDEX_UIDS_DIRTY || gives_back) &&
            is_as_known(box, UID_DATABASE_NAME, &facts.uid_database))
                r = gives_back ? mailbox_rewrite_uids(box, &facts)
                               : write_uids(box, &facts, leaves);
        if (r == DISK_DONE && facts.dirty & which & INDEX_KEYWORDS_DIRTY)
                r = dovecot_letters_write(box, &facts);
        if (r == DISK_DONE && facts.dirty & which & INDEX_KEYWORDS_DIRTY &&
            is_as_known(box, KEYWORD_DIRECTORY, &facts.keyword_directory))
                r = mailbox_write_keywords(box, &facts);
        if (r != DISK_DONE)
                log_report(LOG_WARNING, "Cannot write the other servers' files of mailbox '%s', "
                           "trying again later.", box->name);
        index_change_facts(box->index, &facts);
        (void) index_commit(box->index, 0); /* then they are read once more, no harm */
}

void mailbox_write_back(Mailbox *box, uint32_t which) {
        write_back(box, which, false);
}

/* The time of the last listing is still true if nobody has written since. */
static void leave(Mailbox *box, bool with_courier) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;

        if (mailbox_lock(box, with_courier, &lock) != STORE_DONE ||
            index_pull(box->index) != INDEX_DONE)
                return;
        index_change_learned(box->index);
        write_back(box, COURIER_DIRTY, true);
}

void mailbox_leave(Mailbox *box) {
        const IndexTable *table = index_table(box->index);
        bool with_courier = table->facts.dirty & COURIER_DIRTY ||
                            has_to_give_back(box, &table->facts);

        if ((with_courier || table->learned.n_uids > 0 || box->has_unsaved_proof ||
             index_is_old(box->index)) &&
            folder_is_there(box->store->root_fd, box->directory, &box->folder))
                leave(box, with_courier);
}
