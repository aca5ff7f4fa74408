/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bringing the index up to date with the files of a folder. */
#include "store/scan.h"

#include <errno.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "basic/text.h"
#include "maildir/message-name.h"

enum {
        SEEN_BITS = 64,
        PUT_OFF_FROM_MESSAGES = 1000,
};

void scan_done(Scan *scan) {
        position_map_done(&scan->known);
        free(scan->seen);
        newcomers_done(&scan->newcomers);
        name_list_done(&scan->doubles);
        their_uids_done(&scan->courier);
        their_uids_done(&scan->dovecot);
        keyword_list_done(&scan->keywords);
}

static int stat_directories(Scan *scan) {
        struct stat cur, new;

        if (fstat(scan->box->folder.cur_fd, &cur) < 0 || fstat(scan->box->folder.new_fd, &new) < 0)
                return failed(-errno, "stat mailbox '%s'", scan->box->name);
        scan->facts.cur = index_identity(&cur);
        scan->facts.new = index_identity(&new);
        scan->facts.scan_usec = (int64_t) clock_realtime_usec();
        return STORE_DONE;
}

static bool is_seen(const Scan *scan, size_t position) {
        return scan->seen[position / SEEN_BITS] >> (position % SEEN_BITS) & 1;
}

static void set_seen(Scan *scan, size_t position) {
        scan->seen[position / SEEN_BITS] |= UINT64_C(1) << (position % SEEN_BITS);
}

static void index_known(Scan *scan) {
        const IndexTable *table = index_table(scan->box->index);

        position_map_init(&scan->known, table);
        scan->seen = make_array(uint64_t, table->n_records / SEEN_BITS + 1);
        for (size_t i = 0; i < table->n_records; i++)
                if (table->records[i].state & INDEX_GONE)
                        set_seen(scan, i);
}

/* Somebody else changed the name, or the keywords: a message is as its files say. */
static void compare(Scan *scan, size_t position, const char *file) {
        IndexTable *table = index_table(scan->box->index);
        uint64_t words[INDEX_KEYWORDS_MAX / 64] = { 0 };
        IndexMessage message = { .record = table->records[position], .words = words,
                                 .n_words = ELEMENTSOF(words) };
        bool changed;
        MessageName name;

        message_name_parse(file, &name);
        changed = message.record.flags != name.flags || message.record.suffix != name.suffix ||
                  message.record.letters != name.letters;
        if (!changed && !scan->has_keywords && !scan->letters_are_new)
                return;
        message.record.flags = (uint16_t) name.flags;
        message.record.suffix = name.suffix;
        message.record.letters = name.letters;
        if (scan->has_keywords)
                scan_keyword_words(scan, file, words);
        /* With changes of our own that Courier does not have yet, its list only adds. */
        if (!scan->has_keywords || scan->facts.dirty & INDEX_KEYWORDS_DIRTY)
                for (size_t i = 0; i < table->n_words; i++)
                        words[i] |= index_table_keywords(table, position)[i];
        scan_letter_words(scan, table->records[position].letters, name.letters, words);
        for (size_t i = 0; i < ELEMENTSOF(words); i++)
                changed |= words[i] != (i < table->n_words
                                                ? index_table_keywords(table, position)[i] : 0);
        if (changed)
                index_change_flags(scan->box->index, &message);
}

static void match(Scan *scan, const DirectoryName *file, bool with_newcomers) {
        size_t base_size = strcspn(file->name, ":"), position;
        bool is_same = false;

        if (file->kind == DIRECTORY_KIND_OTHER || base_size == 0)
                return;
        if (!position_map_find(&scan->known, file->name, base_size, &position, &is_same)) {
                if (with_newcomers)
                        scan_add_newcomer(scan, file->name, file->kind);
        } else if (!is_seen(scan, position)) {
                if (!is_same || scan->has_keywords || scan->letters_are_new)
                        compare(scan, position, file->name);
                set_seen(scan, position);
        } else if (with_newcomers) {
                name_list_add(&scan->doubles, index_table_name(scan->known.table, position));
        }
}

static int list(Scan *scan, bool with_newcomers) {
        _cleanup_directory_reader_ DirectoryReader reader = DIRECTORY_READER_CLOSED;
        int r = directory_reader_open(scan->box->folder.cur_fd, &reader);

        while (r == DISK_DONE) {
                DirectoryName file = { 0 };
                int committed;

                r = directory_reader_next(&reader, &file);
                if (r != DISK_DONE || !file.name)
                        break;
                match(scan, &file, with_newcomers);
                committed = mailbox_commit_much(scan->box, INDEX_FOUND);
                if (committed != STORE_DONE)
                        return committed;
        }
        return store_outcome(r);
}

static bool is_any_missing(const Scan *scan) {
        size_t n = index_table(scan->box->index)->n_records;

        for (size_t i = 0; i < n / SEEN_BITS; i++)
                if (~scan->seen[i] != 0)
                        return true;
        return n % SEEN_BITS != 0 &&
               scan->seen[n / SEEN_BITS] != (UINT64_C(1) << n % SEEN_BITS) - 1;
}

