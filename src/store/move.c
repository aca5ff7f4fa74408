/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MOVE (RFC 6851): the target's log announces the messages, then each file is renamed from one
 * folder to the other, then the source's log says that they are gone. Killed anywhere in it, a
 * scan finds each message in one of the two.
 */
#include "basic/text.h"
#include "maildir/message-file.h"
#include "maildir/message-name.h"
#include "store/current-names.h"
#include "store/dovecot-letters.h"
#include "store/position-map.h"
#include "store/store-private.h"
#include "store/store.h"

/* One message of a MOVE. */
typedef struct Moved {
        uint32_t source_uid, target_uid;
        char *from, *to; /* names in both cur/; owned */
        bool done;
        bool was_renamed; /* by another program, just before: it has the flags of that name */
} Moved;

typedef struct Moving {
        Mailbox *source, *target;
        CurrentNames source_names;
        PositionMap target_names;
        bool is_source_known; /* its files are called as the index says */
        Moved *messages;
        size_t n_messages, n_allocated;
        bool has_keywords;
        MessageFlags dropped; /* flags that the messages lose on the way */
} Moving;

static void moving_done(Moving *moving) {
        for (size_t i = 0; i < moving->n_messages; i++) {
                free(moving->messages[i].from);
                free(moving->messages[i].to);
        }
        free(moving->messages);
        current_names_done(&moving->source_names);
        position_map_done(&moving->target_names);
}

/* It keeps its base name, unless another message has that in the target. */
static int choose_base(Moving *moving, const char *from, const char *base, char **ret_base) {
        UniqueNames *names = &moving->target->store->names;
        UniqueName unique;
        struct stat st;
        size_t taken;
        int r;

        if (!position_map_find(&moving->target_names, base, strlen(base), &taken, NULL)) {
                *ret_base = text_dup(base);
                return DISK_DONE;
        }
        r = disk_stat(moving->source->folder.cur_fd, from, &st);
        if (r != DISK_DONE)
                return r;
        unique = unique_name_next(names);
        *ret_base = unique_name_base(names, &unique, &st);
        return DISK_DONE;
}

static int find_source(Moving *moving, size_t position, char **ret_name) {
        _cleanup_free_ char *known = mailbox_file_name(moving->source, position);
        const char *current = known;
        struct stat st;
        int r = moving->is_source_known ? DISK_DONE
                                        : disk_stat(moving->source->folder.cur_fd, known, &st);

        if (r == DISK_MISSING)
                r = current_names_find(&moving->source_names, known, &current);
        if (r == DISK_DONE)
                *ret_name = text_dup(current);
        return r;
}

static int announce(Moving *moving, uint32_t uid, size_t position) {
        const IndexTable *table = index_table(moving->source->index);
        uint64_t words[INDEX_KEYWORDS_MAX / 64] = { 0 };
        IndexMessage message = { .record = table->records[position], .words = words,
                                 .n_words = ELEMENTSOF(words) };
        _cleanup_free_ char *from = NULL, *base = NULL;
        MessageName name;
        int r = find_source(moving, position, &from);

        if (r == DISK_DONE)
                r = choose_base(moving, from, index_table_name(table, position), &base);
        if (r != DISK_DONE)
                return r == DISK_MISSING ? STORE_DONE : store_outcome(r);
        if (!mailbox_copy_keywords(moving->source, position, moving->target, words))
                return STORE_TOO_MANY_KEYWORDS;
        message_name_parse(from, &name);
        name.flags &= ~moving->dropped;
        message.base = base;
        message.record.uid = 0;
        message.record.flags = (uint16_t) name.flags;
        message.record.suffix = MESSAGE_SUFFIX_FLAGS;
        message.record.letters = dovecot_letters_for_copy(moving->source, moving->target,
                                                          name.letters);
        message.record.state = 0;
        for (size_t i = 0; i < ELEMENTSOF(words); i++)
                moving->has_keywords |= words[i] != 0;
        GROW(moving->messages, moving->n_messages, moving->n_allocated);
        moving->messages[moving->n_messages++] = (Moved){
                .source_uid = uid,
                .target_uid = index_change_add(moving->target->index, &message),
                .from = TAKE_PTR(from),
                .to = message_name_format(base, strlen(base), MESSAGE_SUFFIX_FLAGS, name.flags,
                                          message.record.letters),
        };
        return STORE_DONE;
}

/* Killed before the files follow, whoever comes next must look which of them are there. */
static void distrust_listing(Mailbox *box) {
        IndexFacts facts = index_table(box->index)->facts;

        facts.cur = (FileIdentity){ 0 };
        index_change_facts(box->index, &facts);
}

