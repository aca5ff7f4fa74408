/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flags and keywords; expunging. The file first, the index after it: a scan finds the rest. */
#include "basic/log.h"
#include "basic/text.h"
#include "maildir/message-name.h"
#include "store/current-names.h"
#include "store/store-private.h"

enum { RENAME_ATTEMPTS = 10 };

/* What STORE asks for, with numbers in place of names. */
typedef struct FlagsRequest {
        FlagsChange change;
        MessageFlags flags;
        uint64_t words[INDEX_KEYWORDS_MAX / 64];
        bool has_keywords;
        uint64_t unchanged_since; /* UINT64_MAX: without a condition */
} FlagsRequest;

static MessageFlags new_flags(const FlagsRequest *request, MessageFlags flags) {
        switch (request->change) {
        case FLAGS_ADD:
                return flags | request->flags;
        case FLAGS_REMOVE:
                return flags & ~request->flags;
        default:
                return request->flags;
        }
}

static uint64_t new_word(const FlagsRequest *request, uint64_t word, size_t i) {
        switch (request->change) {
        case FLAGS_ADD:
                return word | request->words[i];
        case FLAGS_REMOVE:
                return word & ~request->words[i];
        default:
                return request->words[i];
        }
}

/*
 * Renames a message's file. If another program renamed it meanwhile, what that wanted stays: the
 * change is made to the flags the file has now. DISK_MISSING: it is gone.
 */
static int rename_flags(Mailbox *box, size_t position, const FlagsRequest *request,
                        CurrentNames *names, IndexRecord *record) {
        const char *base = index_table_name(index_table(box->index), position);
        _cleanup_free_ char *known = mailbox_file_name(box, position);
        const char *current = known;
        uint64_t letters = record->letters; /* others' are in the name; the next scan sees them */
        int r = DISK_MISSING;

        for (int i = 0; r == DISK_MISSING && i < RENAME_ATTEMPTS; i++) {
                MessageFlags flags = new_flags(request, record->flags);
                _cleanup_free_ char *wanted = message_name_format(
                        base, strlen(base), MESSAGE_SUFFIX_FLAGS, flags, letters);
                MessageName name;

                if (flags == record->flags)
                        return DISK_DONE;
                r = mailbox_rename_current(box, current, wanted);
                if (r == DISK_DONE) {
                        record->flags = (uint16_t) flags;
                        record->suffix = MESSAGE_SUFFIX_FLAGS;
                        box->is_cur_unsettled = true;
                }
                if (r != DISK_MISSING)
                        return r;
                if (i > 0)
                        current_names_forget(names);
                if (current_names_find(names, base, &current) != DISK_DONE)
                        return DISK_MISSING;
                message_name_parse(current, &name);
                record->flags = (uint16_t) name.flags;
                record->suffix = name.suffix;
                letters = name.letters;
        }
        return r;
}

static int change_message(Mailbox *box, size_t position, const FlagsRequest *request,
                          CurrentNames *names, bool *ret_changed) {
        const IndexTable *table = index_table(box->index);
        const uint64_t *old = index_table_keywords(table, position);
        uint64_t words[INDEX_KEYWORDS_MAX / 64] = { 0 };
        IndexMessage message = { .record = table->records[position], .words = words,
                                 .n_words = ELEMENTSOF(words) };
        bool changed = false;
        int r = rename_flags(box, position, request, names, &message.record);

        *ret_changed = false;
        if (r != DISK_DONE)
                return r == DISK_MISSING ? STORE_DONE : store_outcome(r);
        for (size_t i = 0; i < ELEMENTSOF(words); i++) {
                uint64_t was = i < table->n_words ? old[i] : 0;

                words[i] = new_word(request, was, i);
                changed |= words[i] != was;
        }
        changed |= message.record.flags != table->records[position].flags;
        if (changed)
                index_change_flags(box->index, &message);
        *ret_changed = changed;
        return STORE_DONE;
}

static int take_keywords(Mailbox *box, const FlagsWanted *wanted, FlagsRequest *request) {
        for (size_t i = 0; i < wanted->n_keywords; i++) {
                const char *keyword = wanted->keywords[i];
                size_t number;

                if (request->change == FLAGS_REMOVE &&
                    !index_table_find_keyword(index_table(box->index), keyword, &number))
                        continue;
                if (!index_change_keyword(box->index, keyword, &number))
                        return STORE_TOO_MANY_KEYWORDS;
                request->words[number / 64] |= UINT64_C(1) << (number % 64);
        }
        request->has_keywords = wanted->n_keywords > 0 || request->change == FLAGS_REPLACE;
        return STORE_DONE;
}

/* Goes over the messages that are there; those before a failure stay changed. */
static int change_all(Mailbox *box, const NumberSet *uids, const FlagsRequest *request,
                      NumberSet *changed_uids, NumberSet *modified_uids) {
        _cleanup_current_names_ CurrentNames names = { .folder = &box->folder };
        uint32_t uid = 0;
        size_t position;
        int r = STORE_DONE;

        while (r == STORE_DONE && mailbox_next_present(box, uids, &uid, &position)) {
                bool changed;

                if (index_table(box->index)->records[position].modseq > request->unchanged_since) {
                        number_set_add(modified_uids, uid, uid);
                        continue;
                }
                r = change_message(box, position, request, &names, &changed);
                if (r == STORE_DONE && changed) {
                        number_set_add(changed_uids, uid, uid);
                        r = mailbox_commit_much(box, 0);
                }
        }
        return r;
}

