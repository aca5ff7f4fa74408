/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshot and log on disk: reading them, and reading on. */
#include "index/index.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "index/index-private.h"
#include "index/journal.h"
#include "index/snapshot.h"

enum { LOAD_ATTEMPTS = 10 };

/* splitmix64 */
static uint64_t mix(uint64_t value) {
        value += UINT64_C(0x9e3779b97f4a7c15);
        value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
        return value ^ value >> 31;
}

/*
 * The same again if the index is lost and UIDVALIDITY is not: RFC 8474 wants it so. A directory
 * keeps its inode when it is renamed; one that is made later differs in UIDVALIDITY.
 */
static void make_object_id(IndexTable *table, int dir_fd) {
        struct stat st = { 0 };
        uint64_t halves[2];

        (void) fstat(dir_fd, &st); /* a constant is as good, if less distinct */
        halves[0] = htole64(mix((uint64_t) st.st_ino ^ mix(table->facts.uidvalidity)));
        halves[1] = htole64(mix(halves[0] ^ (uint64_t) st.st_ino));
        memcpy(table->object_id, halves, sizeof(table->object_id));
}

Index *index_new(int dir_fd, uint32_t uidvalidity) {
        Index *index = make(Index, .dir_fd = dir_fd, .log_fd = -EBADF);

        index->table.facts = (IndexFacts){ .uidvalidity = uidvalidity, .uidnext = 1,
                                           .highest_modseq = 1 };
        /* Greater than that of any index that was here before. */
        index->generation = clock_realtime_usec();
        index->is_new = true;
        make_object_id(&index->table, dir_fd);
        index->table.version = 1;
        return index;
}

Index *index_close(Index *index) {
        if (!index)
                return NULL;
        index_table_done(&index->table);
        buffer_done(&index->batch);
        index_change_drop(index);
        index->log_fd = fd_close(index->log_fd);
        free(index);
        return NULL;
}

IndexTable *index_table(Index *index) {
        return &index->table;
}

void index_keep_in_memory(Index *index) {
        index->in_memory = true;
}

bool index_is_suspect(const Index *index) {
        return index->suspect;
}

FileIdentity index_identity(const struct stat *st) {
        return (FileIdentity){
                .mtime_sec = st->st_mtim.tv_sec, .mtime_nsec = (uint32_t) st->st_mtim.tv_nsec,
                .ino = st->st_ino, .size = (uint64_t) st->st_size,
        };
}

bool index_identity_is_same(const FileIdentity *a, const FileIdentity *b) {
        return a->ino == b->ino && a->size == b->size && a->mtime_sec == b->mtime_sec &&
               a->mtime_nsec == b->mtime_nsec;
}

static bool is_same_file(const FileIdentity *identity, const struct stat *st) {
        FileIdentity now = index_identity(st);

        return index_identity_is_same(identity, &now);
}

static int index_outcome(int disk_outcome) {
        switch (disk_outcome) {
        case DISK_MISSING:
                return INDEX_MISSING;
        case DISK_NO_SPACE:
                return INDEX_NO_SPACE;
        case DISK_FORBIDDEN:
                return INDEX_FORBIDDEN;
        default:
                return disk_outcome <= 0 ? disk_outcome : INDEX_BROKEN;
        }
}

static int load_snapshot(Index *index) {
        _cleanup_free_ char *octets = NULL;
        struct stat st;
        size_t size;
        int r = disk_read(index->dir_fd, SNAPSHOT_NAME, SNAPSHOT_OCTETS_MAX, &octets, &size, &st);

        if (r != DISK_DONE)
                return index_outcome(r);
        if (!snapshot_decode(octets, size, &index->table, &index->generation))
                return INDEX_BROKEN;
        index->snapshot = index_identity(&st);
        return INDEX_DONE;
}

static int open_log(Index *index) {
        int r = disk_open(index->dir_fd, JOURNAL_NAME, O_RDWR, 0, &index->log_fd);

        if (r == DISK_FORBIDDEN)
                r = disk_open(index->dir_fd, JOURNAL_NAME, O_RDONLY, 0, &index->log_fd);
        return index_outcome(r);
}

/* Reads and applies the records from where we were; a record that is not whole ends it. */
static int read_on(Index *index, uint64_t end, JournalActor actor) {
        size_t size = end > index->log_size ? (size_t) (end - index->log_size) : 0, n = 0;
        _cleanup_free_ char *octets = memory_new(size + 1, 1);
        OctetReader reader;
        JournalRecord record;

        while (n < size) {
                ssize_t got = pread(index->log_fd, octets + n, size - n,
                                    (off_t) (index->log_size + n));

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return failed(-errno, "read '%s'", JOURNAL_NAME);
                if (got == 0)
                        break;
                n += (size_t) got;
        }
        for (reader = octet_reader(octets, n);
             journal_next(&reader, index->sequence, &record); index->sequence++)
                if (!journal_apply(&index->table, &record, actor)) {
                        index->suspect = true;
                        return INDEX_BROKEN;
                }
        index->log_size += n - reader.left;
        index->suspect = reader.left > 0;
        return INDEX_DONE;
}

