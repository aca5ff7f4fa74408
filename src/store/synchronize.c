/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When to look at a folder's files, and when not to. */
#include <errno.h>
#include <fcntl.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "maildir/directory-reader.h"
#include "maildir/dovecot-uidlist.h"
#include "maildir/keyword-list.h"
#include "maildir/uid-database.h"
#include "store/store-private.h"

enum {
        /* A directory that changed this shortly before it was listed may have changed once more
         * within the same tick of its time stamp. Stamps without a fraction tick in seconds, two
         * of them on FAT. */
        TICK_USEC = 100 * 1000,
        COARSE_TICK_USEC = 2 * 1000 * 1000,

        /* Listing that takes longer than this is done for proof, when no time stamp differs, while
         * the client is silent; for one that never is, when the change is so old. For a tenth of
         * the time at most. */
        CHEAP_SCAN_USEC = 5 * 1000,
        PROOF_SILENCE_USEC = 100 * 1000,
        PROOF_LATEST_USEC = 5 * 1000 * 1000,
        PROOF_SKEWED_USEC = 60 * 1000 * 1000, /* where clocks differ nothing is ever proven */
        SCAN_TIME_SHARE = 10,
        FILE_COST_NSEC = 600, /* of a listing, before there was one */
};

static FileIdentity identity_at(int dir_fd, const char *name, int flags) {
        struct stat st;

        return fstatat(dir_fd, name, &st, flags) == 0 ? index_identity(&st) : (FileIdentity){ 0 };
}

static bool is_young(const FileIdentity *identity, int64_t scan_usec) {
        int64_t changed_usec = identity->mtime_sec * (int64_t) USEC_PER_SEC +
                               identity->mtime_nsec / 1000;
        int64_t tick_usec = identity->mtime_nsec == 0 ? COARSE_TICK_USEC : TICK_USEC;

        return changed_usec + tick_usec > scan_usec;
}

void mailbox_expect_scan_cost(Mailbox *box) {
        box->scanned_usec = clock_monotonic_usec();
        box->scan_cost_usec = index_table(box->index)->n_records * FILE_COST_NSEC / 1000;
}

static bool is_unproven(const IndexFacts *facts) {
        return is_young(&facts->cur, facts->scan_usec) ||
               is_young(&facts->keyword_directory, facts->scan_usec);
}

bool mailbox_is_proven(const Mailbox *box) {
        return !is_unproven(&index_table(box->index)->facts) && !index_is_suspect(box->index);
}

bool mailbox_new_is_empty(const Mailbox *box, const FileIdentity *new) {
        const IndexFacts *facts = &index_table(box->index)->facts;

        return !(facts->dirty & INDEX_NEW_WAITING) && index_identity_is_same(new, &facts->new) &&
               !is_young(new, facts->scan_usec);
}

bool mailbox_time_tells(const FileIdentity *directory) {
        return !is_young(directory, (int64_t) clock_realtime_usec());
}

/* Until listing has not taken more than its share of the time; 0: it may be done. */
static uint64_t proof_pause_usec(const Mailbox *box) {
        uint64_t end_usec = box->scanned_usec + box->scan_cost_usec * SCAN_TIME_SHARE;

        return clock_left_usec(end_usec);
}

/* Of a change that others may have hidden theirs behind. */
static bool is_proof_late(const IndexFacts *facts) {
        int64_t now_usec = (int64_t) clock_realtime_usec();
        int64_t changed_sec = MAX(facts->cur.mtime_sec, facts->keyword_directory.mtime_sec);

        return now_usec - changed_sec * (int64_t) USEC_PER_SEC > PROOF_LATEST_USEC;
}

static bool needs_proof(const Mailbox *box, const IndexFacts *facts) {
        if (!is_unproven(facts))
                return false;
        return box->scan_cost_usec < CHEAP_SCAN_USEC ||
               ((box->proves || is_proof_late(facts)) && proof_pause_usec(box) == 0);
}

uint64_t mailbox_proof_wait_usec(const Mailbox *box) {
        const IndexFacts *facts = &index_table(box->index)->facts;
        bool is_skewed = (uint64_t) MAX(facts->cur.mtime_sec, 0) * USEC_PER_SEC >
                         clock_realtime_usec() + COARSE_TICK_USEC;

        if (box->scan_cost_usec < CHEAP_SCAN_USEC || !is_unproven(facts))
                return USEC_INFINITY;
        return MAX(proof_pause_usec(box),
                   (uint64_t) (is_skewed ? PROOF_SKEWED_USEC : PROOF_SILENCE_USEC));
}

void mailbox_prove(Mailbox *box) {
        if (!folder_is_there(box->store->root_fd, box->directory, &box->folder))
                return;
        box->proves = true;
        (void) mailbox_synchronize(box); /* it was reported, and the next refresh fails as well */
        box->proves = false;
}

/* Where it has never been the next scan finds it: Dovecot does not come without a change. */
static bool has_dovecot_changed(const Folder *folder, const IndexFacts *facts) {
        FileIdentity now;

        if (facts->dovecot_uidlist.ino == 0)
                return false;
        now = identity_at(folder->dir_fd, DOVECOT_UIDLIST_NAME, AT_SYMLINK_NOFOLLOW);
        return !index_identity_is_same(&now, &facts->dovecot_uidlist);
}

