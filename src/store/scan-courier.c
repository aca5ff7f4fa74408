/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Courier's own files say, when they changed behind us, or when there is no index yet. */
#include <fcntl.h>

#include "basic/log.h"
#include "basic/text.h"
#include "maildir/message-name.h"
#include "store/scan.h"

static FileIdentity identity_of(int dir_fd, const char *name) {
        struct stat st;

        return fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? index_identity(&st)
                                                                    : (FileIdentity){ 0 };
}

static void index_their_uids(Scan *scan) {
        name_map_init(&scan->their_uids, scan->theirs.n_entries);
        for (size_t i = 0; i < scan->theirs.n_entries; i++)
                name_map_add(&scan->their_uids, scan->theirs.entries[i].base,
                             scan->theirs.entries[i].uid);
        scan->has_theirs = true;
}

/*
 * Another UIDVALIDITY than ours: Courier numbered anew, or an old file was put back. UIDVALIDITY
 * must grow, so the greater one wins.
 */
static int take_their_numbering(Scan *scan) {
        Mailbox *box = scan->box;

        if (scan->theirs.uidvalidity < scan->facts.uidvalidity) {
                scan->uids_changed = true;
                return STORE_DONE;
        }
        if (box->n_visible > 0)
                return STORE_MAILBOX_LOST; /* whoever opens it next takes the new numbers */
        log_report(LOG_NOTICE, "Another server has numbered mailbox '%s' anew; using its UIDs.",
                   box->name);
        index_close(box->index);
        box->index = index_new(box->folder.dir_fd, scan->theirs.uidvalidity);
        if (!box->can_write)
                index_keep_in_memory(box->index);
        scan->facts = index_table(box->index)->facts;
        index_their_uids(scan);
        return STORE_DONE;
}

static int read_uid_database(Scan *scan, FileIdentity now) {
        struct stat st;
        int r = uid_database_read(&scan->box->folder, &scan->theirs, &st);

        if (r < 0)
                return r;
        scan->facts.uid_database = now;
        scan->facts.uids_reserved = 0; /* it is rewritten before anything is added to it */
        if (r != DISK_DONE) {
                scan->uids_changed = true;
                return STORE_DONE;
        }
        if (scan->theirs.uidvalidity != scan->facts.uidvalidity) {
                r = take_their_numbering(scan);
                scan->facts.uid_database = now;
                return r;
        }
        index_their_uids(scan);
        return STORE_DONE;
}

int scan_read_courier_files(Scan *scan) {
        const Folder *folder = &scan->box->folder;
        FileIdentity uids = identity_of(folder->dir_fd, UID_DATABASE_NAME);
        FileIdentity keywords = identity_of(folder->dir_fd, KEYWORD_DIRECTORY);
        int r = STORE_DONE;

        if (!index_identity_is_same(&uids, &scan->facts.uid_database) ||
            index_is_suspect(scan->box->index))
                r = read_uid_database(scan, uids);
        if (r != STORE_DONE)
                return r;
        if (index_identity_is_same(&keywords, &scan->facts.keyword_directory))
                return STORE_DONE;
        r = keyword_list_read(folder, &scan->keywords);
        if (r < 0)
                return r;
        scan->has_keywords = r == DISK_DONE;
        scan->facts.keyword_directory = keywords;
        return STORE_DONE;
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
        return message_name_compare(left->file, right->file);
}

/* A UID of theirs below what we have given out already would be overlooked by our clients. */
static void adopt_uids(Scan *scan) {
        for (size_t i = 0; i < scan->n_newcomers; i++) {
                uint32_t uid;

                if (!scan->has_theirs ||
                    !name_map_find(&scan->their_uids, scan->newcomers[i].file, &uid))
                        scan->uids_changed = true;
                else if (uid >= scan->facts.uidnext)
                        scan->newcomers[i].uid = uid;
                else
                        scan->uids_changed = true;
        }
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

int scan_number_newcomers(Scan *scan) {
        bool raised = !scan->has_theirs;

        adopt_uids(scan);
        if (scan->n_newcomers > 0)
                qsort(scan->newcomers, scan->n_newcomers, sizeof(Newcomer), compare_newcomers);
        for (size_t i = 0; i < scan->n_newcomers; i++) {
                int r;

                if (!raised && scan->newcomers[i].uid == 0) {
                        index_change_uidnext(scan->box->index, scan->theirs.uidnext);
                        raised = true;
                }
                r = add(scan, &scan->newcomers[i]);
                if (r != STORE_DONE)
                        return r;
        }
        if (!raised)
                index_change_uidnext(scan->box->index, scan->theirs.uidnext);
        return STORE_DONE;
}
