/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Courier's own files say, when they changed behind us, or when there is no index yet; and
 * how the UIDs that other servers gave are taken over. */
#include <fcntl.h>

#include "basic/log.h"
#include "basic/text.h"
#include "maildir/message-name.h"
#include "store/scan.h"

FileIdentity scan_identity(int dir_fd, const char *name) {
        struct stat st;

        return fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? index_identity(&st)
                                                                    : (FileIdentity){ 0 };
}

void their_uids_take(TheirUids *uids, UidDatabase *database) {
        uids->database = *database;
        *database = (UidDatabase){ 0 };
        uids->there = true;
        name_map_init(&uids->map, uids->database.n_entries);
        for (size_t i = 0; i < uids->database.n_entries; i++)
                name_map_add(&uids->map, uids->database.entries[i].base,
                             uids->database.entries[i].uid);
}

void their_uids_done(TheirUids *uids) {
        name_map_done(&uids->map);
        uid_database_done(&uids->database);
        *uids = (TheirUids){ 0 };
}

/* UIDVALIDITY must grow, so a smaller one, of an old file that was put back, is not taken. */
int scan_take_numbering(Scan *scan, const UidDatabase *theirs, const char *who) {
        Mailbox *box = scan->box;
        IndexFacts old = scan->facts;

        if (box->n_visible > 0)
                return STORE_MAILBOX_LOST; /* whoever opens it next takes the new numbers */
        log_report(LOG_NOTICE, "%s has numbered mailbox '%s' anew; using its UIDs.", who,
                   box->name);
        store_note_uidvalidity(box->store, theirs->uidvalidity);
        index_close(box->index);
        box->index = index_new(box->folder.dir_fd, theirs->uidvalidity);
        if (!box->can_write)
                index_keep_in_memory(box->index);
        scan->facts = index_table(box->index)->facts;
        scan->facts.uid_database = old.uid_database;
        scan->facts.dovecot_uidlist = old.dovecot_uidlist;
        return STORE_DONE;
}

static int read_uid_database(Scan *scan, FileIdentity now) {
        _cleanup_uid_database_ UidDatabase theirs = { 0 };
        struct stat st;
        int r = uid_database_read(&scan->box->folder, &theirs, &st);

        if (r < 0)
                return r;
        scan->facts.uid_database = now;
        scan->facts.uids_reserved = 0; /* it is rewritten before anything is added to it */
        if (r != DISK_DONE || theirs.uidvalidity < scan->facts.uidvalidity) {
                scan->uids_changed = true;
                return STORE_DONE;
        }
        if (theirs.uidvalidity > scan->facts.uidvalidity) {
                r = scan_take_numbering(scan, &theirs, "Courier");
                if (r != STORE_DONE)
                        return r;
        }
        their_uids_take(&scan->courier, &theirs);
        return STORE_DONE;
}

static int read_courier_uids(Scan *scan) {
        FileIdentity now = scan_identity(scan->box->folder.dir_fd, UID_DATABASE_NAME);

        return index_identity_is_same(&now, &scan->facts.uid_database) &&
               !index_is_suspect(scan->box->index) ? STORE_DONE : read_uid_database(scan, now);
}

static int read_courier_keywords(Scan *scan) {
        FileIdentity now = scan_identity(scan->box->folder.dir_fd, KEYWORD_DIRECTORY);
        int r;

        if (index_identity_is_same(&now, &scan->facts.keyword_directory))
                return STORE_DONE;
        r = keyword_list_read(&scan->box->folder, &scan->keywords);
        if (r < 0)
                return r;
        scan->has_keywords = r == DISK_DONE;
        scan->facts.keyword_directory = now;
        return STORE_DONE;
}

int scan_read_their_files(Scan *scan) {
        int r = read_courier_uids(scan);

        if (r == STORE_DONE)
                r = scan_read_dovecot_files(scan);
        return r == STORE_DONE ? read_courier_keywords(scan) : r; /* last: the index is settled */
}

void scan_keyword_words(Scan *scan, const char *base, uint64_t *ret_words) {
        _cleanup_free_ char *name = text_dup_range(base, strcspn(base, ":"));
        const KeywordEntry *entry = keyword_list_find(&scan->keywords, name);

        for (size_t i = 0; entry && i < entry->n_numbers; i++) {
                size_t number;

                if (index_change_keyword(scan->box->index,
                                         scan->keywords.names.names[entry->numbers[i]], &number))
                        ret_words[number / 64] |= UINT64_C(1) << (number % 64);
        }
}

/* Those with a UID first, ascending; then the others as Courier orders them. */
static int compare_newcomers(const void *a, const void *b) {
        const Newcomer *left = a, *right = b;

        if ((left->uid == 0) != (right->uid == 0))
                return left->uid == 0 ? 1 : -1;
        if (left->uid != right->uid)
                return left->uid < right->uid ? -1 : 1;
        if (left->is_second != right->is_second)
                return left->is_second ? 1 : -1;
        return message_name_compare(left->file, right->file);
}

