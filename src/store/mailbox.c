/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open mailbox: opening, looking at messages, refreshing. */
#include "store/mailbox.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/message-id.h"
#include "basic/text.h"
#include "maildir/message-name.h"
#include "store/store-private.h"

static int refuse_newer(const Mailbox *box) {
        log_report_id(LOG_ERR, MESSAGE_ID_INDEX_NEWER,
                      "Index of mailbox '%s' was written by a newer version of this server, not "
                      "opening the mailbox; IMAP_INDEX_REBUILD_NEWER=1 replaces the index.",
                      box->name);
        return STORE_NEWER_INDEX;
}

/* Somebody else may have made it while we waited for the lock. */
static int create_index(Mailbox *box) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        int r = mailbox_lock(box, true, &lock);

        if (r != STORE_DONE && r != STORE_READ_ONLY)
                return r;
        r = index_open(box->folder.dir_fd, &box->index);
        if (r < 0 || r == INDEX_DONE)
                return r;
        if (r == INDEX_NEWER && !box->store->settings.rebuild_newer)
                return refuse_newer(box);
        box->index = mailbox_adopt_index(box, r == INDEX_BROKEN || r == INDEX_NEWER);
        if (!box->can_write)
                index_keep_in_memory(box->index);
        r = mailbox_scan(box, SCAN_ALL);
        box->dovecot_was_last = false;
        return r == STORE_NO_SPACE ? STORE_DONE : r; /* it is complete in memory */
}

static int open_index_once(Mailbox *box) {
        int r = index_open(box->folder.dir_fd, &box->index);

        if (r == INDEX_FORBIDDEN)
                box->can_write = false;
        if (r == INDEX_DONE)
                mailbox_expect_scan_cost(box);
        if (r > 0)
                r = create_index(box);
        if (r == STORE_DONE && !box->can_write)
                index_keep_in_memory(box->index);
        return r == STORE_DONE && !box->only_adds ? mailbox_synchronize(box) : r;
}

/* A damage may show when the folder is listed. The index is out of the way then. */
static int open_index(Mailbox *box) {
        int r = open_index_once(box);

        if (r != STORE_MAILBOX_LOST || !box->index || index_pull(box->index) != INDEX_DAMAGED)
                return r;
        box->index = index_close(box->index);
        return open_index_once(box);
}

/* From here on the owner knows of everything. */
static void note_told(Mailbox *box) {
        const IndexTable *table = index_table(box->index);

        box->n_visible = table->n_records;
        box->n_keywords_told = table->n_keywords;
        box->n_recent_told = table->n_recent;
        if (table->gone.n_uids == 0)
                box->modseq_told = table->facts.highest_modseq;
}

static int open_mailbox(MailStore *store, const char *name, MailboxAccess access, bool only_adds,
                        Mailbox **ret_mailbox) {
        _cleanup_(mailbox_closep) Mailbox *box = make(
                Mailbox, .store = store, .name = text_dup(name), .folder = FOLDER_CLOSED,
                .access = access, .only_adds = only_adds, .watch_fd = -EBADF);
        int r = store_resolve(name, box->directory);

        if (r != STORE_DONE)
                return r == STORE_NAME_TOO_LONG ? STORE_NO_SUCH_MAILBOX : r;
        r = folder_open(store->root_fd, box->directory, &box->folder);
        if (r == DISK_FORBIDDEN) {
                log_report(LOG_ERR, "Mailbox '%s' cannot be opened: permission denied.", name);
                return STORE_UNREADABLE;
        }
        if (r != DISK_DONE)
                return store_outcome(r);
        box->can_write = faccessat(box->folder.dir_fd, ".", W_OK, AT_EACCESS) == 0 &&
                         faccessat(box->folder.cur_fd, ".", W_OK, AT_EACCESS) == 0;
        r = open_index(box);
        if (r != STORE_DONE)
                return r;
        index_table_compact(index_table(box->index));
        note_told(box);
        box->version_told = index_table(box->index)->version;
        *ret_mailbox = TAKE_PTR(box);
        return STORE_DONE;
}

int mailbox_open(MailStore *store, const char *name, MailboxAccess access,
                 Mailbox **ret_mailbox) {
        return open_mailbox(store, name, access, false, ret_mailbox);
}

