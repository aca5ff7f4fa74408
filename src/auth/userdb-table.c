/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files are kept whole; an account is two pointers into one of them. */
#include "auth/userdb-table.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "auth/userdb-line.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"

typedef struct UserdbFile {
        char *path;
        struct stat seen; /* of a file or a directory; all zero when it was not there */
        char *text;       /* owned; names and fields of accounts point into it */
        size_t size;
} UserdbFile;

typedef struct UserdbAccount {
        const char *name, *fields;
        size_t file, line;
} UserdbAccount;

struct UserdbTable {
        char *path;
        UserdbFile *files;
        size_t n_files, n_files_allocated;
        UserdbAccount *accounts; /* sorted by name */
        size_t n_accounts, n_accounts_allocated;
        const char *problem;
        bool was_read;
};

UserdbTable *userdb_table_new(const char *path) {
        return make(UserdbTable, .path = text_dup(path));
}

static void clear(UserdbTable *table) {
        for (size_t i = 0; i < table->n_files; i++) {
                if (table->files[i].text)
                        memory_wipe(table->files[i].text, table->files[i].size);
                free(table->files[i].text);
                free(table->files[i].path);
        }
        table->n_files = table->n_accounts = 0;
        table->problem = NULL;
}

UserdbTable *userdb_table_free(UserdbTable *table) {
        if (!table)
                return NULL;
        clear(table);
        free(table->files);
        free(table->accounts);
        free(table->path);
        free(table);
        return NULL;
}

static bool time_equal(const struct timespec *a, const struct timespec *b) {
        return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool is_unchanged(const UserdbFile *file) {
        struct stat now = { 0 };

        if (stat(file->path, &now) < 0)
                now = (struct stat) { 0 };
        return now.st_dev == file->seen.st_dev && now.st_ino == file->seen.st_ino &&
               now.st_size == file->seen.st_size && now.st_mode == file->seen.st_mode &&
               time_equal(&now.st_mtim, &file->seen.st_mtim) &&
               time_equal(&now.st_ctim, &file->seen.st_ctim);
}

static UserdbFile *add_file(UserdbTable *table, const char *path) {
        UserdbFile *file;

        if (table->n_files == USERDB_FILES_MAX) {
                table->problem = "userdb has too many files";
                log_report(LOG_ERR, "'%s' has more than %d files.", table->path, USERDB_FILES_MAX);
                return NULL;
        }
        GROW(table->files, table->n_files, table->n_files_allocated);
        file = &table->files[table->n_files++];
        *file = (UserdbFile) { .path = text_dup(path) };
        return file;
}

static void add_line(UserdbTable *table, size_t file, size_t number, char *line, size_t size) {
        const char *fields = NULL;

        switch (userdb_line_split(line, size, &fields)) {
        case USERDB_ACCOUNT:
                GROW(table->accounts, table->n_accounts, table->n_accounts_allocated);
                table->accounts[table->n_accounts++] =
                        (UserdbAccount) { line, fields, file, number };
                break;
        case USERDB_BROKEN:
                log_report(LOG_WARNING, "'%s', line %zu: not 'name TAB field=value|…', ignored.",
                           table->files[file].path, number);
                break;
        case USERDB_NOTHING:
                break;
        }
}

static void split_lines(UserdbTable *table, size_t file) {
        char *at = table->files[file].text, *end = at + table->files[file].size;

        for (size_t number = 1; at < end; number++) {
                char *feed = memchr(at, '\n', (size_t) (end - at));
                size_t size = (size_t) ((feed ? feed : end) - at);

                at[size] = '\0'; /* there is a NUL behind the last line anyway */
                add_line(table, file, number, at, size);
                at += size + 1;
        }
}

static void unreadable(UserdbTable *table, const char *path, int error) {
        table->problem = "userdb cannot be read";
        (void) failed(error, "read '%s'", path); /* the problem is what callers see */
}

static void read_file(UserdbTable *table, size_t index, int fd) {
        UserdbFile *file = &table->files[index];
        int r;

        r = fd_read_file(fd, USERDB_OCTETS_MAX, &file->text, &file->size);
        if (r < 0)
                unreadable(table, file->path, r);
        else
                split_lines(table, index);
}

static void read_path(UserdbTable *table, const char *path, int depth);

static int is_visible(const struct dirent *entry) {
        return entry->d_name[0] != '.';
}

static void read_directory(UserdbTable *table, const char *path, int depth) {
        struct dirent **entries = NULL;
        int n = scandir(path, &entries, is_visible, alphasort);

        if (n < 0)
                unreadable(table, path, -errno);
        for (int i = 0; i < n; i++) {
                _cleanup_free_ char *below = text_printf("%s/%s", path, entries[i]->d_name);

                if (depth < USERDB_DEPTH_MAX)
                        read_path(table, below, depth + 1);
                free(entries[i]);
        }
        free(entries);
}

/* Only the top is checked, as Courier does it: who may not enter the directory reads nothing
 * below. */
static bool has_safe_mode(UserdbTable *table, const struct stat *st, int depth) {
        if (depth > 0 || !(st->st_mode & 077))
                return true;
        table->problem = "userdb may not have group or world permissions";
        log_report(LOG_ERR, "'%s' may not have group or world permissions: it holds passwords"
                   " (chmod go= it).", table->path);
        return false;
}

static void read_path(UserdbTable *table, const char *path, int depth) {
        _cleanup_close_ int fd = -EBADF;
        UserdbFile *file = add_file(table, path);
        size_t index = table->n_files - 1;

        if (!file)
                return;
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0 && errno == ENOENT && depth == 0) {
                log_report(LOG_WARNING, "There is no '%s', so it has no accounts. (A userdb.dat"
                           " without it is not read.)", path);
                return;
        }
        if (fd < 0 || fstat(fd, &file->seen) < 0) {
                unreadable(table, path, -errno);
                return;
        }
        if (!has_safe_mode(table, &file->seen, depth))
                return;
        if (S_ISDIR(file->seen.st_mode))
                read_directory(table, path, depth);
        else if (S_ISREG(file->seen.st_mode))
                read_file(table, index, fd);
}

