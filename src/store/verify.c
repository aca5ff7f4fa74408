/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults of a mailbox, found by reading only. */
#include <errno.h>
#include <fcntl.h>

#include "basic/fd.h"
#include "basic/text.h"
#include "maildir/dovecot-uidlist.h"
#include "maildir/message-file.h"
#include "maildir/message-name.h"
#include "maildir/uid-database.h"
#include "store/inspect.h"
#include "store/name-map.h"
#include "store/store-private.h"

static const char repair_remedy[] = "courierctl maildir repair";

/* One mailbox that is looked at. */
typedef struct Verify {
        const char *name;
        char directory[FOLDER_DIRECTORY_SIZE];
        Folder folder;
        Index *index;      /* NULL: there is none of use */
        bool is_up_to_date; /* nobody has changed cur/ since the index last saw it */
        FileList files;    /* of cur/ */
        const StoreReporter *reporter;
} Verify;

static void verify_done(Verify *verify) {
        verify->index = index_close(verify->index);
        folder_close(&verify->folder);
        file_list_done(&verify->files);
}

static void tell(const Verify *verify, const char *kind, const char *file, uint32_t uid,
                 const char *text, const char *remedy) {
        _cleanup_free_ char *path = NULL;
        StoreFinding finding = { .kind = kind, .mailbox = verify->name, .uid = uid, .text = text,
                                 .remedy = remedy };

        if (file)
                path = text_equal(verify->directory, ".")
                               ? text_dup(file) : text_printf("%s/%s", verify->directory, file);
        finding.path = path;
        store_tell(verify->reporter, &finding);
}

/* Opening a folder would make what is missing, so this comes first. */
static bool has_directories(const Verify *verify, int dir_fd) {
        static const char *const parts[] = { "cur", "new", "tmp" };
        bool all = true;

        for (size_t i = 0; i < ELEMENTSOF(parts); i++) {
                struct stat st;

                if (disk_stat(dir_fd, parts[i], &st) == DISK_DONE && S_ISDIR(st.st_mode))
                        continue;
                all = false;
                tell(verify, "directory-missing", parts[i], 0, "the directory is missing",
                     repair_remedy);
        }
        return all;
}

static void check_marker(const Verify *verify) {
        struct stat st;

        if (!text_equal(verify->directory, ".") &&
            disk_stat(verify->folder.dir_fd, "maildirfolder", &st) == DISK_MISSING)
                tell(verify, "marker-missing", "maildirfolder", 0,
                     "the file is missing, so the quota counts this folder's mail by itself",
                     repair_remedy);
}

static void open_index(Verify *verify) {
        int r = index_open(verify->folder.dir_fd, &verify->index);
        FileIdentity cur = { 0 };
        struct stat st;

        if (r == INDEX_BROKEN)
                tell(verify, "index-damaged", "imapd.index", 0, "it cannot be used",
                     "it is rebuilt when the mailbox is next opened, or by a repair");
        if (r == INDEX_NEWER)
                tell(verify, "index-newer", "imapd.index", 0,
                     "a newer version of the server wrote it",
                     "install that version again, or set IMAP_INDEX_REBUILD_NEWER=1");
        if (r != INDEX_DONE)
                return; /* a missing one is made when the mailbox is first opened */
        if (!index_check(verify->index)) {
                tell(verify, "index-damaged", "imapd.index", 0, "a block of it is damaged",
                     "it is rebuilt when the mailbox is next opened, or by a repair");
                verify->index = index_close(verify->index);
                return;
        }
        if (index_is_suspect(verify->index))
                tell(verify, "log-damaged", "imapd.log", 0,
                     "it does not end with a whole record; what came after is lost",
                     "the mailbox is looked through when it is next opened, or by a repair");
        if (fstat(verify->folder.cur_fd, &st) == 0)
                cur = index_identity(&st);
        verify->is_up_to_date =
                index_identity_is_same(&cur, &index_table(verify->index)->facts.cur);
}

/* Of files with one base name all but the first in the directory; and what is no file. */
static void check_files(const Verify *verify) {
        _cleanup_name_map_ NameMap map = { 0 };

        name_map_init(&map, verify->files.n_files);
        for (size_t i = 0; i < verify->files.n_files; i++) {
                const char *file = file_list_at(&verify->files, i);
                _cleanup_free_ char *path = text_printf("cur/%s", file);
                struct stat st;
                uint32_t first;

                if (name_map_find(&map, file, &first))
                        tell(verify, "name-twice", path, 0,
                             "another message has the same name, so one of the two is not seen",
                             repair_remedy);
                else
                        name_map_add(&map, file, (uint32_t) i);
                if (disk_stat(verify->folder.cur_fd, file, &st) == DISK_DONE &&
                    !S_ISREG(st.st_mode))
                        tell(verify, "no-file", path, 0, "this is no file, and no message",
                             "look what it is, and move it somewhere else");
        }
}

static bool is_as_known(const IndexRecord *record, const char *file) {
        MessageName name;

        message_name_parse(file, &name);
        return record->flags == name.flags && record->letters == name.letters;
}

