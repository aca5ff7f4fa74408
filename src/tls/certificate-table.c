/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names come from the directory, never from a client: a client's name is only compared, so
 * nothing it sends can become a path.
 */
#include "tls/certificate-table.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "basic/log.h"
#include "basic/text.h"

typedef struct FileIdentity {
        dev_t device;
        ino_t inode;
        off_t size;
        struct timespec mtime, ctime;
} FileIdentity;

typedef struct Entry {
        char *name; /* lower case, behind "<file>." */
        char *file, *key_file;
        FileIdentity seen[2]; /* of the certificate and the key; all zero when missing */
        Certificate *certificate; /* NULL when it never could be loaded */
        bool is_present;
} Entry;

struct CertificateTable {
        char *directory, *base; /* of the certificate files */
        char *key_file;
        Entry primary, fallback;
        Entry *entries; /* sorted by name, new ones behind n_sorted during a scan */
        size_t n_entries, n_sorted, n_allocated;
};

static FileIdentity identify(const char *path) {
        struct stat st;

        if (!path || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
                return (FileIdentity) { 0 };
        return (FileIdentity) { st.st_dev, st.st_ino, st.st_size, st.st_mtim, st.st_ctim };
}

static bool time_equal(const struct timespec *a, const struct timespec *b) {
        return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool identity_equal(const FileIdentity *a, const FileIdentity *b) {
        return a->device == b->device && a->inode == b->inode && a->size == b->size &&
               time_equal(&a->mtime, &b->mtime) && time_equal(&a->ctime, &b->ctime);
}

static void entry_done(Entry *entry) {
        free(entry->name);
        free(entry->file);
        free(entry->key_file);
        certificate_free(entry->certificate);
        *entry = (Entry) { 0 };
}

/* The key comes from its own file when that exists, otherwise from the certificate's. */
static void refresh_entry(Entry *entry) {
        FileIdentity now[2] = { identify(entry->file), identify(entry->key_file) };
        Certificate *certificate = NULL;

        if (identity_equal(&now[0], &entry->seen[0]) && identity_equal(&now[1], &entry->seen[1]))
                return;
        memcpy(entry->seen, now, sizeof(now));
        if (now[0].inode == 0) {
                if (entry->certificate)
                        log_report(LOG_WARNING, "The certificate file '%s' is gone; what it held"
                                   " stays in use until it comes back.", entry->file);
                return;
        }
        if (certificate_load(entry->file, now[1].inode ? entry->key_file : NULL, &certificate) !=
            CERTIFICATE_DONE) {
                if (entry->certificate)
                        log_report(LOG_WARNING, "The certificate that '%s' held before stays in"
                                   " use.", entry->file);
                return;
        }
        certificate_free(entry->certificate);
        entry->certificate = certificate;
}

static int compare_entries(const void *a, const void *b) {
        return strcmp(((const Entry *) a)->name, ((const Entry *) b)->name);
}

static Entry *find_entry(const CertificateTable *table, const char *name) {
        Entry wanted = { .name = (char *) name };

        if (table->n_sorted == 0)
                return NULL;
        return bsearch(&wanted, table->entries, table->n_sorted, sizeof(Entry), compare_entries);
}

/* Copies that editors and package tools leave beside a file are not meant for anyone. */
static bool is_leftover(const char *name) {
        return !*name || text_ends_with(name, "~") || text_starts_with(name, "dpkg-") ||
               strstr(name, ".dpkg-") || text_ends_with(name, ".tmp") ||
               text_ends_with(name, ".bak") || text_equal(name, "tmp") || text_equal(name, "bak");
}

static void add_entry(CertificateTable *table, const char *suffix, const char *name) {
        Entry *entry;

        GROW(table->entries, table->n_entries, table->n_allocated);
        entry = &table->entries[table->n_entries++];
        *entry = (Entry) {
                .name = text_dup(name),
                .file = text_printf("%s/%s.%s", table->directory, table->base, suffix),
                .key_file = table->key_file ? text_printf("%s.%s", table->key_file, suffix) : NULL,
                .is_present = true,
        };
}

static void scan_directory(CertificateTable *table) {
        size_t base_size = strlen(table->base);
        DIR *directory = opendir(table->directory);

        for (size_t i = 0; i < table->n_entries; i++)
                table->entries[i].is_present = false;
        for (struct dirent *d; directory && (d = readdir(directory));) {
                _cleanup_free_ char *name = NULL;
                Entry *entry;

                if (!text_starts_with(d->d_name, table->base) || d->d_name[base_size] != '.' ||
                    is_leftover(d->d_name + base_size + 1))
                        continue;
                name = text_dup(d->d_name + base_size + 1);
                text_to_lower(name);
                entry = find_entry(table, name);
                if (entry)
                        entry->is_present = true;
                else if (table->n_entries < CERTIFICATES_MAX)
                        add_entry(table, d->d_name + base_size + 1, name);
        }
        if (directory)
                closedir(directory);
}

static void forget_removed(CertificateTable *table) {
        size_t kept = 0;

        for (size_t i = 0; i < table->n_entries; i++) {
                if (table->entries[i].is_present)
                        table->entries[kept++] = table->entries[i];
                else
                        entry_done(&table->entries[i]);
        }
        table->n_entries = table->n_sorted = kept;
        if (kept > 0)
                qsort(table->entries, kept, sizeof(Entry), compare_entries);
}

CertificateTable *certificate_table_new(const char *file, const char *key_file,
                                        const char *fallback_file) {
        CertificateTable *table = make(CertificateTable);
        const char *slash = strrchr(file, '/');

        table->directory = !slash ? text_dup(".") :
                slash == file ? text_dup("/") : text_dup_range(file, (size_t) (slash - file));
        table->base = text_dup(slash ? slash + 1 : file);
        text_set(&table->key_file, key_file);
        text_set(&table->primary.file, file);
        text_set(&table->primary.key_file, key_file);
        text_set(&table->fallback.file, fallback_file);
        return table;
}

CertificateTable *certificate_table_free(CertificateTable *table) {
        if (!table)
                return NULL;
        for (size_t i = 0; i < table->n_entries; i++)
                entry_done(&table->entries[i]);
        free(table->entries);
        entry_done(&table->primary);
        entry_done(&table->fallback);
        free(table->directory);
        free(table->base);
        free(table->key_file);
        free(table);
        return NULL;
}

void certificate_table_refresh(CertificateTable *table) {
        scan_directory(table);
        forget_removed(table);
        for (size_t i = 0; i < table->n_entries; i++)
                refresh_entry(&table->entries[i]);
        refresh_entry(&table->primary);
        refresh_entry(&table->fallback);
}

void certificate_table_forget(CertificateTable *table) {
        for (size_t i = 0; i < table->n_entries; i++)
                memset(table->entries[i].seen, 0, sizeof(table->entries[i].seen));
        memset(table->primary.seen, 0, sizeof(table->primary.seen));
        memset(table->fallback.seen, 0, sizeof(table->fallback.seen));
}

static const Certificate *find_name(const CertificateTable *table, const char *server_name) {
        char name[SERVER_NAME_MAX + 1];
        size_t size = strlen(server_name);

        if (size == 0 || size > SERVER_NAME_MAX || strchr(server_name, '/') ||
            strstr(server_name, "..") || server_name[0] == '.')
                return NULL;
        memcpy(name, server_name, size + 1);
        text_to_lower(name);
        for (const char *at = name; at; at = strchr(at, '.')) {
                const Entry *entry;

                at += *at == '.';
                entry = find_entry(table, at);
                if (entry && entry->certificate)
                        return entry->certificate;
        }
        return NULL;
}

static const Certificate *find_address(const CertificateTable *table, const char *local) {
        _cleanup_free_ char *name = NULL;
        const Entry *entry;

        if (text_starts_with_nocase(local, "::ffff:") && strchr(local, '.'))
                local += strlen("::ffff:");
        name = text_dup(local);
        text_to_lower(name);
        entry = find_entry(table, name);
        return entry ? entry->certificate : NULL;
}

const Certificate *certificate_table_default(const CertificateTable *table) {
        return table->primary.certificate;
}

const Certificate *certificate_table_find(const CertificateTable *table, const char *server_name,
                                          const char *local) {
        const Certificate *found = server_name ? find_name(table, server_name) : NULL;

        if (!found && local)
                found = find_address(table, local);
        if (!found)
                found = table->primary.certificate;
        return found ? found : table->fallback.certificate;
}
