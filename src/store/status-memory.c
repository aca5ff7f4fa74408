/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statuses by directory, in the order in which they were first asked for. */
#include "store/status-memory.h"

#include <fcntl.h>

#include "basic/text.h"
#include "index/journal.h"
#include "index/snapshot.h"
#include "maildir/dovecot-uidlist.h"
#include "maildir/keyword-list.h"
#include "maildir/uid-database.h"
#include "store/name-map.h"

enum { PATH_SIZE = FOLDER_DIRECTORY_SIZE + 32 };

void status_memory_done(StatusMemory *memory) {
        for (size_t i = 0; i < memory->n_list; i++)
                free(memory->list[i].directory);
        free(memory->list);
        *memory = (StatusMemory){ 0 };
}

/* Zero for a file that is missing. A path that leads elsewhere meanwhile leads to other files. */
static FileIdentity look(int root_fd, const char *directory, const char *name) {
        char path[PATH_SIZE];
        size_t n = strlen(directory);
        struct stat st;

        memcpy(path, directory, n);
        path[n] = '/';
        memcpy(path + n + 1, name, strlen(name) + 1); /* the names are ours, and short */
        return fstatat(root_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ? index_identity(&st)
                                                                     : (FileIdentity){ 0 };
}

static bool is_same(int root_fd, const char *directory, const char *name,
                    const FileIdentity *known) {
        FileIdentity now = look(root_fd, directory, name);

        return index_identity_is_same(&now, known);
}

static bool is_same_log(int root_fd, const char *directory, const IndexFiles *known) {
        FileIdentity now = look(root_fd, directory, JOURNAL_NAME);

        return now.ino == known->log_ino && now.size == known->log_size;
}

static bool is_unchanged(int root_fd, const KnownStatus *known) {
        const StatusSource *source = &known->source;
        const char *directory = known->directory;

        return is_same_log(root_fd, directory, &source->index) &&
               is_same(root_fd, directory, SNAPSHOT_NAME, &source->index.snapshot) &&
               is_same(root_fd, directory, "new", &source->new) &&
               is_same(root_fd, directory, "cur", &source->cur) &&
               is_same(root_fd, directory, UID_DATABASE_NAME, &source->uid_database) &&
               is_same(root_fd, directory, KEYWORD_DIRECTORY, &source->keyword_directory) &&
               (source->dovecot_uidlist.ino == 0 ||
                is_same(root_fd, directory, DOVECOT_UIDLIST_NAME, &source->dovecot_uidlist));
}

static KnownStatus *find(StatusMemory *memory, const char *directory) {
        size_t hash = name_hash(directory, strlen(directory));

        for (size_t i = 1; i <= memory->n_list; i++) {
                size_t at = (memory->at + i) % memory->n_list;

                if (memory->list[at].hash == hash &&
                    text_equal(memory->list[at].directory, directory)) {
                        memory->at = at;
                        return &memory->list[at];
                }
        }
        return NULL;
}

bool status_memory_find(StatusMemory *memory, int root_fd, const char *directory,
                        unsigned options, MailboxStatus *ret_status) {
        const KnownStatus *known = find(memory, directory);

        if (!known || (options & ~known->options) != 0 || !is_unchanged(root_fd, known))
                return false;
        *ret_status = known->status;
        return true;
}

/* Whoever has more mailboxes than this asks for them in a circle. */
static KnownStatus *take_slot(StatusMemory *memory) {
        if (memory->n_list < STATUS_MEMORY_MAX) {
                GROW(memory->list, memory->n_list, memory->n_allocated);
                memory->at = memory->n_list++;
        } else {
                memory->at = (memory->at + 1) % memory->n_list;
                free(memory->list[memory->at].directory);
        }
        return &memory->list[memory->at];
}

void status_memory_keep(StatusMemory *memory, const char *directory, unsigned options,
                        const StatusSource *source, const MailboxStatus *status) {
        KnownStatus *slot = find(memory, directory);

        if (!slot) {
                slot = take_slot(memory);
                slot->directory = text_dup(directory);
                slot->hash = name_hash(directory, strlen(directory));
        }
        slot->options = options;
        slot->source = *source;
        slot->status = *status;
}
