/* SPDX-License-Identifier: GPL-3.0-or-later */
/* COPY: new files in the target, then one entry in its log for all of them. */
#include <fcntl.h>

#include "basic/text.h"
#include "maildir/message-file.h"
#include "maildir/message-name.h"
#include "store/dovecot-letters.h"
#include "store/store-private.h"

void copy_result_done(CopyResult *result) {
        number_set_done(&result->source_uids);
        number_set_done(&result->target_uids);
        *result = (CopyResult){ 0 };
}

int mailbox_open_target(Mailbox *box, const char *name, Mailbox **ret_own, Mailbox **ret_target) {
        char directory[FOLDER_DIRECTORY_SIZE];
        int r = store_resolve(name, directory);

        if (r != STORE_DONE)
                return r;
        if (text_equal(directory, box->directory)) {
                *ret_target = box;
                return box->can_write ? STORE_DONE : STORE_READ_ONLY;
        }
        r = mailbox_open_to_add(box->store, name, ret_own);
        if (r != STORE_DONE)
                return r;
        *ret_target = *ret_own;
        return (*ret_own)->can_write ? STORE_DONE : STORE_READ_ONLY;
}

bool mailbox_copy_keywords(const Mailbox *box, size_t position, Mailbox *target,
                           uint64_t *ret_words) {
        const IndexTable *table = index_table(box->index);
        const uint64_t *words = index_table_keywords(table, position);

        for (size_t i = 0; i < table->n_keywords; i++) {
                size_t number;

                if (!(words[i / 64] >> (i % 64) & 1))
                        continue;
                if (!index_change_keyword(target->index, table->keywords[i], &number))
                        return false;
                ret_words[number / 64] |= UINT64_C(1) << (number % 64);
        }
        return true;
}

/* One COPY under way. */
typedef struct Copying {
        Mailbox *source, *target;
        CopyResult result;
        NameList files; /* made in the target's cur/, to be undone on a failure */
        bool has_keywords;
} Copying;

static void copying_done(Copying *copying) {
        copy_result_done(&copying->result);
        name_list_done(&copying->files);
}

static int copy_message(Copying *copying, uint32_t uid, size_t position) {
        const IndexRecord *record = &index_table(copying->source->index)->records[position];
        uint64_t words[INDEX_KEYWORDS_MAX / 64] = { 0 };
        IndexMessage message = { .record = *record, .words = words,
                                 .n_words = ELEMENTSOF(words) };
        _cleanup_free_ char *name = mailbox_file_name(copying->source, position);
        uint64_t letters = dovecot_letters_for_copy(copying->source, copying->target,
                                                    record->letters);
        _cleanup_free_ char *suffix = message_name_format("", 0, MESSAGE_SUFFIX_FLAGS,
                                                          record->flags, letters);
        _cleanup_free_ char *base = NULL, *file = NULL;
        int r;

        if (!mailbox_copy_keywords(copying->source, position, copying->target, words))
                return STORE_TOO_MANY_KEYWORDS;
        r = message_file_copy(&copying->source->folder, name, &copying->target->folder,
                              &copying->target->store->names, record->file_size, suffix,
                              &base);
        if (r != DISK_DONE)
                return r == DISK_MISSING ? STORE_DONE : store_outcome(r);
        file = text_printf("%s%s", base, suffix);
        name_list_add(&copying->files, file);
        message.base = base;
        message.record.uid = 0;
        message.record.suffix = MESSAGE_SUFFIX_FLAGS;
        message.record.letters = letters;
        message.record.state = 0;
        for (size_t i = 0; i < ELEMENTSOF(words); i++)
                copying->has_keywords |= words[i] != 0;
        number_set_add(&copying->result.source_uids, uid, uid);
        uid = index_change_add(copying->target->index, &message);
        number_set_add(&copying->result.target_uids, uid, uid);
        return STORE_DONE;
}

static int copy_all(Copying *copying, const NumberSet *uids) {
        DirectoryNote note = mailbox_note_before(copying->target);
        uint32_t uid = 0;
        size_t position;
        int r = STORE_DONE;

        while (r == STORE_DONE && mailbox_next_present(copying->source, uids, &uid, &position))
                r = copy_message(copying, uid, position);
        if (r == STORE_DONE && copying->files.n_names > 0) {
                mailbox_note_after(copying->target, note, INDEX_UIDS_DIRTY |
                                   (copying->has_keywords ? INDEX_KEYWORDS_DIRTY : 0));
                copying->target->is_cur_unsettled = true;
                r = mailbox_commit(copying->target, 0);
        }
        return r == STORE_DONE ? mailbox_settle(copying->target) : r;
}

static void undo(Copying *copying) {
        index_change_drop(copying->target->index);
        for (size_t i = 0; i < copying->files.n_names; i++)
                (void) disk_unlink(copying->target->folder.cur_fd, copying->files.names[i]);
}

int mailbox_copy(Mailbox *box, const NumberSet *uids, const char *target_name,
                 CopyResult *ret_result) {
        _cleanup_(mailbox_closep) Mailbox *own = NULL;
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        _cleanup_(copying_done) Copying copying = { .source = box };
        int r;

        r = mailbox_synchronize(box);
        if (r == STORE_DONE)
                r = mailbox_open_target(box, target_name, &own, &copying.target);
        if (r == STORE_DONE)
                r = mailbox_lock(copying.target, true, &lock);
        if (r == STORE_DONE)
                r = mailbox_synchronize_held(copying.target);
        if (r != STORE_DONE)
                return r;
        copying.result.uidvalidity = mailbox_uidvalidity(copying.target);
        r = copy_all(&copying, uids);
        if (r != STORE_DONE) {
                undo(&copying);
                return r;
        }
        mailbox_write_back(copying.target, INDEX_UIDS_DIRTY);
        *ret_result = copying.result;
        copying.result = (CopyResult){ 0 };
        return STORE_DONE;
}