/* Changes by others first: a condition is about them, and few files have other names then. */
static int lock_current(Mailbox *box, FolderLock *ret_lock) {
        int r = mailbox_synchronize(box);

        if (r == STORE_DONE)
                r = mailbox_lock(box, false, ret_lock);
        return r == STORE_DONE ? store_outcome_of_index(index_pull(box->index)) : r;
}

int mailbox_store_flags(Mailbox *box, const NumberSet *uids, const FlagsWanted *wanted,
                        NumberSet *ret_changed, NumberSet *ret_modified) {
        FlagsRequest request = {
                .change = wanted->change, .flags = wanted->flags & FLAGS_STORED,
                .unchanged_since = wanted->is_conditional ? wanted->unchanged_since : UINT64_MAX,
        };
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        _cleanup_number_set_ NumberSet changed = { 0 }, modified = { 0 };
        DirectoryNote note;
        int r, committed;

        if (mailbox_is_read_only(box))
                return STORE_READ_ONLY;
        r = lock_current(box, &lock);
        if (r == STORE_DONE)
                r = take_keywords(box, wanted, &request);
        if (r != STORE_DONE) {
                index_change_drop(box->index);
                return r;
        }
        note = mailbox_note_before(box);
        r = change_all(box, uids, &request, &changed, ret_modified ? ret_modified : &modified);
        if (changed.n_ranges > 0)
                mailbox_note_after(box, note, request.has_keywords ? INDEX_KEYWORDS_DIRTY : 0);
        committed = mailbox_commit(box, 0);
        if (r == STORE_DONE && committed == STORE_DONE && ret_changed)
                number_set_add_all(ret_changed, changed.ranges, changed.n_ranges);
        return r == STORE_DONE ? committed : r;
}

/* Removes a message's file, unless \Deleted has to be there and was taken away behind us. */
static int remove_file(Mailbox *box, size_t position, bool any, CurrentNames *names,
                       bool *ret_removed) {
        _cleanup_free_ char *known = mailbox_file_name(box, position);
        int r = disk_unlink(box->folder.cur_fd, known);

        for (int i = 0; r == DISK_MISSING && i < RENAME_ATTEMPTS; i++) {
                const char *current;
                MessageName parsed;

                if (i > 0)
                        current_names_forget(names);
                r = current_names_find(names, known, &current);
                if (r != DISK_DONE)
                        break;
                message_name_parse(current, &parsed);
                if (!any && !(parsed.flags & FLAG_DELETED)) {
                        *ret_removed = false;
                        return STORE_DONE;
                }
                r = disk_unlink(box->folder.cur_fd, current);
        }
        *ret_removed = r == DISK_DONE || r == DISK_MISSING;
        box->is_cur_unsettled |= r == DISK_DONE;
        return r == DISK_MISSING ? STORE_DONE : store_outcome(r);
}

/* What is to go: of these UIDs, of all, with \Deleted or any. */
static bool is_to_go(const IndexRecord *record, const NumberSet *uids, bool any) {
        return (any || record->flags & FLAG_DELETED) && !(record->state & INDEX_GONE) &&
               (!uids || number_set_has(uids, record->uid));
}

static int remove_all(Mailbox *box, const NumberSet *uids, bool any, bool *ret_any) {
        _cleanup_current_names_ CurrentNames names = { .folder = &box->folder };
        const IndexTable *table = index_table(box->index);

        for (size_t i = 0; i < box->n_visible; i++) {
                const IndexRecord *record = index_table_record(table, i);
                bool removed;
                int r;

                if (!is_to_go(record, uids, any))
                        continue;
                r = remove_file(box, i, any, &names, &removed);
                if (r != STORE_DONE)
                        return r;
                *ret_any |= removed;
                if (removed) {
                        index_change_expunge(box->index, record->uid);
                        r = mailbox_commit_much(box, 0);
                }
                if (r != STORE_DONE)
                        return r;
        }
        return STORE_DONE;
}

static int change_by_removing(Mailbox *box, const NumberSet *uids, bool any) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        DirectoryNote note;
        bool removed_any = false;
        int r, committed;

        if (mailbox_is_read_only(box))
                return STORE_READ_ONLY;
        r = lock_current(box, &lock);
        if (r != STORE_DONE)
                return r;
        note = mailbox_note_before(box);
        r = remove_all(box, uids, any, &removed_any);
        if (removed_any)
                mailbox_note_after(box, note, INDEX_UIDS_DIRTY);
        committed = mailbox_commit(box, 0);
        return r == STORE_DONE ? committed : r;
}

int mailbox_expunge(Mailbox *box, const NumberSet *uids) {
        return change_by_removing(box, uids, false);
}

int mailbox_remove(Mailbox *box, const NumberSet *uids) {
        return change_by_removing(box, uids, true);
}
