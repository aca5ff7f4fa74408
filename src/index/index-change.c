/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing an index: records gathered, written in one piece, applied. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "index/index-private.h"
#include "index/journal.h"
#include "index/snapshot.h"

/* Whether clients are told of it: what is only our own knowledge may be lost with the power. */
static bool is_told(JournalKind kind) {
        return kind == JOURNAL_ADD || kind == JOURNAL_FLAGS || kind == JOURNAL_EXPUNGE;
}

static void gather(Index *index, const JournalRecord *record) {
        if (index->n_batch_records == 0)
                index->batch_sequence = index->sequence;
        journal_append(&index->batch, index->batch_sequence++, record);
        index->n_batch_records++;
        index->batch_is_told |= is_told(record->kind);
}

static uint64_t next_modseq(const Index *index) {
        return index->table.facts.highest_modseq + 1;
}

static uint32_t next_uid(const Index *index) {
        return MAX(index->batch_uidnext, index->table.facts.uidnext);
}

static JournalRecord message_record(const Index *index, JournalKind kind,
                                    const IndexMessage *message) {
        JournalRecord record = { .kind = kind, .record = message->record, .base = message->base };

        record.base_size = message->base ? strlen(message->base) : 0;
        record.record.modseq = next_modseq(index);
        record.record.save_date_sec = (uint32_t) (clock_realtime_usec() / USEC_PER_SEC);
        if (kind == JOURNAL_ADD && record.record.email_id == 0)
                record.record.email_id = index_email_id(record.base, record.base_size,
                                                        record.record.save_date_sec);
        for (size_t i = 0; i < message->n_words && i < ELEMENTSOF(record.words); i++)
                record.words[i] = message->words[i];
        return record;
}

uint32_t index_change_add(Index *index, const IndexMessage *message) {
        JournalRecord record = message_record(index, JOURNAL_ADD, message);

        if (record.record.uid < next_uid(index))
                record.record.uid = next_uid(index);
        index->batch_uidnext = index->batch_implied_uidnext = record.record.uid + 1;
        gather(index, &record);
        return record.record.uid;
}

void index_change_flags(Index *index, const IndexMessage *message) {
        JournalRecord record = message_record(index, JOURNAL_FLAGS, message);

        gather(index, &record);
}

void index_change_expunge(Index *index, uint32_t uid) {
        gather(index, &(JournalRecord){ .kind = JOURNAL_EXPUNGE, .record = {
                                                .uid = uid, .modseq = next_modseq(index) } });
}

void index_change_sizes(Index *index, const IndexRecord *record) {
        gather(index, &(JournalRecord){ .kind = JOURNAL_SIZE, .record = *record });
}

void index_change_claim(Index *index, uint32_t uid) {
        gather(index, &(JournalRecord){ .kind = JOURNAL_CLAIM, .record = { .uid = uid } });
}

bool index_change_keyword(Index *index, const char *name, size_t *ret_number) {
        size_t n = index->table.n_keywords + index->n_batch_keywords;

        if (index_table_find_keyword(&index->table, name, ret_number))
                return true;
        for (size_t i = 0; i < index->n_batch_keywords; i++)
                if (text_equal_nocase(index->batch_keywords[i], name)) {
                        *ret_number = index->table.n_keywords + i;
                        return true;
                }
        if (n >= INDEX_KEYWORDS_MAX || *name == '\0' || strlen(name) > JOURNAL_KEYWORD_MAX)
                return false;
        GROW(index->batch_keywords, index->n_batch_keywords, index->n_batch_keywords_allocated);
        index->batch_keywords[index->n_batch_keywords++] = text_dup(name);
        gather(index, &(JournalRecord){ .kind = JOURNAL_KEYWORD, .base = name,
                                        .base_size = strlen(name) });
        *ret_number = n;
        return true;
}

void index_change_uidnext(Index *index, uint32_t uidnext) {
        index->batch_uidnext = MAX(uidnext, next_uid(index));
}

void index_change_facts(Index *index, const IndexFacts *facts) {
        index->batch_facts = *facts;
        index->has_batch_facts = true;
}

bool index_has_changes(const Index *index) {
        return index->is_new || index->n_batch_records > 0 || index->batch_uidnext > 0;
}

void index_change_drop(Index *index) {
        buffer_clear(&index->batch);
        for (size_t i = 0; i < index->n_batch_keywords; i++)
                free(index->batch_keywords[i]);
        free(TAKE_PTR(index->batch_keywords));
        index->n_batch_keywords = index->n_batch_keywords_allocated = 0;
        index->n_batch_records = 0;
        index->batch_uidnext = index->batch_implied_uidnext = 0;
        index->has_batch_facts = index->batch_is_told = false;
}

/* UIDs and modseq are counted here; the rest is what the caller saw. */
static void gather_facts(Index *index) {
        JournalRecord record = { .kind = JOURNAL_FACTS };

        if (!index->has_batch_facts && index->batch_uidnext <= MAX(index->batch_implied_uidnext,
                                                            index->table.facts.uidnext))
                return;
        record.facts = index->has_batch_facts ? index->batch_facts : index->table.facts;
        record.facts.uidvalidity = index->table.facts.uidvalidity;
        record.facts.uidnext = next_uid(index);
        record.facts.highest_modseq = index->batch_is_told ? next_modseq(index)
                                                   : index->table.facts.highest_modseq;
        gather(index, &record);
}