/* The server that was here last is asked first. */
static bool find_their_uid(const Scan *scan, Newcomer *newcomer, uint32_t *ret_uid) {
        const TheirUids *first = &scan->courier, *second = &scan->dovecot;

        if (scan->box->dovecot_was_last) {
                first = &scan->dovecot;
                second = &scan->courier;
        }
        if (first->there && name_map_find(&first->map, newcomer->file, ret_uid))
                return true;
        newcomer->is_second = true;
        return second->there && name_map_find(&second->map, newcomer->file, ret_uid);
}

/* A UID of theirs below what we have given out already would be overlooked by our clients. */
static void adopt_uids(Scan *scan) {
        for (size_t i = 0; i < scan->n_newcomers; i++) {
                Newcomer *newcomer = &scan->newcomers[i];
                uint32_t uid, written;

                newcomer->uid = find_their_uid(scan, newcomer, &uid) && uid >= scan->facts.uidnext
                                        ? uid : 0;
                if (newcomer->uid == 0 || !scan->courier.there ||
                    !name_map_find(&scan->courier.map, newcomer->file, &written) || written != uid)
                        scan->uids_changed = true;
        }
}

/* Courier's file and Dovecot's may have given one UID to two messages: the first keeps it. */
static bool drop_same_uids(Scan *scan) {
        uint32_t last = 0;
        bool any = false;

        for (size_t i = 0; i < scan->n_newcomers && scan->newcomers[i].uid > 0; i++) {
                Newcomer *newcomer = &scan->newcomers[i];

                if (newcomer->uid == last) {
                        newcomer->uid = 0;
                        any = true;
                } else {
                        last = newcomer->uid;
                }
        }
        scan->uids_changed |= any;
        return any;
}

static void sort_newcomers(Scan *scan) {
        if (scan->n_newcomers == 0)
                return;
        qsort(scan->newcomers, scan->n_newcomers, sizeof(Newcomer), compare_newcomers);
        if (drop_same_uids(scan))
                qsort(scan->newcomers, scan->n_newcomers, sizeof(Newcomer), compare_newcomers);
}

/* Gathers one addition; what is no regular file, or gone already, is no message. */
static int add(Scan *scan, const Newcomer *newcomer) {
        Mailbox *box = scan->box;
        uint64_t words[INDEX_KEYWORDS_MAX / 64] = { 0 };
        _cleanup_free_ char *base = NULL;
        IndexMessage message = { .words = words, .n_words = ELEMENTSOF(words) };
        MessageName name;
        struct stat st;
        int r = disk_stat(box->folder.cur_fd, newcomer->file, &st);

        if (r != DISK_DONE)
                return r == DISK_MISSING ? STORE_DONE : store_outcome(r);
        message_name_parse(newcomer->file, &name);
        if (!S_ISREG(st.st_mode) || name.base_size == 0)
                return STORE_DONE;
        base = text_dup_range(newcomer->file, name.base_size);
        if (scan->has_keywords)
                scan_keyword_words(scan, base, words);
        if (box->dovecot_was_last)
                dovecot_letters_clear(&scan->letters, MESSAGE_LETTERS_LOWER, words);
        scan_letter_words(scan, 0, name.letters, words);
        message.base = base;
        message.record = (IndexRecord){
                .uid = newcomer->uid, .flags = (uint16_t) name.flags, .suffix = name.suffix,
                .letters = name.letters, .internal_date_sec = st.st_mtime,
                .file_size = (uint64_t) st.st_size, .wire_size = INDEX_SIZE_UNKNOWN,
                .state = newcomer->uid == 0 ? INDEX_UNCLAIMED : 0,
        };
        (void) index_change_add(box->index, &message); /* its UID is found by the claim */
        return STORE_DONE;
}

/* What they will give to the next message. */
static uint32_t their_uidnext(const Scan *scan) {
        return MAX(scan->courier.there ? scan->courier.database.uidnext : 0,
                   scan->dovecot.there ? scan->dovecot.database.uidnext : 0);
}

int scan_number_newcomers(Scan *scan) {
        uint32_t uidnext = their_uidnext(scan);
        bool raised = uidnext == 0;

        adopt_uids(scan);
        sort_newcomers(scan);
        for (size_t i = 0; i < scan->n_newcomers; i++) {
                int r;

                if (!raised && scan->newcomers[i].uid == 0) {
                        index_change_uidnext(scan->box->index, uidnext);
                        raised = true;
                }
                r = add(scan, &scan->newcomers[i]);
                if (r != STORE_DONE)
                        return r;
        }
        if (!raised)
                index_change_uidnext(scan->box->index, uidnext);
        return STORE_DONE;
}
