/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of courierimapkeywords/. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/text.h"
#include "maildir/keyword-list.h"

/* An update file, ".<N>.<base name>" once somebody has folded it into the list. */
typedef struct Update {
        char *name;
        const char *base;
        uint64_t generation; /* UINT64_MAX: not folded yet */
} Update;

typedef struct Updates {
        Update *items;
        size_t n_items, n_allocated;
} Updates;

static void updates_done(Updates *updates) {
        for (size_t i = 0; i < updates->n_items; i++)
                free(updates->items[i].name);
        free(updates->items);
}

static void add_update(Updates *updates, const char *name) {
        uint64_t generation = UINT64_MAX;
        const char *base = name;
        Update *update;

        if (name[0] == ':')
                return;
        if (name[0] == '.' && (name[1] == '0' || !text_parse_u64_prefix(name + 1, &base,
                                                                        &generation) ||
                               *base++ != '.'))
                return;
        GROW(updates->items, updates->n_items, updates->n_allocated);
        update = &updates->items[updates->n_items++];
        update->name = text_dup(name);
        update->base = update->name + (base - name);
        update->generation = generation;
}

/* Oldest first, so that the newest is set last. */
static int compare_updates(const void *a, const void *b) {
        const Update *left = a, *right = b;

        return left->generation < right->generation ? -1 : left->generation > right->generation;
}

static int list_updates(int keyword_fd, Updates *updates) {
        int fd = openat(keyword_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);

        if (!dir) {
                (void) fd_close(fd);
                return disk_outcome(errno, "list", KEYWORD_DIRECTORY);
        }
        for (struct dirent *entry; (entry = readdir(dir));)
                if (!text_equal(entry->d_name, ".") && !text_equal(entry->d_name, ".."))
                        add_update(updates, entry->d_name);
        (void) closedir(dir); /* read only */
        if (updates->n_items > 0)
                qsort(updates->items, updates->n_items, sizeof(Update), compare_updates);
        return DISK_DONE;
}

static int read_list(int keyword_fd, KeywordList *list) {
        _cleanup_free_ char *octets = NULL;
        size_t size;
        int r = disk_read(keyword_fd, ":list", KEYWORD_FILE_OCTETS_MAX, &octets, &size, NULL);

        if (r == DISK_DONE)
                keyword_list_parse(octets, size, list);
        return r == DISK_MISSING ? DISK_DONE : r;
}

/* An update that vanished was folded into a newer list, which the next look at it will find. */
static int apply_update(int keyword_fd, const Update *update, KeywordList *list) {
        _cleanup_free_ char *octets = NULL;
        size_t size;
        int r = disk_read(keyword_fd, update->name, KEYWORD_FILE_OCTETS_MAX, &octets, &size, NULL);

        if (r == DISK_DONE) {
                keyword_list_set(list, update->base, octets, size);
                name_list_add(&list->updates, update->name);
        }
        return r == DISK_MISSING || r == DISK_NOT_THAT_KIND ? DISK_DONE : r;
}

int keyword_list_read(const Folder *folder, KeywordList *ret_list) {
        _cleanup_(updates_done) Updates updates = { 0 };
        _cleanup_keyword_list_ KeywordList list = { 0 };
        _cleanup_close_ int fd = -EBADF;
        int r;

        r = disk_open(folder->dir_fd, KEYWORD_DIRECTORY, O_RDONLY | O_DIRECTORY, 0, &fd);
        /* The directory first: an update folded meanwhile is in the list we read after it. */
        if (r == DISK_DONE)
                r = list_updates(fd, &updates);
        if (r == DISK_DONE)
                r = read_list(fd, &list);
        for (size_t i = 0; r == DISK_DONE && i < updates.n_items; i++)
                r = apply_update(fd, &updates.items[i], &list);
        if (r != DISK_DONE)
                return r;
        *ret_list = list;
        list = (KeywordList){ 0 };
        return DISK_DONE;
}

/* With the mode of the folder, where that can be set: one shared by a group stays usable. */
static int open_or_make(const Folder *folder, int *ret_fd) {
        struct stat st;
        int r = disk_make_directory(folder->dir_fd, KEYWORD_DIRECTORY, 0700);
        bool made = r == DISK_DONE;

        if (r != DISK_DONE && r != DISK_EXISTS)
                return r;
        r = disk_open(folder->dir_fd, KEYWORD_DIRECTORY, O_RDONLY | O_DIRECTORY, 0, ret_fd);
        if (r == DISK_DONE && made && fstat(folder->dir_fd, &st) == 0)
                (void) fchmod(*ret_fd, st.st_mode & 0777);
        return r;
}

int keyword_list_write(const Folder *folder, UniqueNames *names, const Buffer *octets) {
        _cleanup_free_ char *temporary = unique_name_control(names, "imapkeywords");
        _cleanup_close_ int fd = -EBADF;
        int r = open_or_make(folder, &fd);
        DiskFile file = {
                .temporary_dir = folder->tmp_fd, .temporary = temporary,
                .dir = fd, .name = ":list", .mode = 0644, .synced = true,
        };

        if (r == DISK_DONE)
                r = disk_replace(&file, octets->data, octets->size);
        /* An older list would be believed to be newer, and take keywords away. */
        return r == DISK_DONE ? disk_sync(fd, KEYWORD_DIRECTORY) : r;
}

/*
 * An update file overrides the list for good, folded or not, so none may stay that is older than
 * the list. A reader of Courier's that finds one vanished starts again, with the new list.
 */
void keyword_list_remove_updates(const Folder *folder, const KeywordList *list) {
        _cleanup_close_ int fd = -EBADF;

        if (list->updates.n_names == 0 ||
            disk_open(folder->dir_fd, KEYWORD_DIRECTORY, O_RDONLY | O_DIRECTORY, 0, &fd) != 0)
                return;
        for (size_t i = 0; i < list->updates.n_names; i++)
                (void) disk_unlink(fd, list->updates.names[i]); /* else it is read once more */
}
