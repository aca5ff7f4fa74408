/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshot and log on disk: reading them, and reading on. */
#include "index/index.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/message-id.h"
#include "index/index-private.h"
#include "index/journal.h"
#include "index/snapshot.h"

enum {
        LOAD_ATTEMPTS = 10,
        CLOCK_STEP_SEC = 2, /* two looks at the time of one boot differ by less */
};

#define DAMAGED_NAME "imapd.index.damaged"

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
        index->table.spill_dir = &index->dir_fd;
        index->table.unseen_from = UINT32_MAX;
        make_object_id(&index->table, dir_fd);
        index->table.version = 1;
        index_start_direct(index);
        return index;
}

void index_start_modseq(Index *index, uint64_t modseq) {
        index->table.facts.highest_modseq = modseq;
        index->direct_facts.highest_modseq = modseq;
        index->table.history.floor = modseq;
}

Index *index_close(Index *index) {
        if (!index)
                return NULL;
        index_change_drop(index);
        buffer_done(&index->batch);
        index_table_done(&index->table);
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

int index_outcome(int disk_outcome) {
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

int64_t index_boot_sec(void) {
        struct timespec since = { 0 };

        (void) clock_gettime(CLOCK_BOOTTIME, &since);
        return (int64_t) (clock_realtime_usec() / USEC_PER_SEC) - since.tv_sec;
}

static int index_outcome_of_snapshot(int snapshot_outcome) {
        switch (snapshot_outcome) {
        case SNAPSHOT_BROKEN:
                return INDEX_BROKEN;
        case SNAPSHOT_NEWER:
                return INDEX_NEWER;
        default:
                return snapshot_outcome < 0 ? snapshot_outcome : INDEX_DONE;
        }
}

static int load_snapshot(Index *index) {
        _cleanup_close_ int fd = -EBADF;
        SnapshotFacts facts = { 0 };
        struct stat st;
        int r = disk_open(index->dir_fd, SNAPSHOT_NAME, O_RDONLY | O_NONBLOCK, 0, &fd);

        if (r != DISK_DONE)
                return index_outcome(r);
        if (fstat(fd, &st) < 0)
                return failed(-errno, "stat '%s'", SNAPSHOT_NAME);
        if (!S_ISREG(st.st_mode))
                return INDEX_BROKEN;
        index_table_done(&index->table);
        r = snapshot_load(fd, (uint64_t) st.st_size, &index->table, &facts);
        if (index_outcome_of_snapshot(r) != INDEX_DONE)
                return index_outcome_of_snapshot(r);
        index->table.spill_dir = &index->dir_fd;
        index->table.version = 1;
        index->is_old = r == SNAPSHOT_OLD;
        index->generation = facts.generation;
        index->boot_sec = facts.boot_sec;
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
        size_t size = end > index->log_size ? (size_t) (end - index->log_size) : 0, n;
        _cleanup_free_ char *octets = memory_new(size + 1, 1);
        OctetReader reader;
        JournalRecord record;
        int r = fd_read_at(index->log_fd, index->log_size, octets, size, &n);

        if (r < 0)
                return failed(r, "read '%s'", JOURNAL_NAME);
        for (reader = octet_reader(octets, n);
             journal_next(&reader, index->sequence, &record); index->sequence++) {
                if (!journal_apply(&index->table, &record, actor)) {
                        index->suspect = true;
                        return INDEX_BROKEN;
                }
                index->is_synced |= record.kind == JOURNAL_SYNCED;
        }
        index->log_size += n - reader.left;
        index->suspect = reader.left > 0;
        return INDEX_DONE;
}

static int close_log(Index *index, int outcome) {
        index->log_fd = fd_close(index->log_fd);
        return outcome;
}

/* A log of another generation than the snapshot's: older is empty, newer means look again. */
static int load_log(Index *index) {
        char header[JOURNAL_HEADER_OCTETS];
        uint64_t generation = 0;
        JournalHeader kind;
        struct stat st;
        ssize_t n;
        int r = open_log(index);

        if (r != INDEX_DONE)
                return r == INDEX_MISSING ? INDEX_DONE : r;
        if (fstat(index->log_fd, &st) < 0)
                return failed(-errno, "stat '%s'", JOURNAL_NAME);
        index->log_ino = st.st_ino;
        n = pread(index->log_fd, header, sizeof(header), 0);
        kind = n < 0 ? JOURNAL_HEADER_DAMAGED
                     : journal_read_header(header, (size_t) n, &generation);
        if (kind == JOURNAL_HEADER_NEWER)
                return close_log(index, INDEX_NEWER);
        if (kind == JOURNAL_HEADER_DAMAGED) {
                index->suspect = true;
                return close_log(index, INDEX_DONE);
        }
        if (generation != index->generation)
                return close_log(index, generation > index->generation ? INDEX_BROKEN : INDEX_DONE);
        index->log_size = JOURNAL_HEADER_OCTETS;
        index->sequence = 0;
        r = read_on(index, (uint64_t) st.st_size, JOURNAL_FOREIGN);
        index->is_old |= kind == JOURNAL_HEADER_OLD;
        return index->is_old ? close_log(index, r) : r;
}

/*
 * A snapshot that was written without waiting for the disk, and after which the machine was booted
 * again, may have lost any of its blocks. Clocks are set meanwhile: then this is a look too many.
 */
static bool is_whole(const Index *index) {
        int64_t difference = index->boot_sec - index_boot_sec();

        if (index->boot_sec != 0 && !index->is_synced &&
            (difference < -CLOCK_STEP_SEC || difference > CLOCK_STEP_SEC))
                return index_table_check_all(&index->table);
        return !index_table_is_damaged(&index->table);
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
                index_end_direct(index);
                r = load_log(index);
                if (r == INDEX_BROKEN && i < LOAD_ATTEMPTS)
                        continue;
                if (r < 0 || r == INDEX_NEWER)
                        return r;
                if (!is_whole(index))
                        return INDEX_BROKEN;
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
        table->changed.n_uids = 0;
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
        forget_changes(&newer->table); /* what is not in it is gone */
        if (!index_table_merge(&index->table, &newer->table))
                return INDEX_REPLACED;
        (void) fd_close(index->log_fd);
        index->log_fd = TAKE_FD(newer->log_fd);
        index->log_ino = newer->log_ino;
        index->log_size = newer->log_size;
        index->sequence = newer->sequence;
        index->generation = newer->generation;
        index->snapshot = newer->snapshot;
        index->boot_sec = newer->boot_sec;
        index->is_synced = newer->is_synced;
        index->synced_untold = false;
        index->is_old = newer->is_old;
        index->suspect = newer->suspect;
        index->is_new = false;
        return INDEX_DONE;
}

/* The file gets another name, if it is still the one we have, so that the next one is made anew. */
static int put_damaged_away(Index *index) {
        struct stat st;

        log_report_id(LOG_WARNING, MESSAGE_ID_INDEX_REBUILT,
                      "Index of a mailbox is damaged, it is rebuilt when that is opened again.");
        if (!index->in_memory && !index->is_new &&
            disk_stat(index->dir_fd, SNAPSHOT_NAME, &st) == DISK_DONE &&
            is_same_file(&index->snapshot, &st))
                (void) disk_rename(index->dir_fd, SNAPSHOT_NAME, index->dir_fd, DAMAGED_NAME);
        return INDEX_DAMAGED;
}

bool index_files(const Index *index, IndexFiles *ret_files) {
        if (index->in_memory || index->is_new || index->is_old || index->suspect ||
            index->log_fd < 0 || index_has_changes(index))
                return false;
        *ret_files = (IndexFiles){ index->snapshot, index->log_ino, index->log_size };
        return true;
}

bool index_is_old(const Index *index) {
        return index->is_old;
}

bool index_check(Index *index) {
        return index_table_check_all(&index->table);
}

void index_expunged_since(Index *index, uint64_t modseq, NumberSet *ret_uids,
                          bool *ret_complete) {
        IndexTable *table = &index->table;

        *ret_complete = index_history_since(&table->history, table->facts.highest_modseq, modseq,
                                            ret_uids);
}

static int pull(Index *index) {
        struct stat snapshot, log = { 0 };

        if (fstatat(index->dir_fd, SNAPSHOT_NAME, &snapshot, AT_SYMLINK_NOFOLLOW) < 0)
                return INDEX_REPLACED;
        if (!is_same_file(&index->snapshot, &snapshot))
                return reload(index);
        if (fstatat(index->dir_fd, JOURNAL_NAME, &log, AT_SYMLINK_NOFOLLOW) < 0)
                return index->log_fd < 0 ? INDEX_DONE : reload(index);
        if (index->is_old) /* whoever still writes version 1 may have gone on */
                return (uint64_t) log.st_size == index->log_size ? INDEX_DONE : reload(index);
        if (log.st_ino != index->log_ino ||
            (index->log_fd >= 0 && (uint64_t) log.st_size < index->log_size))
                return reload(index);
        if (index->log_fd < 0 || (uint64_t) log.st_size == index->log_size)
                return INDEX_DONE;
        return read_on(index, (uint64_t) log.st_size, JOURNAL_FOREIGN) == INDEX_BROKEN
                       ? reload(index) : INDEX_DONE;
}

int index_pull(Index *index) {
        int r = index->in_memory || index->is_new ? INDEX_DONE : pull(index);

        return index_table_is_damaged(&index->table) ? put_damaged_away(index) : r;
}