/* A log of another generation than the snapshot's: older is empty, newer means look again. */
static int load_log(Index *index) {
        char header[JOURNAL_HEADER_OCTETS];
        uint64_t generation = 0;
        struct stat st;
        ssize_t n;
        int r = open_log(index);

        if (r != INDEX_DONE)
                return r == INDEX_MISSING ? INDEX_DONE : r;
        if (fstat(index->log_fd, &st) < 0)
                return failed(-errno, "stat '%s'", JOURNAL_NAME);
        index->log_ino = st.st_ino;
        n = pread(index->log_fd, header, sizeof(header), 0);
        if (n < 0 || !journal_read_header(header, (size_t) n, &generation)) {
                index->suspect = true;
                index->log_fd = fd_close(index->log_fd);
                return INDEX_DONE;
        }
        if (generation != index->generation) {
                index->log_fd = fd_close(index->log_fd);
                return generation > index->generation ? INDEX_BROKEN : INDEX_DONE;
        }
        index->log_size = JOURNAL_HEADER_OCTETS;
        index->sequence = 0;
        return read_on(index, (uint64_t) st.st_size, JOURNAL_FOREIGN);
}

/*
 * A writer may fold between our reading of the snapshot and of the log: then the log is newer,
 * and looking again finds the new snapshot. It stays newer only when a snapshot was put back
 * from a backup; the snapshot alone is used then.
 */
static int load(int dir_fd, Index **ret_index) {
        for (int i = 0;; i++) {
                _cleanup_(index_closep) Index *index = index_new(dir_fd, 0);
                int r = load_snapshot(index);

                if (r != INDEX_DONE)
                        return r;
                index->is_new = false;
                r = load_log(index);
                if (r == INDEX_BROKEN && i < LOAD_ATTEMPTS)
                        continue;
                if (r < 0)
                        return r;
                if (r != INDEX_DONE) {
                        index->log_fd = fd_close(index->log_fd);
                        index->suspect = true;
                }
                *ret_index = TAKE_PTR(index);
                return INDEX_DONE;
        }
}

/* Whoever opens has not seen anything yet that could have changed. */
static void forget_changes(IndexTable *table) {
        for (size_t i = 0; i < table->n_records; i++)
                table->records[i].state &= (uint8_t) ~INDEX_CHANGED;
        index_table_compact(table);
}

int index_open(int dir_fd, Index **ret_index) {
        int r = load(dir_fd, ret_index);

        if (r == INDEX_DONE)
                forget_changes(&(*ret_index)->table);
        return r;
}

static int reload(Index *index) {
        _cleanup_(index_closep) Index *newer = NULL;
        int r = load(index->dir_fd, &newer);

        if (r < 0)
                return r;
        if (r != INDEX_DONE)
                return INDEX_REPLACED;
        index_table_compact(&newer->table); /* what is not in it is gone */
        if (!index_table_merge(&index->table, &newer->table))
                return INDEX_REPLACED;
        (void) fd_close(index->log_fd);
        index->log_fd = TAKE_FD(newer->log_fd);
        index->log_ino = newer->log_ino;
        index->log_size = newer->log_size;
        index->sequence = newer->sequence;
        index->generation = newer->generation;
        index->snapshot = newer->snapshot;
        index->suspect = newer->suspect;
        index->is_new = false;
        return INDEX_DONE;
}

int index_pull(Index *index) {
        struct stat snapshot, log = { 0 };

        if (index->in_memory)
                return INDEX_DONE;
        if (fstatat(index->dir_fd, SNAPSHOT_NAME, &snapshot, AT_SYMLINK_NOFOLLOW) < 0)
                return index->is_new ? INDEX_DONE : INDEX_REPLACED;
        if (index->is_new)
                return INDEX_DONE;
        if (!is_same_file(&index->snapshot, &snapshot))
                return reload(index);
        if (fstatat(index->dir_fd, JOURNAL_NAME, &log, AT_SYMLINK_NOFOLLOW) < 0)
                return index->log_fd < 0 ? INDEX_DONE : reload(index);
        if (index->log_fd < 0 ? log.st_ino != index->log_ino : log.st_ino != index->log_ino ||
            (uint64_t) log.st_size < index->log_size)
                return reload(index);
        if (index->log_fd < 0 || (uint64_t) log.st_size == index->log_size)
                return INDEX_DONE;
        return read_on(index, (uint64_t) log.st_size, JOURNAL_FOREIGN) == INDEX_BROKEN
                       ? reload(index) : INDEX_DONE;
}
