/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailboxes as a whole: making, deleting, renaming, what there is. */
#include <errno.h>

#include "basic/log.h"
#include "basic/text.h"
#include "maildir/directory-reader.h"
#include "maildir/message-name.h"
#include "store/special-use.h"
#include "store/store-private.h"
#include "store/store.h"

int store_mailbox_exists(MailStore *store, const char *name) {
        char directory[FOLDER_DIRECTORY_SIZE];
        _cleanup_folder_ Folder folder = FOLDER_CLOSED;
        int r = store_resolve(name, directory);

        if (r != STORE_DONE)
                return r;
        r = folder_open(store->root_fd, directory, &folder);
        return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
}

int store_create_mailbox(MailStore *store, const char *name) {
        char directory[FOLDER_DIRECTORY_SIZE];
        int r = store_resolve(name, directory);

        if (r != STORE_DONE)
                return r;
        if (text_equal(directory, "."))
                return STORE_EXISTS;
        return store_outcome(folder_create(store->root_fd, &store->names, directory));
}

char *store_trash_name(const MailStore *store) {
        char *name = text_printf("INBOX/%s", store->settings.trash_name);

        for (char *c = name; *c; c++)
                if (*c == '.')
                        *c = '/';
        return name;
}

static bool is_trash(const MailStore *store, const char *directory) {
        return directory[0] == '.' && text_equal(directory + 1, store->settings.trash_name);
}

int store_delete_mailbox(MailStore *store, const char *name) {
        char directory[FOLDER_DIRECTORY_SIZE];
        struct stat st;
        int r = store_resolve(name, directory);

        if (r != STORE_DONE)
                return r;
        if (text_equal(directory, ".") || is_trash(store, directory))
                return STORE_RESERVED;
        r = disk_stat(store->root_fd, directory, &st);
        if (r != DISK_DONE || !S_ISDIR(st.st_mode))
                return r == DISK_DONE ? STORE_NO_SUCH_MAILBOX : store_outcome(r);
        r = store_outcome(folder_delete(store->root_fd, &store->names, directory));
        if (r == STORE_DONE)
                store_move_special_uses(store, name, NULL, false);
        return r;
}

/* The directories that a rename moves: the mailbox's own, and its children's. */
static int list_moved(MailStore *store, const char *name, NameList *ret_names) {
        _cleanup_name_list_ NameList directories = { 0 };
        int r = maildir_list(store->root_fd, &directories);

        for (size_t i = 0; r == DISK_DONE && i < directories.n_names; i++) {
                _cleanup_free_ char *found = NULL;

                if (folder_name_from_directory(directories.names[i], &found) &&
                    (text_equal(found, name) || folder_name_is_below(found, name)))
                        name_list_add(ret_names, found);
        }
        return store_outcome(r);
}

static int new_directory(const char *moved, const char *name, const char *new_name,
                         char ret_directory[FOLDER_DIRECTORY_SIZE]) {
        _cleanup_free_ char *target = text_printf("%s%s", new_name, moved + strlen(name));

        return store_resolve(target, ret_directory);
}

static int check_targets(MailStore *store, const NameList *moved, const char *name,
                         const char *new_name) {
        for (size_t i = 0; i < moved->n_names; i++) {
                char directory[FOLDER_DIRECTORY_SIZE];
                struct stat st;
                int r = new_directory(moved->names[i], name, new_name, directory);

                if (r == STORE_DONE) {
                        r = disk_stat(store->root_fd, directory, &st);
                        r = r == DISK_DONE ? STORE_EXISTS
                                           : r == DISK_MISSING ? STORE_DONE : store_outcome(r);
                }
                if (r != STORE_DONE)
                        return r;
        }
        return STORE_DONE;
}