int mailbox_open_to_add(MailStore *store, const char *name, Mailbox **ret_mailbox) {
        return open_mailbox(store, name, MAILBOX_READ_ONLY, true, ret_mailbox);
}

Mailbox *mailbox_close(Mailbox *box) {
        if (!box)
                return NULL;
        if (box->index && box->can_write) {
                (void) mailbox_settle(box); /* reported there; nobody is left to answer */
                mailbox_leave(box);
        }
        box->index = index_close(box->index);
        folder_close(&box->folder);
        box->watch_fd = fd_close(box->watch_fd);
        free(box->name);
        free(box);
        return NULL;
}

int mailbox_lock(Mailbox *box, bool scan, FolderLock *ret_lock) {
        bool courier = scan && box->store->settings.use_locks;
        int r = box->can_write ? folder_lock(box->folder.dir_fd, courier ? &box->folder : NULL,
                                             &box->store->names, ret_lock)
                               : DISK_FORBIDDEN;

        if ((r == DISK_FORBIDDEN || r == DISK_NO_SPACE) && box->can_write) {
                log_report(LOG_WARNING, "Mailbox '%s' cannot be locked, reading it only.",
                           box->name);
                box->can_write = false;
                if (box->index)
                        index_keep_in_memory(box->index);
        }
        return r == DISK_DONE || r < 0 ? r : STORE_READ_ONLY;
}

const char *mailbox_name(const Mailbox *box) {
        return box->name;
}

bool mailbox_is_read_only(const Mailbox *box) {
        return box->access == MAILBOX_READ_ONLY || !box->can_write;
}

uint32_t mailbox_uidvalidity(const Mailbox *box) {
        return index_table(box->index)->facts.uidvalidity;
}

uint32_t mailbox_uidnext(const Mailbox *box) {
        return index_table(box->index)->facts.uidnext;
}

uint64_t mailbox_highest_modseq(const Mailbox *box) {
        return index_table(box->index)->facts.highest_modseq;
}

uint64_t mailbox_told_modseq(const Mailbox *box) {
        return box->modseq_told;
}

void store_object_id_text(const unsigned char *octets, char ret_text[MAILBOX_OBJECT_ID_SIZE]) {
        ret_text[0] = 'M';
        for (size_t i = 0; i < INDEX_OBJECT_ID_OCTETS; i++)
                (void) snprintf(ret_text + 1 + 2 * i, 3, "%02x", octets[i]);
}

void mailbox_object_id(const Mailbox *box, char ret_text[MAILBOX_OBJECT_ID_SIZE]) {
        store_object_id_text(index_table(box->index)->object_id, ret_text);
}

size_t mailbox_n_messages(const Mailbox *box) {
        return box->n_visible;
}

size_t mailbox_n_recent(const Mailbox *box) {
        return box->n_recent_told;
}

bool mailbox_first_unseen(const Mailbox *box, size_t *ret_position) {
        return index_table_first_unseen(index_table(box->index), ret_position) &&
               *ret_position < box->n_visible;
}

void mailbox_expunged_since(const Mailbox *box, uint64_t modseq, NumberSet *ret_uids,
                            bool *ret_complete) {
        index_expunged_since(box->index, modseq, ret_uids, ret_complete);
}

void mailbox_message_at(const Mailbox *box, size_t position, MessageRecord *ret_record) {
        const IndexTable *table = index_table(box->index);
        const IndexRecord *record = index_table_record(table, position);

        assert(position < box->n_visible);
        *ret_record = (MessageRecord){
                .uid = record->uid,
                .flags = record->flags,
                .recent = index_table_is_recent(table, record),
                .gone = record->state & INDEX_GONE || record->uid == 0, /* of a file cut short */
                .modseq = record->modseq,
                .save_date_sec = record->save_date_sec,
                .email_id = record->email_id,
                .keyword_words = index_table_keywords(table, position),
                .n_keyword_words = table->n_words,
        };
}

size_t mailbox_first_position(const Mailbox *box, uint32_t uid) {
        size_t position;

        (void) index_table_find(index_table(box->index), uid, &position); /* or a greater one */
        return MIN(position, box->n_visible);
}