static int announce_all(Moving *moving, const NumberSet *uids) {
        uint32_t uid = 0;
        size_t position;
        int r = STORE_DONE;

        while (r == STORE_DONE && mailbox_next_present(moving->source, uids, &uid, &position))
                r = announce(moving, uid, position);
        if (moving->n_messages > 0)
                distrust_listing(moving->target);
        if (r == STORE_DONE)
                r = mailbox_commit(moving->target, INDEX_SYNCED);
        if (r != STORE_DONE)
                index_change_drop(moving->target->index);
        return r;
}

static int rename_renamed(Moving *moving, Moved *moved) {
        _cleanup_free_ char *to = NULL;
        const char *current;
        MessageName name;
        int r = current_names_find(&moving->source_names, moved->from, &current);

        if (r != DISK_DONE)
                return r;
        message_name_parse(current, &name);
        to = message_name_format(moved->to, strcspn(moved->to, ":"), MESSAGE_SUFFIX_FLAGS,
                                 name.flags & ~moving->dropped, name.letters);
        r = disk_rename_new(moving->source->folder.cur_fd, current,
                            moving->target->folder.cur_fd, to);
        if (r == DISK_DONE) {
                text_set(&moved->to, to);
                moved->was_renamed = true;
        }
        return r;
}

static int rename_files(Moving *moving) {
        int outcome = STORE_DONE;

        for (size_t i = 0; i < moving->n_messages; i++) {
                Moved *moved = &moving->messages[i];
                int r = disk_rename_new(moving->source->folder.cur_fd, moved->from,
                                        moving->target->folder.cur_fd, moved->to);

                if (r == DISK_MISSING)
                        r = rename_renamed(moving, moved);
                moved->done = r == DISK_DONE;
                if (r != DISK_DONE && r != DISK_MISSING)
                        outcome = store_outcome(r);
        }
        return outcome;
}

static void record_flags(Mailbox *target, const Moved *moved) {
        const IndexTable *table = index_table(target->index);
        IndexMessage message = { .n_words = table->n_words };
        MessageName name;
        size_t position;

        if (!index_table_find(table, moved->target_uid, &position))
                return; /* the next scan says what is there */
        message_name_parse(moved->to, &name);
        message.record = table->records[position];
        message.record.flags = (uint16_t) name.flags;
        message.record.suffix = name.suffix;
        message.record.letters = name.letters;
        message.words = index_table_keywords(table, position);
        index_change_flags(target->index, &message);
}

/* What was not moved after all is taken back in the target. */
static void record(Moving *moving, DirectoryNote source_note, DirectoryNote target_note,
                   CopyResult *result) {
        for (size_t i = 0; i < moving->n_messages; i++) {
                const Moved *moved = &moving->messages[i];

                if (!moved->done) {
                        index_change_expunge(moving->target->index, moved->target_uid);
                        continue;
                }
                if (moved->was_renamed)
                        record_flags(moving->target, moved);
                index_change_expunge(moving->source->index, moved->source_uid);
                number_set_add(&result->source_uids, moved->source_uid, moved->source_uid);
                number_set_add(&result->target_uids, moved->target_uid, moved->target_uid);
        }
        mailbox_note_after(moving->source, source_note, INDEX_UIDS_DIRTY);
        mailbox_note_after(moving->target, target_note, INDEX_UIDS_DIRTY |
                           (moving->has_keywords ? INDEX_KEYWORDS_DIRTY : 0));
}

/* The source's log last: until it says so, a message is there if its file is. */
static int settle_both(Moving *moving) {
        int r;

        moving->target->is_cur_unsettled = moving->source->is_cur_unsettled = true;
        r = mailbox_commit(moving->target, 0);
        if (r == STORE_DONE)
                r = mailbox_settle(moving->target);
        if (r == STORE_DONE)
                r = mailbox_commit(moving->source, 0);
        return r == STORE_DONE ? mailbox_settle(moving->source) : r;
}

static int move_files(Moving *moving, const NumberSet *uids, CopyResult *result) {
        DirectoryNote source_note = mailbox_note_before(moving->source);
        DirectoryNote target_note = mailbox_note_before(moving->target);
        int r, committed;

        moving->is_source_known = source_note.was_known;
        position_map_init(&moving->target_names, index_table(moving->target->index));
        r = announce_all(moving, uids);
        result->uidvalidity = mailbox_uidvalidity(moving->target);
        if (r != STORE_DONE || moving->n_messages == 0)
                return r;
        r = rename_files(moving);
        record(moving, source_note, target_note, result);
        committed = settle_both(moving);
        mailbox_write_back(moving->target, INDEX_UIDS_DIRTY);
        return r == STORE_DONE ? committed : r;
}