static int rename_one(MailStore *store, const char *moved, const char *name,
                      const char *new_name, bool back) {
        char from[FOLDER_DIRECTORY_SIZE], to[FOLDER_DIRECTORY_SIZE];
        int r = store_resolve(moved, from);

        if (r == STORE_DONE)
                r = new_directory(moved, name, new_name, to);
        if (r != STORE_DONE)
                return r;
        return store_outcome(disk_rename_new(store->root_fd, back ? to : from, store->root_fd,
                                             back ? from : to));
}

static int rename_all(MailStore *store, const NameList *moved, const char *name,
                      const char *new_name) {
        for (size_t i = 0; i < moved->n_names; i++) {
                int r = rename_one(store, moved->names[i], name, new_name, false);

                if (r == STORE_DONE)
                        continue;
                while (i-- > 0)
                        if (rename_one(store, moved->names[i], name, new_name, true) != 0)
                                log_report(LOG_ERR, "Mailbox '%s' stays renamed, although not "
                                           "all could be.", moved->names[i]);
                return r;
        }
        return store_outcome(disk_sync(store->root_fd, "maildir"));
}

/* INBOX itself cannot go: its messages do (RFC 9051, section 6.3.6). */
static int rename_inbox(MailStore *store, const char *new_name) {
        _cleanup_(mailbox_closep) Mailbox *inbox = NULL;
        _cleanup_(copy_result_done) CopyResult moved = { 0 };
        _cleanup_number_set_ NumberSet all = { 0 };
        int r = store_create_mailbox(store, new_name);

        if (r != STORE_DONE)
                return r;
        r = mailbox_open(store, "INBOX", MAILBOX_READ_WRITE, &inbox);
        if (r != STORE_DONE)
                return r;
        number_set_add(&all, 1, UINT32_MAX);
        return mailbox_move(inbox, &all, new_name, &moved);
}

int store_rename_mailbox(MailStore *store, const char *name, const char *new_name) {
        char directory[FOLDER_DIRECTORY_SIZE], target[FOLDER_DIRECTORY_SIZE];
        _cleanup_name_list_ NameList moved = { 0 };
        int r;

        r = store_resolve(name, directory);
        if (r == STORE_DONE)
                r = store_resolve(new_name, target);
        if (r != STORE_DONE)
                return r;
        if (text_equal(target, "."))
                return STORE_EXISTS;
        if (text_equal(directory, "."))
                return rename_inbox(store, new_name);
        if (is_trash(store, directory))
                return STORE_RESERVED;
        r = list_moved(store, name, &moved);
        if (r != STORE_DONE)
                return r;
        if (moved.n_names == 0)
                return STORE_NO_SUCH_MAILBOX;
        r = check_targets(store, &moved, name, new_name);
        if (r == STORE_DONE)
                r = rename_all(store, &moved, name, new_name);
        if (r == STORE_DONE)
                store_move_special_uses(store, name, new_name, true);
        return r;
}

static int is_any_unseen(int dir_fd, bool *ret_unseen) {
        _cleanup_directory_reader_ DirectoryReader reader = DIRECTORY_READER_CLOSED;
        DirectoryName file = { 0 };
        int r = directory_reader_open(dir_fd, &reader);

        while (r == DISK_DONE && !*ret_unseen) {
                MessageName name;

                r = directory_reader_next(&reader, &file);
                if (r != DISK_DONE || !file.name)
                        break;
                message_name_parse(file.name, &name);
                *ret_unseen = !(name.flags & FLAG_SEEN);
        }
        return r;
}

int store_is_marked(MailStore *store, const char *name, bool *ret_marked) {
        char directory[FOLDER_DIRECTORY_SIZE];
        _cleanup_folder_ Folder folder = FOLDER_CLOSED;
        bool unseen = false;
        int r = store_resolve(name, directory);

        if (r != STORE_DONE)
                return r;
        r = folder_open(store->root_fd, directory, &folder);
        if (r == DISK_DONE)
                r = is_any_unseen(folder.new_fd, &unseen);
        if (r == DISK_DONE && !unseen)
                r = is_any_unseen(folder.cur_fd, &unseen);
        if (r == DISK_DONE)
                *ret_marked = unseen;
        return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
}