/* The index says that it has seen cur/ as it is: then it must agree with it. */
static void compare_with_files(const Verify *verify) {
        const IndexTable *table = index_table(verify->index);
        _cleanup_name_map_ NameMap map = { 0 };

        name_map_init(&map, verify->files.n_files);
        for (size_t i = 0; i < verify->files.n_files; i++)
                name_map_add(&map, file_list_at(&verify->files, i), (uint32_t) i);
        for (size_t i = 0; i < table->n_records; i++) {
                const IndexRecord *record = &table->records[i];
                uint32_t at;

                if (record->state & INDEX_GONE)
                        continue;
                if (!name_map_find(&map, index_table_name(table, i), &at))
                        tell(verify, "message-missing", index_table_name(table, i), record->uid,
                             "the index has it, and its file is gone", repair_remedy);
                else if (!is_as_known(record, file_list_at(&verify->files, at)))
                        tell(verify, "flags-differ", file_list_at(&verify->files, at), record->uid,
                             "the index has other flags than the file's name", repair_remedy);
        }
}

static void find_unknown_files(const Verify *verify) {
        const IndexTable *table = index_table(verify->index);
        _cleanup_name_map_ NameMap map = { 0 };

        name_map_init(&map, table->n_records);
        for (size_t i = 0; i < table->n_records; i++)
                if (!(table->records[i].state & INDEX_GONE))
                        name_map_add(&map, index_table_name(table, i), (uint32_t) i);
        for (size_t i = 0; i < verify->files.n_files; i++) {
                const char *file = file_list_at(&verify->files, i);
                _cleanup_free_ char *path = text_printf("cur/%s", file);
                struct stat st;
                uint32_t at;

                if (!name_map_find(&map, file, &at) &&
                    disk_stat(verify->folder.cur_fd, file, &st) == DISK_DONE && S_ISREG(st.st_mode))
                        tell(verify, "message-unknown", path, 0, "the index does not have it",
                             repair_remedy);
        }
}

/* A copy with our UIDVALIDITY that we have seen as it is: then no UID in it can be another. */
static void compare_with_copy(const Verify *verify, const UidDatabase *copy, const char *file) {
        const IndexTable *table = index_table(verify->index);
        _cleanup_name_map_ NameMap map = { 0 };

        if (copy->uidvalidity != table->facts.uidvalidity)
                return;
        name_map_init(&map, copy->n_entries);
        for (size_t i = 0; i < copy->n_entries; i++)
                name_map_add(&map, copy->entries[i].base, copy->entries[i].uid);
        for (size_t i = 0; i < table->n_records; i++) {
                _cleanup_free_ char *text = NULL;
                uint32_t uid;

                if (table->records[i].state & INDEX_GONE ||
                    !name_map_find(&map, index_table_name(table, i), &uid) ||
                    uid == table->records[i].uid)
                        continue;
                text = text_printf("it has UID %u there", uid);
                tell(verify, "uid-differs", file, table->records[i].uid, text,
                     "courierctl maildir export writes our UIDs");
        }
}

static bool has_seen(const Verify *verify, const struct stat *st, const FileIdentity *known) {
        FileIdentity now = index_identity(st);

        return index_identity_is_same(&now, known);
}

static void compare_with_courier(const Verify *verify) {
        const IndexFacts *facts = &index_table(verify->index)->facts;
        _cleanup_uid_database_ UidDatabase copy = { 0 };
        struct stat st;

        if (uid_database_read(&verify->folder, &copy, &st) != DISK_DONE ||
            !has_seen(verify, &st, &facts->uid_database))
                return;
        if (copy.uidvalidity != facts->uidvalidity && !(facts->dirty & INDEX_UIDS_DIRTY))
                tell(verify, "uidvalidity-differs", UID_DATABASE_NAME, 0,
                     "it has another UIDVALIDITY than the index", repair_remedy);
        compare_with_copy(verify, &copy, UID_DATABASE_NAME);
}

static void compare_with_dovecot(const Verify *verify) {
        const IndexFacts *facts = &index_table(verify->index)->facts;
        _cleanup_dovecot_uidlist_ DovecotUidlist copy = { 0 };
        struct stat st;

        if (dovecot_uidlist_read(&verify->folder, &copy, &st) == DISK_DONE &&
            has_seen(verify, &st, &facts->dovecot_uidlist))
                compare_with_copy(verify, &copy.uids, DOVECOT_UIDLIST_NAME);
}

static int open_folder(MailStore *store, Verify *verify, bool *ret_whole) {
        _cleanup_close_ int fd = -EBADF;
        int r = store_open_directory(store, verify->name, &fd);

        if (r == STORE_DONE)
                r = store_resolve(verify->name, verify->directory);
        if (r != STORE_DONE)
                return r;
        *ret_whole = has_directories(verify, fd);
        r = *ret_whole ? folder_open(store->root_fd, verify->directory, &verify->folder)
                       : DISK_DONE;
        return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
}

int store_verify_mailbox(MailStore *store, const char *name, const StoreReporter *reporter) {
        _cleanup_(verify_done) Verify verify = { .name = name, .folder = FOLDER_CLOSED,
                                                 .reporter = reporter };
        bool whole;
        int r = open_folder(store, &verify, &whole);

        if (r != STORE_DONE || !whole)
                return r;
        r = file_list_read(verify.folder.cur_fd, &verify.files);
        if (r != DISK_DONE)
                return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
        check_marker(&verify);
        check_files(&verify);
        open_index(&verify);
        if (!verify.index)
                return STORE_DONE;
        if (verify.is_up_to_date) {
                compare_with_files(&verify);
                find_unknown_files(&verify);
        }
        compare_with_courier(&verify);
        compare_with_dovecot(&verify);
        return STORE_DONE;
}
