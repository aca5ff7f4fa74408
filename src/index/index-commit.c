/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing an index: what has gathered goes to the log in one piece and is applied; a log that has
 * grown is folded into a new snapshot. What is synced, and when, is in doc/formats.md.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "index/index-private.h"
#include "index/journal.h"
#include "index/snapshot.h"

static void apply_batch(Index *index, unsigned how) {
        JournalActor actor = how & INDEX_FOUND ? JOURNAL_FOREIGN : JOURNAL_OWN;
        OctetReader reader = octet_reader(index->batch.data, index->batch.size);
        JournalRecord record;

        while (journal_next(&reader, index->sequence, &record)) {
                if (!journal_apply(&index->table, &record, actor))
                        index->suspect = true; /* a mistake of ours: look at the files again */
                index->is_synced |= record.kind == JOURNAL_SYNCED;
                index->sequence++;
        }
}

static int start_log(Index *index) {
        DiskFile file = { .temporary_dir = index->dir_fd, .temporary = JOURNAL_NAME ".new",
                          .dir = index->dir_fd, .name = JOURNAL_NAME, .mode = 0644 };
        _cleanup_buffer_ Buffer octets = { 0 };
        _cleanup_close_ int fd = -EBADF;
        struct stat st;
        int r;

        journal_append_header(&octets, index->generation);
        r = index_outcome(disk_replace(&file, octets.data, octets.size));
        if (r == INDEX_DONE)
                r = index_outcome(disk_open(index->dir_fd, JOURNAL_NAME, O_RDWR, 0, &fd));
        if (r == INDEX_DONE && fstat(fd, &st) < 0)
                r = failed(-errno, "stat '%s'", JOURNAL_NAME);
        if (r != INDEX_DONE)
                return r;
        (void) fd_close(index->log_fd);
        index->log_fd = TAKE_FD(fd);
        index->log_ino = st.st_ino;
        index->log_size = JOURNAL_HEADER_OCTETS;
        index->sequence = 0;
        index->is_synced = index->synced_untold = false;
        return INDEX_DONE;
}

/* Complete, and on disk if it has to be, before it has its name; and then the name as well. */
static int write_snapshot(Index *index, int64_t boot_sec, int *ret_fd) {
        static const char temporary[] = SNAPSHOT_NAME ".new";
        SnapshotFacts facts = { .generation = index->generation + 1, .boot_sec = boot_sec };
        _cleanup_close_ int fd = -EBADF;
        int r = disk_open(index->dir_fd, temporary, O_RDWR | O_CREAT | O_TRUNC, 0644, &fd);

        if (r != DISK_DONE)
                return r;
        r = snapshot_write(fd, &index->table, &facts);
        if (r == DISK_DONE && boot_sec == 0)
                r = disk_sync(fd, temporary);
        if (r == DISK_DONE)
                r = disk_rename(index->dir_fd, temporary, index->dir_fd, SNAPSHOT_NAME);
        if (r == DISK_DONE && boot_sec == 0)
                r = disk_sync(index->dir_fd, SNAPSHOT_NAME);
        if (r != DISK_DONE)
                (void) unlinkat(index->dir_fd, temporary, 0); /* may not even exist */
        else
                *ret_fd = TAKE_FD(fd);
        return r;
}

/* What was changed in our memory is in the file now: give it back. Positions must not move. */
static void map_anew(Index *index, int fd, const struct stat *st) {
        IndexTable newer = { 0 };
        SnapshotFacts facts;

        if (st->st_size < SNAPSHOT_MAPPED_OCTETS || index->table.gone.n_uids > 0)
                return;
        if (snapshot_load(fd, (uint64_t) st->st_size, &newer, &facts) == SNAPSHOT_DONE)
                index_table_take_over(&index->table, &newer);
}

/*
 * The snapshot gets its name first. Until the new log has its name too, the old one is known
 * by its generation to be contained in the snapshot.
 */
static int fold(Index *index, bool synced) {
        int64_t boot_sec = synced ? 0 : index_boot_sec();
        _cleanup_close_ int fd = -EBADF;
        struct stat st;
        int r = write_snapshot(index, boot_sec, &fd);

        if (r != DISK_DONE)
                return index_outcome(r);
        if (fstat(fd, &st) < 0)
                return failed(-errno, "stat '%s'", SNAPSHOT_NAME);
        index->generation++;
        index->boot_sec = boot_sec;
        index->snapshot = index_identity(&st);
        index->is_new = index->is_old = false;
        index->suspect = false;
        index->unsettled = false;
        index->log_fd = fd_close(index->log_fd);
        map_anew(index, fd, &st);
        return start_log(index);
}