/* Who takes two locks takes that of the smaller inode first. */
static int lock_both(Moving *moving, FolderLock *source_lock, FolderLock *target_lock) {
        struct stat source, target;
        bool source_first;
        int r;

        if (fstat(moving->source->folder.dir_fd, &source) < 0 ||
            fstat(moving->target->folder.dir_fd, &target) < 0)
                return STORE_MAILBOX_LOST;
        source_first = source.st_ino < target.st_ino;
        r = source_first ? mailbox_lock(moving->source, false, source_lock)
                         : mailbox_lock(moving->target, true, target_lock);
        if (r == STORE_DONE)
                r = source_first ? mailbox_lock(moving->target, true, target_lock)
                                 : mailbox_lock(moving->source, false, source_lock);
        if (r == STORE_DONE)
                r = mailbox_synchronize_held(moving->target);
        if (r == STORE_DONE)
                r = store_outcome_of_index(index_pull(moving->source->index));
        return r;
}

static bool is_rename_possible(const Moving *moving) {
        struct stat source, target;

        return moving->source != moving->target &&
               fstat(moving->source->folder.cur_fd, &source) == 0 &&
               fstat(moving->target->folder.cur_fd, &target) == 0 &&
               source.st_dev == target.st_dev;
}

static int remove_copied(Mailbox *box, const NumberSet *uids) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        Moving names = { .source = box, .source_names.folder = &box->folder };
        uint32_t uid = 0;
        size_t position;
        int r = mailbox_lock(box, false, &lock);

        if (r == STORE_DONE)
                r = store_outcome_of_index(index_pull(box->index));
        while (r == STORE_DONE && mailbox_next_present(box, uids, &uid, &position)) {
                _cleanup_free_ char *name = NULL;

                r = find_source(&names, position, &name);
                if (r == DISK_DONE)
                        r = disk_unlink(box->folder.cur_fd, name);
                r = r == DISK_MISSING ? STORE_DONE : store_outcome(r);
                if (r == STORE_DONE)
                        index_change_expunge(box->index, uid);
        }
        box->is_cur_unsettled = true;
        if (r == STORE_DONE)
                r = mailbox_commit(box, 0);
        if (r == STORE_DONE)
                r = mailbox_settle(box);
        moving_done(&names);
        return r;
}

/* Into itself, or over to another file system. */
static int move_by_copy(Mailbox *box, const NumberSet *uids, const char *target_name,
                        CopyResult *ret_result) {
        int r = mailbox_copy(box, uids, target_name, ret_result);

        return r == STORE_DONE ? remove_copied(box, &ret_result->source_uids) : r;
}

static int move_messages(Mailbox *box, const NumberSet *uids, const char *target_name,
                         MessageFlags dropped, CopyResult *ret_result) {
        _cleanup_(mailbox_closep) Mailbox *own = NULL;
        _cleanup_(folder_unlock) FolderLock source_lock = FOLDER_LOCK_NONE;
        _cleanup_(folder_unlock) FolderLock target_lock = FOLDER_LOCK_NONE;
        _cleanup_(moving_done) Moving moving = { .source = box, .dropped = dropped };
        int r;

        if (mailbox_is_read_only(box))
                return STORE_READ_ONLY;
        r = mailbox_synchronize(box);
        if (r == STORE_DONE)
                r = mailbox_open_target(box, target_name, &own, &moving.target);
        if (r != STORE_DONE)
                return r;
        moving.source_names.folder = &box->folder;
        *ret_result = (CopyResult){ 0 };
        if (!is_rename_possible(&moving))
                return move_by_copy(box, uids, target_name, ret_result);
        r = lock_both(&moving, &source_lock, &target_lock);
        return r == STORE_DONE ? move_files(&moving, uids, ret_result) : r;
}

int mailbox_move(Mailbox *box, const NumberSet *uids, const char *target_name,
                 CopyResult *ret_result) {
        return move_messages(box, uids, target_name, 0, ret_result);
}

int mailbox_move_to_trash(Mailbox *box, const NumberSet *uids) {
        _cleanup_free_ char *trash = store_trash_name(box->store);
        _cleanup_(copy_result_done) CopyResult moved = { 0 };
        int r = move_messages(box, uids, trash, FLAG_DELETED | FLAG_DRAFT, &moved);

        if (r != STORE_NO_SUCH_MAILBOX)
                return r;
        r = store_create_mailbox(box->store, trash);
        if (r != STORE_DONE && r != STORE_EXISTS)
                return r;
        return move_messages(box, uids, trash, FLAG_DELETED | FLAG_DRAFT, &moved);
}