/*
 * A file that is renamed while a directory is read may be left out of what is read. So nothing
 * is taken for expunged that is not missing twice.
 */
static int expunge_missing(Scan *scan) {
        const IndexTable *table = index_table(scan->box->index);
        int r;

        if (!is_any_missing(scan))
                return STORE_DONE;
        r = list(scan, false);
        for (size_t i = 0; r == STORE_DONE && i < table->n_records; i++)
                if (!is_seen(scan, i)) {
                        index_change_expunge(scan->box->index, table->records[i].uid);
                        scan->facts.dirty |= INDEX_UIDS_DIRTY;
                        r = mailbox_commit_much(scan->box, INDEX_FOUND);
                }
        return r;
}

static int gather_all(Scan *scan) {
        int r = scan_read_their_files(scan);

        if (r == STORE_DONE)
                r = scan_move_new(scan, false);
        if (r == STORE_DONE)
                r = stat_directories(scan);
        if (r != STORE_DONE)
                return r;
        if (!index_check(scan->box->index))
                return STORE_MAILBOX_LOST; /* what it says of files is not to be believed */
        index_known(scan);
        r = list(scan, true);
        if (r == STORE_DONE)
                r = scan_settle_doubles(scan);
        if (r == STORE_DONE)
                r = expunge_missing(scan);
        return r == STORE_DONE ? scan_number_newcomers(scan) : r;
}

/*
 * The time of the last listing of cur/ stays: a change by somebody else at the same time as our
 * renames is found by the listing that such a young directory gets later.
 */
static int gather_new(Scan *scan) {
        int64_t listed_usec = scan->facts.scan_usec;
        int r = dovecot_letters_read(scan->box, &scan->letters);

        if (r == STORE_DONE)
                r = scan_move_new(scan, true);
        if (r == STORE_DONE)
                r = stat_directories(scan);
        scan->facts.scan_usec = listed_usec;
        return r == STORE_DONE ? scan_number_newcomers(scan) : r;
}

static int gather(Scan *scan, ScanReach reach) {
        int r = reach == SCAN_NEW ? gather_new(scan) : gather_all(scan);

        if (r != STORE_DONE)
                return r;
        if (scan->uids_changed)
                scan->facts.dirty |= INDEX_UIDS_DIRTY;
        index_change_facts(scan->box->index, &scan->facts);
        return STORE_DONE;
}

static bool are_same_but_for_time(const IndexFacts *a, const IndexFacts *b) {
        return a->dirty == b->dirty && a->uids_reserved == b->uids_reserved &&
               index_identity_is_same(&a->cur, &b->cur) &&
               index_identity_is_same(&a->new, &b->new) &&
               index_identity_is_same(&a->uid_database, &b->uid_database) &&
               index_identity_is_same(&a->keyword_directory, &b->keyword_directory) &&
               index_identity_is_same(&a->dovecot_uidlist, &b->dovecot_uidlist);
}

/*
 * That nothing has changed is remembered in memory, and written at the end: a write would wake
 * every session that waits for changes, this one too.
 */
static int record(Scan *scan) {
        Mailbox *box = scan->box;
        IndexFacts *known = &index_table(box->index)->facts;

        if (index_has_changes(box->index) || index_is_suspect(box->index) ||
            !are_same_but_for_time(&scan->facts, known))
                return mailbox_commit(box, INDEX_FOUND);
        index_change_drop(box->index);
        known->scan_usec = scan->facts.scan_usec;
        box->has_unsaved_proof = true;
        return STORE_DONE;
}

static void purge(Mailbox *box) {
        if (box->purged || !box->can_write || box->access != MAILBOX_READ_WRITE)
                return;
        folder_purge_tmp(&box->folder);
        box->purged = true;
}

/* Numbering a large mailbox is not held up for the sake of Courier, which has not been there. */
static bool is_put_off(const Scan *scan) {
        return scan->facts.uid_database.ino == 0 &&
               index_table(scan->box->index)->n_records > PUT_OFF_FROM_MESSAGES;
}

int mailbox_scan(Mailbox *box, ScanReach reach) {
        _cleanup_(scan_done) Scan scan = { .box = box,
                                           .facts = index_table(box->index)->facts,
                                           .newcomers.spill_dir = &box->folder.dir_fd };
        uint64_t start = clock_monotonic_usec();
        int r;

        scan.last_usec = scan.facts.scan_usec;
        r = gather(&scan, reach);
        if (reach == SCAN_ALL) {
                box->scanned_usec = clock_monotonic_usec();
                box->scan_cost_usec = box->scanned_usec - start;
        }
        if (r != STORE_DONE) {
                index_change_drop(box->index);
                return r;
        }
        r = record(&scan);
        if (r != STORE_DONE)
                return r;
        box->may_have_changed = false;
        purge(box);
        if (scan.uids_changed && !is_put_off(&scan))
                mailbox_write_back(box, INDEX_UIDS_DIRTY);
        return STORE_DONE;
}
