/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Courier's own files say, when they changed behind us, or when there is no index yet; and
 * how the UIDs that other servers gave are taken over. */
#include <fcntl.h>

#include "basic/log.h"
#include "basic/text.h"
#include "maildir/message-name.h"
#include "store/scan.h"

enum { FILE_NAME_SIZE = 256 };

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

static bool has_uid(const TheirUids *uids, uint32_t uid) {
        const UidEntry *entries = uids->database.entries;
        size_t low = 0, high = uids->there ? uids->database.n_entries : 0;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (entries[middle].uid == uid)
                        return true;
                if (entries[middle].uid < uid)
                        low = middle + 1;
                else
                        high = middle;
        }
        return false;
}

/*
 * The server that was here last is asked first. A UID that it has given to another message is
 * not taken from the other one, even if that message is gone: UIDs are not used twice.
 */
static uint32_t find_their_uid(const Scan *scan, const char *name) {
        const TheirUids *first = &scan->courier, *second = &scan->dovecot;
        uint32_t uid;

        if (scan->box->dovecot_was_last) {
                first = &scan->dovecot;
                second = &scan->courier;
        }
        if (first->there && name_map_find(&first->map, name, &uid))
                return uid;
        return second->there && name_map_find(&second->map, name, &uid) && !has_uid(first, uid)
                       ? uid : 0;
}

static bool has_courier_written(const Scan *scan, const char *name, uint32_t uid) {
        uint32_t written;

        return scan->courier.there && uid > 0 &&
               name_map_find(&scan->courier.map, name, &written) && written == uid;
}

/* A UID of theirs below what we have given out already would be overlooked by our clients. */
void scan_add_newcomer(Scan *scan, const char *name, DirectoryKind kind) {
        uint32_t uid = find_their_uid(scan, name);

        if (uid < scan->facts.uidnext)
                uid = 0;
        scan->uids_changed |= !has_courier_written(scan, name, uid);
        newcomers_add(&scan->newcomers, name, uid, kind);
}

/* What is no regular file, or gone already, is no message. */
static int is_message(const Scan *scan, const Newcomer *newcomer, bool *ret_is) {
        struct stat st;
        int r;

        *ret_is = true;
        if (!newcomer->key.kind_unknown)
                return STORE_DONE;
        r = disk_stat(scan->box->folder.cur_fd, newcomer->name, &st);
        *ret_is = r == DISK_DONE && S_ISREG(st.st_mode);
        return r == DISK_MISSING ? STORE_DONE : store_outcome(r);
}

/* Gathers one addition. Its date and size are found when somebody asks. */
static int add(Scan *scan, const Newcomer *newcomer) {
        const char *file = newcomer->name;
        Mailbox *box = scan->box;
        uint64_t words[INDEX_KEYWORDS_MAX / 64] = { 0 };
        IndexMessage message = { .words = words };
        char base[INDEX_NAME_MAX + 1];
        MessageName name;
        bool is;
        int r = is_message(scan, newcomer, &is);

        message_name_parse(file, &name);
        if (r != STORE_DONE || !is || name.base_size == 0 || name.base_size > INDEX_NAME_MAX)
                return r;
        memcpy(base, file, name.base_size);
        base[name.base_size] = '\0';
        if (scan->has_keywords)
                scan_keyword_words(scan, base, words);
        if (box->dovecot_was_last)
                dovecot_letters_clear(&scan->letters, MESSAGE_LETTERS_LOWER, words);
        scan_letter_words(scan, 0, name.letters, words);
        message.n_words = scan->has_keywords || scan->letters.mapped ? ELEMENTSOF(words) : 0;
        message.base = base;
        message.record = (IndexRecord){
                .uid = newcomer->key.uid, .flags = (uint16_t) name.flags, .suffix = name.suffix,
                .letters = name.letters, .internal_date_sec = INDEX_DATE_UNKNOWN,
                .file_size = INDEX_SIZE_UNKNOWN, .wire_size = INDEX_SIZE_UNKNOWN,
                .state = newcomer->key.uid == 0 ? INDEX_UNCLAIMED : 0,
        };
        (void) index_change_add(box->index, &message); /* its UID is found by the claim */
        return mailbox_commit_much(box, INDEX_FOUND);
}

/* What they will give to the next message. */
static uint32_t their_uidnext(const Scan *scan) {
        return MAX(scan->courier.there ? scan->courier.database.uidnext : 0,
                   scan->dovecot.there ? scan->dovecot.database.uidnext : 0);
}

static void remember(char last[FILE_NAME_SIZE], const char *name) {
        size_t size = strnlen(name, FILE_NAME_SIZE - 1); /* names are shorter */

        memcpy(last, name, size);
        last[size] = '\0';
}

int scan_number_newcomers(Scan *scan) {
        char last[FILE_NAME_SIZE] = "";
        uint64_t last_number = 0;
        uint32_t uidnext = their_uidnext(scan);
        bool raised = uidnext == 0;
        Newcomer newcomer;
        int r;

        index_change_many(scan->box->index, scan->newcomers.n, scan->newcomers.names_size);
        while ((r = newcomers_take(&scan->newcomers, &newcomer)) == 0 && newcomer.name) {
                if (!raised && newcomer.key.uid == 0) {
                        index_change_uidnext(scan->box->index, uidnext);
                        raised = true;
                }
                if (last[0] && last_number == newcomer.key.number &&
                    message_name_compare(last, newcomer.name) == 0)
                        continue; /* the next scan finds it there twice, and settles it */
                last_number = newcomer.key.number;
                remember(last, newcomer.name);
                r = add(scan, &newcomer);
                if (r != STORE_DONE)
                        return r;
        }
        if (r == 0 && !raised)
                index_change_uidnext(scan->box->index, uidnext);
        return r;
}