static void apply_batch(Index *index, unsigned how) {
        JournalActor actor = how & INDEX_FOUND ? JOURNAL_FOREIGN : JOURNAL_OWN;
        OctetReader reader = octet_reader(index->batch.data, index->batch.size);
        JournalRecord record;

        while (journal_next(&reader, index->sequence, &record)) {
                if (!journal_apply(&index->table, &record, actor))
                        index->suspect = true; /* a mistake of ours: look at the files again */
                index->sequence++;
        }
}

static int index_outcome(int disk_outcome) {
        switch (disk_outcome) {
        case DISK_NO_SPACE:
                return INDEX_NO_SPACE;
        case DISK_DONE:
                return INDEX_DONE;
        default:
                return disk_outcome < 0 ? disk_outcome : INDEX_FORBIDDEN;
        }
}

static int replace(Index *index, const char *name, const Buffer *octets) {
        _cleanup_free_ char *temporary = text_printf("%s.new", name);
        DiskFile file = { .temporary_dir = index->dir_fd, .temporary = temporary,
                          .dir = index->dir_fd, .name = name, .mode = 0644, .synced = true };

        int r = disk_replace(&file, octets->data, octets->size);

        /* What is written into a file whose name is lost is lost as well. */
        return index_outcome(r == DISK_DONE ? disk_sync(index->dir_fd, name) : r);
}

static int start_log(Index *index) {
        _cleanup_buffer_ Buffer octets = { 0 };
        _cleanup_close_ int fd = -EBADF;
        struct stat st;
        int r;

        journal_append_header(&octets, index->generation);
        r = replace(index, JOURNAL_NAME, &octets);
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
        return INDEX_DONE;
}

/*
 * The snapshot gets its name first. Until the new log has its name too, the old one is known
 * by its generation to be contained in the snapshot. Each name is on disk before the next step:
 * with a new log and an old snapshot, what only the old log had would be gone.
 */
static int fold(Index *index) {
        _cleanup_buffer_ Buffer octets = { 0 };
        struct stat st;
        int r;

        snapshot_encode(&index->table, index->generation + 1, &octets);
        r = replace(index, SNAPSHOT_NAME, &octets);
        if (r != INDEX_DONE)
                return r;
        if (fstatat(index->dir_fd, SNAPSHOT_NAME, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return failed(-errno, "stat '%s'", SNAPSHOT_NAME);
        index->generation++;
        index->snapshot = index_identity(&st);
        index->is_new = false;
        index->suspect = false;
        index->unsettled = false;
        index->log_fd = fd_close(index->log_fd);
        return start_log(index);
}

/* What stands behind the last whole record is the rest of somebody's crash. */
static int write_batch(Index *index, unsigned how) {
        struct stat st;
        int r = INDEX_DONE;

        if ((fcntl(index->log_fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
                return INDEX_FORBIDDEN; /* the directory is ours to write, the file is not */
        if (fstat(index->log_fd, &st) < 0)
                return failed(-errno, "stat '%s'", JOURNAL_NAME);
        if ((uint64_t) st.st_size != index->log_size)
                r = disk_truncate(index->log_fd, index->log_size, JOURNAL_NAME);
        if (r == DISK_DONE && lseek(index->log_fd, (off_t) index->log_size, SEEK_SET) < 0)
                r = failed(-errno, "seek in '%s'", JOURNAL_NAME);
        if (r == DISK_DONE)
                r = disk_write(index->log_fd, index->batch.data, index->batch.size, JOURNAL_NAME);
        if (r == DISK_DONE && how & INDEX_SYNCED)
                r = disk_sync(index->log_fd, JOURNAL_NAME);
        if (r != DISK_DONE) {
                (void) disk_truncate(index->log_fd, index->log_size, JOURNAL_NAME); /* or torn */
                return index_outcome(r);
        }
        index->log_size += index->batch.size;
        index->suspect = false;
        index->unsettled = !(how & INDEX_SYNCED) && (index->unsettled || index->batch_is_told);
        return INDEX_DONE;
}

/* Nothing on disk to append to: the snapshot takes it, and must be written now. */
static int commit_by_fold(Index *index, unsigned how) {
        apply_batch(index, how);
        return fold(index);
}

static bool is_large(const Index *index) {
        return index->log_size > JOURNAL_FOLD_OCTETS &&
               index->log_size > index->snapshot.size / 2;
}

static int commit(Index *index, unsigned how) {
        int r;

        if (index->in_memory) {
                apply_batch(index, how);
                return INDEX_DONE;
        }
        if (index->log_fd < 0)
                return commit_by_fold(index, how);
        r = write_batch(index, how);
        if (r != INDEX_DONE)
                return r;
        apply_batch(index, how);
        if (is_large(index) && fold(index) != INDEX_DONE)
                log_report(LOG_WARNING, "Cannot shorten the log of an index; trying again later.");
        return INDEX_DONE;
}

void index_start_settling(Index *index) {
        if (index->unsettled && index->log_fd >= 0)
                disk_write_out(index->log_fd, DISK_WRITE_OUT_WAIT);
}

int index_settle(Index *index) {
        int r;

        if (!index->unsettled)
                return INDEX_DONE;
        r = disk_sync(index->log_fd, JOURNAL_NAME);
        index->unsettled = r != DISK_DONE;
        return index_outcome(r);
}

int index_commit(Index *index, unsigned how) {
        int r = INDEX_DONE;

        assert(index->n_batch_records == 0 ||
               index->batch_sequence == index->sequence + index->n_batch_records);
        gather_facts(index);
        if (index->batch.size > 0 || index->is_new)
                r = commit(index, how);
        index_change_drop(index);
        return r;
}
