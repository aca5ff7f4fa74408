/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is of a mailbox. */
#include "store/inspect.h"

#include <errno.h>
#include <fcntl.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "index/journal.h"
#include "index/snapshot.h"
#include "store/store-private.h"

int store_open_directory(MailStore *store, const char *name, int *ret_fd) {
        char directory[FOLDER_DIRECTORY_SIZE];
        int r = store_resolve(name, directory);

        if (r != STORE_DONE)
                return r;
        r = disk_open(store->root_fd, directory, O_RDONLY | O_DIRECTORY, 0, ret_fd);
        return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
}

int store_has_directory(MailStore *store, const char *name) {
        _cleanup_close_ int fd = -EBADF;

        return store_open_directory(store, name, &fd);
}

static void count(const IndexTable *table, MailboxInspection *found) {
        for (size_t i = 0; i < table->n_records; i++) {
                if (index_table_record(table, i)->state & INDEX_GONE)
                        continue;
                found->n_messages++;
                found->n_unseen += !(table->records[i].flags & FLAG_SEEN);
                found->n_deleted += (table->records[i].flags & FLAG_DELETED) != 0;
        }
}

static void look_at_index(Index *index, MailboxInspection *found) {
        const IndexTable *table = index_table(index);

        found->has_index = true;
        found->is_damaged = index_is_suspect(index) || !index_check(index);
        found->uidvalidity = table->facts.uidvalidity;
        found->uidnext = table->facts.uidnext;
        found->highest_modseq = table->facts.highest_modseq;
        found->n_keywords = table->n_keywords;
        found->listed_sec = table->facts.scan_usec / (int64_t) USEC_PER_SEC;
        store_object_id_text(table->object_id, found->object_id);
        count(table, found);
}

int store_inspect(MailStore *store, const char *name, MailboxInspection *ret_found) {
        _cleanup_(index_closep) Index *index = NULL;
        _cleanup_close_ int fd = -EBADF;
        MailboxInspection found = { 0 };
        struct stat st;
        int r = store_open_directory(store, name, &fd);

        if (r != STORE_DONE)
                return r;
        if (disk_stat(fd, SNAPSHOT_NAME, &st) == DISK_DONE) {
                found.index_octets = (uint64_t) st.st_size;
                found.index_sec = st.st_mtime;
        }
        if (disk_stat(fd, JOURNAL_NAME, &st) == DISK_DONE) {
                found.log_octets = (uint64_t) st.st_size;
                found.log_sec = st.st_mtime;
        }
        r = index_open(fd, &index);
        if (r < 0)
                return r;
        if (r == INDEX_DONE)
                look_at_index(index, &found);
        found.is_damaged |= r == INDEX_BROKEN;
        *ret_found = found;
        return r == INDEX_FORBIDDEN ? STORE_UNREADABLE : STORE_DONE;
}