/* Files of servers that may have given out UIDs or keywords. */
static bool has_other_server_changed(const Folder *folder, const IndexFacts *facts) {
        FileIdentity uids = identity_at(folder->dir_fd, UID_DATABASE_NAME, AT_SYMLINK_NOFOLLOW);
        FileIdentity keywords = identity_at(folder->dir_fd, KEYWORD_DIRECTORY,
                                            AT_SYMLINK_NOFOLLOW);

        return !index_identity_is_same(&uids, &facts->uid_database) ||
               !index_identity_is_same(&keywords, &facts->keyword_directory) ||
               has_dovecot_changed(folder, facts);
}

static ScanReach reach_of_change(Mailbox *box, const IndexFacts *facts) {
        const Folder *folder = &box->folder;
        FileIdentity cur, new;

        if (has_other_server_changed(folder, facts))
                return SCAN_ALL;
        if (box->only_adds)
                return SCAN_NOTHING;
        cur = identity_at(folder->cur_fd, "", AT_EMPTY_PATH);
        new = identity_at(folder->new_fd, "", AT_EMPTY_PATH);
        if (!index_identity_is_same(&cur, &facts->cur))
                return SCAN_ALL;
        if (needs_proof(box, facts))
                return SCAN_ALL;
        if (box->access != MAILBOX_READ_WRITE || !box->can_write)
                return SCAN_NOTHING; /* new/ is not ours to empty */
        if (facts->dirty & INDEX_NEW_WAITING || !index_identity_is_same(&new, &facts->new))
                return SCAN_NEW;
        return is_young(&new, facts->scan_usec) && directory_has_files(folder->new_fd)
                       ? SCAN_NEW : SCAN_NOTHING;
}

/* The source is asked once for each scan, not once more under the lock. */
static bool may_have_changed(Mailbox *box) {
        const StoreChangeSource *source = &box->store->settings.changes;

        if (!source->look)
                return true;
        if (!box->may_have_changed)
                box->may_have_changed = source->look(source->userdata, box->folder.dir_fd) !=
                                        STORE_CHANGE_NONE;
        return box->may_have_changed;
}

static ScanReach needed_scan(Mailbox *box) {
        const IndexFacts *facts = &index_table(box->index)->facts;

        if (facts->scan_usec == 0 || index_is_suspect(box->index))
                return SCAN_ALL;
        return may_have_changed(box) ? reach_of_change(box, facts) : SCAN_NOTHING;
}

static int scan_under_lock(Mailbox *box) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        int r = mailbox_lock(box, true, &lock);

        if (r != STORE_DONE && r != STORE_READ_ONLY)
                return r;
        r = mailbox_synchronize_held(box);
        if (r != STORE_READ_ONLY)
                return r;
        box->can_write = false; /* the index belongs to somebody else */
        index_keep_in_memory(box->index);
        return mailbox_scan(box, SCAN_ALL);
}

int mailbox_synchronize_held(Mailbox *box) {
        int r = store_outcome_of_index(index_pull(box->index));
        ScanReach reach = r == STORE_DONE ? needed_scan(box) : SCAN_NOTHING;

        return reach != SCAN_NOTHING ? mailbox_scan(box, reach) : r;
}

/* Messages that no session has called \Recent yet are so in this one. */
static int claim(Mailbox *box) {
        IndexTable *table = index_table(box->index);
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        int r;

        if (table->counts.n_unclaimed == 0 || box->access != MAILBOX_READ_WRITE)
                return STORE_DONE;
        r = mailbox_lock(box, false, &lock);
        if (r == STORE_DONE)
                r = store_outcome_of_index(index_pull(box->index));
        if (r != STORE_DONE)
                return r == STORE_READ_ONLY ? STORE_DONE : r;
        index_table_claim(table);
        index_change_claim(box->index);
        r = mailbox_commit(box, 0);
        return r == STORE_NO_SPACE ? STORE_DONE : r; /* then it is recent for the next as well */
}

int mailbox_synchronize(Mailbox *box) {
        int r = store_outcome_of_index(index_pull(box->index));

        if (r == STORE_DONE && needed_scan(box) != SCAN_NOTHING)
                r = scan_under_lock(box);
        /* On a full disk what is known stays usable; so does what a new index has in memory. */
        if (r != STORE_DONE && r != STORE_NO_SPACE)
                return r;
        return claim(box);
}

int mailbox_commit(Mailbox *box, unsigned how) {
        if (box->store->settings.sync != STORE_SYNC_FULL)
                how &= ~(unsigned) INDEX_SYNCED;
        return store_outcome_of_index(index_commit(box->index, how));
}

int mailbox_commit_much(Mailbox *box, unsigned how) {
        return index_has_gathered_much(box->index) ? mailbox_commit(box, how) : STORE_DONE;
}

DirectoryNote mailbox_note_before(Mailbox *box) {
        FileIdentity cur = identity_at(box->folder.cur_fd, "", AT_EMPTY_PATH);

        return (DirectoryNote){ index_identity_is_same(&cur, &index_table(box->index)->facts.cur) };
}

/*
 * The time of the last listing stays: a change by somebody else at the same time as ours is found
 * by the listing that such a young directory gets anyway.
 */
void mailbox_note_after(Mailbox *box, DirectoryNote note, uint32_t dirty) {
        IndexFacts facts = index_table(box->index)->facts;

        if (note.was_known)
                facts.cur = identity_at(box->folder.cur_fd, "", AT_EMPTY_PATH);
        facts.dirty |= dirty;
        index_change_facts(box->index, &facts);
}