/* What is promised to be on disk builds on the snapshot, and on the names of both files. */
static int sync_snapshot(Index *index) {
        _cleanup_close_ int fd = -EBADF;
        int r;

        if (index->boot_sec == 0)
                return DISK_DONE;
        r = disk_open(index->dir_fd, SNAPSHOT_NAME, O_RDONLY, 0, &fd);
        return r == DISK_DONE ? disk_sync(fd, SNAPSHOT_NAME) : r;
}

static int sync_log(Index *index, bool was_synced) {
        int r = disk_sync(index->log_fd, JOURNAL_NAME);

        return r == DISK_DONE && !was_synced ? disk_sync(index->dir_fd, JOURNAL_NAME) : r;
}

/* What stands behind the last whole record is the rest of somebody's crash. */
static int write_batch(Index *index, unsigned how) {
        bool was_synced = index->is_synced;
        struct stat st;
        int r = DISK_DONE;

        if ((fcntl(index->log_fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
                return INDEX_FORBIDDEN; /* the directory is ours to write, the file is not */
        if (fstat(index->log_fd, &st) < 0)
                return failed(-errno, "stat '%s'", JOURNAL_NAME);
        if (how & INDEX_SYNCED && !was_synced)
                r = sync_snapshot(index);
        if ((how & INDEX_SYNCED && !was_synced) || index->synced_untold)
                index_gather(index, &(JournalRecord){ .kind = JOURNAL_SYNCED });
        if (r == DISK_DONE && (uint64_t) st.st_size != index->log_size)
                r = disk_truncate(index->log_fd, index->log_size, JOURNAL_NAME);
        if (r == DISK_DONE && lseek(index->log_fd, (off_t) index->log_size, SEEK_SET) < 0)
                r = failed(-errno, "seek in '%s'", JOURNAL_NAME);
        if (r == DISK_DONE)
                r = disk_write(index->log_fd, index->batch.data, index->batch.size, JOURNAL_NAME);
        if (r == DISK_DONE && how & INDEX_SYNCED)
                r = sync_log(index, was_synced);
        if (r != DISK_DONE) {
                (void) disk_truncate(index->log_fd, index->log_size, JOURNAL_NAME); /* or torn */
                return index_outcome(r);
        }
        index->synced_untold = false;
        index->log_size += index->batch.size;
        index->suspect = false;
        index->unsettled = !(how & INDEX_SYNCED) && (index->unsettled || index->batch_is_told);
        return INDEX_DONE;
}

/* Nothing on disk to append to: the snapshot takes it, and must be written now. */
static int commit_by_fold(Index *index, unsigned how) {
        bool synced = !index->is_new || how & INDEX_SYNCED ||
                      index->table.n_records < UNSYNCED_MESSAGES;

        apply_batch(index, how);
        return fold(index, synced);
}

static bool is_large(const Index *index) {
        return index->log_size > JOURNAL_FOLD_OCTETS &&
               index->log_size > index->snapshot.size / JOURNAL_FOLD_SHARE;
}

static int commit(Index *index, unsigned how) {
        int r;

        if (index->in_memory) {
                apply_batch(index, how);
                return INDEX_DONE;
        }
        if (index->log_fd < 0 || index->is_direct)
                return commit_by_fold(index, how);
        r = write_batch(index, how);
        if (r != INDEX_DONE)
                return r;
        apply_batch(index, how);
        if (is_large(index) && fold(index, true) != INDEX_DONE)
                log_report(LOG_WARNING, "Cannot shorten the log of an index; trying again later.");
        return INDEX_DONE;
}

void index_start_settling(Index *index) {
        if (index->unsettled && index->log_fd >= 0)
                disk_write_out(index->log_fd, DISK_WRITE_OUT_WAIT);
}

int index_settle(Index *index) {
        int r = DISK_DONE;

        if (!index->unsettled || index->log_fd < 0)
                return INDEX_DONE;
        if (!index->is_synced)
                r = sync_snapshot(index);
        if (r == DISK_DONE)
                r = sync_log(index, index->is_synced);
        if (r == DISK_DONE && !index->is_synced)
                index->is_synced = index->synced_untold = true;
        index->unsettled = r != DISK_DONE;
        return index_outcome(r);
}

int index_commit(Index *index, unsigned how) {
        bool wanted = index_has_changes(index) || index->is_old;
        int r = INDEX_DONE;

        assert(index->n_batch_records == 0 ||
               index->batch_sequence == index->sequence + index->n_batch_records);
        index_gather_rest(index);
        if (wanted || index->batch.size > 0)
                r = commit(index, how);
        if (r == INDEX_DONE || index->is_new)
                index_end_direct(index); /* a new one has it in memory whatever happened */
        index_change_drop(index);
        return r;
}