bool mailbox_find_uid(const Mailbox *box, uint32_t uid, size_t *ret_position) {
        size_t position;

        if (!index_table_find(index_table(box->index), uid, &position) ||
            position >= box->n_visible)
                return false;
        *ret_position = position;
        return true;
}

bool mailbox_find_present(const Mailbox *box, uint32_t uid, size_t *ret_position) {
        return mailbox_find_uid(box, uid, ret_position) &&
               !(index_table(box->index)->records[*ret_position].state & INDEX_GONE);
}

/* Jumps over UIDs that no message has: a set may be 1:4294967295. */
bool mailbox_next_present(const Mailbox *box, const NumberSet *uids, uint32_t *uid,
                          size_t *ret_position) {
        const IndexTable *table = index_table(box->index);

        while (*uid < UINT32_MAX && number_set_next(uids, *uid + 1, uid)) {
                size_t position = mailbox_first_position(box, *uid);

                if (position == box->n_visible)
                        return false;
                if (table->records[position].uid != *uid) {
                        *uid = table->records[position].uid - 1;
                } else if (!(table->records[position].state & INDEX_GONE)) {
                        *ret_position = position;
                        return true;
                }
        }
        return false;
}

size_t mailbox_n_keywords(const Mailbox *box) {
        return index_table(box->index)->n_keywords;
}

const char *mailbox_keyword(const Mailbox *box, size_t keyword) {
        return index_table(box->index)->keywords[keyword];
}

bool mailbox_find_keyword(const Mailbox *box, const char *name, size_t *ret_keyword) {
        return index_table_find_keyword(index_table(box->index), name, ret_keyword);
}

char *mailbox_file_name(const Mailbox *box, size_t position) {
        const IndexTable *table = index_table(box->index);
        const IndexRecord *record = index_table_record(table, position);
        const char *base = index_table_name(table, position);

        return message_name_format(base, strlen(base), (MessageSuffix) record->suffix,
                                   record->flags, record->letters);
}

void mailbox_changes_done(MailboxChanges *changes) {
        free(changes->expunged);
        free(changes->changed);
        *changes = (MailboxChanges){ 0 };
}

static void collect_expunged(Mailbox *box, MailboxChanges *changes) {
        IndexTable *table = index_table(box->index);
        size_t n_gone;
        _cleanup_free_ size_t *gone = index_table_gone(table, &n_gone);

        changes->expunged = make_array(MailboxExpunge, n_gone);
        for (size_t i = 0; i < n_gone && gone[i] < box->n_visible; i++)
                changes->expunged[changes->n_expunged++] =
                        (MailboxExpunge){ gone[i], table->records[gone[i]].uid };
        box->n_visible -= changes->n_expunged;
        index_table_compact(table);
}

static void collect_changed(Mailbox *box, MailboxChanges *changes) {
        changes->changed = index_table_take_changed(index_table(box->index), &changes->n_changed);
        while (changes->n_changed > 0 &&
               changes->changed[changes->n_changed - 1] >= box->n_visible)
                changes->n_changed--;
}

int mailbox_refresh(Mailbox *box, bool with_expunges, MailboxChanges *ret_changes) {
        _cleanup_mailbox_changes_ MailboxChanges changes = { 0 };
        IndexTable *table;
        int r;

        if (!folder_is_there(box->store->root_fd, box->directory, &box->folder))
                return STORE_MAILBOX_LOST;
        r = mailbox_synchronize(box);
        if (r != STORE_DONE)
                return r;
        table = index_table(box->index);
        if (table->version == box->version_told) {
                if (ret_changes)
                        *ret_changes = changes;
                return STORE_DONE;
        }
        box->version_told = with_expunges ? table->version : 0;
        if (with_expunges)
                collect_expunged(box, &changes);
        collect_changed(box, &changes);
        changes.n_added = table->n_records - box->n_visible;
        changes.keywords_changed = table->n_keywords != box->n_keywords_told;
        note_told(box);
        if (ret_changes) {
                *ret_changes = changes;
                changes = (MailboxChanges){ 0 };
        }
        return STORE_DONE;
}