static int compare_accounts(const void *a, const void *b) {
        const UserdbAccount *left = a, *right = b;
        int order = strcmp(left->name, right->name);

        if (order != 0)
                return order;
        if (left->file != right->file)
                return left->file < right->file ? -1 : 1;
        return left->line < right->line ? -1 : left->line > right->line;
}

static void drop_duplicates(UserdbTable *table) {
        size_t kept = 0;

        for (size_t i = 0; i < table->n_accounts; i++) {
                const UserdbAccount *account = &table->accounts[i];
                const UserdbAccount *first = kept > 0 ? &table->accounts[kept - 1] : NULL;

                if (!first || !text_equal(first->name, account->name)) {
                        table->accounts[kept++] = *account;
                        continue;
                }
                log_report(LOG_WARNING, "'%s', line %zu: '%s' is there already ('%s', line %zu),"
                           " ignored.", table->files[account->file].path, account->line,
                           account->name, table->files[first->file].path, first->line);
        }
        table->n_accounts = kept;
}

void userdb_table_refresh(UserdbTable *table) {
        bool changed = !table->was_read;

        for (size_t i = 0; i < table->n_files && !changed; i++)
                changed = !is_unchanged(&table->files[i]);
        if (!changed)
                return;
        clear(table);
        table->was_read = true;
        read_path(table, table->path, 0);
        if (table->n_accounts > 0)
                qsort(table->accounts, table->n_accounts, sizeof(UserdbAccount), compare_accounts);
        drop_duplicates(table);
        log_report(LOG_INFO, "Read '%s': %zu accounts.", table->path, table->n_accounts);
}

const char *userdb_table_problem(const UserdbTable *table) {
        return table->problem;
}

static int compare_name(const void *name, const void *account) {
        return strcmp(name, ((const UserdbAccount *) account)->name);
}

const char *userdb_table_find(const UserdbTable *table, const char *name) {
        const UserdbAccount *account = NULL;

        if (table->n_accounts > 0)
                account = bsearch(name, table->accounts, table->n_accounts, sizeof(UserdbAccount),
                                  compare_name);
        return account ? account->fields : NULL;
}

const char *userdb_table_any(const UserdbTable *table, size_t index) {
        return index < table->n_accounts ? table->accounts[index].fields : NULL;
}
