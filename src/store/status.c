/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STATUS of a mailbox that need not be open. */
#include "maildir/directory-reader.h"
#include "maildir/message-name.h"
#include "store/store-private.h"

static void count(const IndexTable *table, MailboxStatus *status) {
        status->n_messages = table->counts.n_messages;
        status->n_unseen = table->counts.n_unseen;
        status->n_deleted = table->counts.n_deleted;
        status->n_recent = table->counts.n_unclaimed;
}

/* What waits in new/ counts as it will count once it is numbered. */
static int count_new_file(const Folder *folder, const DirectoryName *file, bool with_size,
                          MailboxStatus *status) {
        struct stat st = { 0 };
        MessageName name;
        int r = DISK_DONE;

        if (file->kind == DIRECTORY_KIND_OTHER)
                return DISK_DONE;
        if (with_size || file->kind == DIRECTORY_KIND_UNKNOWN)
                r = disk_stat(folder->new_fd, file->name, &st);
        if (r != DISK_DONE)
                return r == DISK_MISSING ? DISK_DONE : r;
        message_name_parse(file->name, &name);
        status->n_messages++;
        status->n_recent++;
        status->uidnext++;
        status->n_unseen += !(name.flags & FLAG_SEEN);
        status->n_deleted += (name.flags & FLAG_DELETED) != 0;
        status->size_octets += (uint64_t) st.st_size;
        return DISK_DONE;
}

static int count_new(const Mailbox *box, bool with_size, MailboxStatus *status) {
        const Folder *folder = &box->folder;
        _cleanup_directory_reader_ DirectoryReader reader = DIRECTORY_READER_CLOSED;
        uint32_t n_before = status->n_messages;
        DirectoryName file = { 0 };
        int r = directory_reader_open(folder->new_fd, &reader);

        while (r == DISK_DONE) {
                r = directory_reader_next(&reader, &file);
                if (r != DISK_DONE || !file.name)
                        break;
                r = count_new_file(folder, &file, with_size, status);
        }
        if (status->n_messages > n_before)
                status->highest_modseq = mailbox_highest_modseq(box) + 1;
        return store_outcome(r);
}

static int add_sizes(Mailbox *box, MailboxStatus *status) {
        const IndexCounts *counts = &index_table(box->index)->counts;

        if (counts->n_wire_sizes_unknown == 0) {
                status->size_octets += counts->wire_size_sum;
                return STORE_DONE;
        }
        for (size_t i = 0; i < box->n_visible; i++) {
                uint64_t size = 0;
                int r = mailbox_wire_size(box, i, &size);

                if (r < 0)
                        return r;
                status->size_octets += size;
        }
        return STORE_DONE;
}

/* Everything but new/; *ret_source says that as well. Return: it tells the next change. */
static bool find_source(const Mailbox *box, StatusSource *ret_source) {
        const IndexFacts *facts = &index_table(box->index)->facts;
        struct stat new;

        if (fstat(box->folder.new_fd, &new) < 0)
                return false;
        *ret_source = (StatusSource){
                .cur = facts->cur, .new = index_identity(&new),
                .uid_database = facts->uid_database,
                .keyword_directory = facts->keyword_directory,
                .dovecot_uidlist = facts->dovecot_uidlist,
        };
        return index_files(box->index, &ret_source->index) && mailbox_is_proven(box) &&
               mailbox_time_tells(&ret_source->new);
}

static int count_all(Mailbox *box, unsigned options, MailboxStatus *status) {
        StatusSource source = { 0 };
        bool can_keep = find_source(box, &source);
        int r = STORE_DONE;

        status->uidvalidity = mailbox_uidvalidity(box);
        status->uidnext = mailbox_uidnext(box);
        status->highest_modseq = mailbox_highest_modseq(box);
        mailbox_object_id(box, status->object_id);
        count(index_table(box->index), status);
        if (!mailbox_new_is_empty(box, &source.new))
                r = count_new(box, options & STATUS_WITH_SIZE, status);
        if (r == STORE_DONE && options & STATUS_WITH_SIZE)
                r = add_sizes(box, status);
        if (r == STORE_DONE && can_keep)
                status_memory_keep(&box->store->statuses, box->directory, options, &source, status);
        return r;
}

int store_status(MailStore *store, const char *name, unsigned options,
                 MailboxStatus *ret_status) {
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        char directory[FOLDER_DIRECTORY_SIZE];
        MailboxStatus status = { 0 };
        int r = store_resolve(name, directory);

        if (r == STORE_DONE &&
            status_memory_find(&store->statuses, store->root_fd, directory, options, ret_status))
                return STORE_DONE;
        r = mailbox_open(store, name, MAILBOX_READ_ONLY, &box);
        if (r == STORE_DONE)
                r = count_all(box, options, &status);
        if (r == STORE_DONE)
                *ret_status = status;
        return r;
}
