/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bringing the index up to date with the files of a folder. */
#include "store/scan.h"

#include <errno.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "basic/text.h"
#include "maildir/message-name.h"

void scan_done(Scan *scan) {
        file_list_done(&scan->files);
        name_map_done(&scan->known);
        free(scan->seen);
        free(scan->newcomers);
        their_uids_done(&scan->courier);
        their_uids_done(&scan->dovecot);
        keyword_list_done(&scan->keywords);
}

/* Two messages of one name, the other one in cur/ already: this one gets a new name. */
static int move_renamed(Mailbox *box, const char *name) {
        UniqueName unique = unique_name_next(&box->store->names);
        _cleanup_free_ char *base = NULL, *target = NULL;
        struct stat st;
        int r = disk_stat(box->folder.new_fd, name, &st);

        if (r != DISK_DONE)
                return r;
        base = unique_name_base(&box->store->names, &unique, &st);
        target = text_printf("%s:2,", base);
        return disk_rename_new(box->folder.new_fd, name, box->folder.cur_fd, target);
}

/* new/ to cur/: the name gets ":2," unless it has a ':' already. */
static int move_new(Mailbox *box, bool *ret_all_moved) {
        _cleanup_file_list_ FileList files = { 0 };
        int r = file_list_read(box->folder.new_fd, &files);

        *ret_all_moved = true;
        if (r != DISK_DONE)
                return store_outcome(r);
        for (size_t i = 0; i < files.n_files; i++) {
                const char *name = file_list_at(&files, i);
                _cleanup_free_ char *target = text_printf("%s%s", name,
                                                          strchr(name, ':') ? "" : ":2,");

                r = box->access == MAILBOX_READ_WRITE && box->can_write
                            ? disk_rename_new(box->folder.new_fd, name, box->folder.cur_fd, target)
                            : DISK_FORBIDDEN;
                if (r == DISK_EXISTS)
                        r = move_renamed(box, name);
                if (r < 0)
                        return r;
                *ret_all_moved &= r == DISK_DONE || r == DISK_MISSING;
        }
        return STORE_DONE;
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

static void index_known(Scan *scan) {
        IndexTable *table = index_table(scan->box->index);

        name_map_init(&scan->known, table->n_records);
        scan->seen = make_array(bool, table->n_records + 1);
        for (size_t i = 0; i < table->n_records; i++) {
                scan->seen[i] = table->records[i].state & INDEX_GONE;
                if (!scan->seen[i])
                        name_map_add(&scan->known, index_table_name(table, i), (uint32_t) i);
        }
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

static void match(Scan *scan, bool with_newcomers) {
        for (size_t i = 0; i < scan->files.n_files; i++) {
                const char *file = file_list_at(&scan->files, i);
                uint32_t position;

                if (name_map_find(&scan->known, file, &position)) {
                        if (!scan->seen[position])
                                compare(scan, position, file);
                        scan->seen[position] = true;
                } else if (with_newcomers) {
                        GROW(scan->newcomers, scan->n_newcomers, scan->n_newcomers_allocated);
                        scan->newcomers[scan->n_newcomers++] = (Newcomer){ .file = file };
                }
        }
}

static bool is_any_missing(const Scan *scan) {
        const IndexTable *table = index_table(scan->box->index);

        for (size_t i = 0; i < table->n_records; i++)
                if (!scan->seen[i])
                        return true;
        return false;
}

/*
 * A file that is renamed while a directory is read may be left out of what is read. So nothing
 * is taken for expunged that is not missing twice.
 */
static int expunge_missing(Scan *scan) {
        IndexTable *table = index_table(scan->box->index);
        FileList first = scan->files;
        int r;

        if (!is_any_missing(scan))
                return STORE_DONE;
        scan->files = (FileList){ 0 };
        r = file_list_read(scan->box->folder.cur_fd, &scan->files);
        if (r == DISK_DONE)
                match(scan, false);
        file_list_done(&scan->files);
        scan->files = first; /* the newcomers' names are in it */
        if (r != DISK_DONE)
                return store_outcome(r);
        for (size_t i = 0; i < table->n_records; i++)
                if (!scan->seen[i]) {
                        index_change_expunge(scan->box->index, table->records[i].uid);
                        scan->facts.dirty |= INDEX_UIDS_DIRTY;
                }
        return STORE_DONE;
}

static int gather(Scan *scan) {
        bool all_moved = true;
        int r = scan_read_their_files(scan);

        if (r == STORE_DONE)
                r = move_new(scan->box, &all_moved);
        if (r == STORE_DONE)
                r = stat_directories(scan);
        if (r == STORE_DONE)
                r = store_outcome(file_list_read(scan->box->folder.cur_fd, &scan->files));
        if (r != STORE_DONE)
                return r;
        scan->facts.dirty &= ~(uint32_t) INDEX_NEW_WAITING;
        scan->facts.dirty |= all_moved ? 0 : INDEX_NEW_WAITING;
        index_known(scan);
        match(scan, true);
        r = expunge_missing(scan);
        if (r == STORE_DONE)
                r = scan_number_newcomers(scan);
        if (scan->uids_changed)
                scan->facts.dirty |= INDEX_UIDS_DIRTY;
        index_change_facts(scan->box->index, &scan->facts);
        return r;
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

int mailbox_scan(Mailbox *box) {
        _cleanup_(scan_done) Scan scan = { .box = box,
                                           .facts = index_table(box->index)->facts };
        uint64_t start = clock_monotonic_usec();
        int r;

        scan.last_usec = scan.facts.scan_usec;
        r = gather(&scan);
        box->scanned_usec = clock_monotonic_usec();
        box->scan_cost_usec = box->scanned_usec - start;
        if (r != STORE_DONE) {
                index_change_drop(box->index);
                return r;
        }
        r = record(&scan);
        if (r != STORE_DONE)
                return r;
        purge(box);
        if (scan.uids_changed)
                mailbox_write_back(box, INDEX_UIDS_DIRTY);
        return STORE_DONE;
}
