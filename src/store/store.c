/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account: its Maildir, settings, names, UIDVALIDITY. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/setting.h"
#include "basic/text.h"
#include "store/append-target.h"
#include "store/message-cache.h"
#include "store/store-private.h"

/* Courier counts UIDVALIDITY from here, in seconds since 1970. */
#define UIDVALIDITY_EPOCH INT64_C(1000000000)

enum { UIDVALIDITY_OCTETS_MAX = 64 };

static void copy_setting(char *target, size_t size, const char *name, const char *fallback) {
        _cleanup_free_ char *text = setting_text(name, fallback);

        (void) strncpy(target, text, size - 1); /* cut if it is too long */
        target[size - 1] = '\0';
}

static StoreSync read_sync(void) {
        _cleanup_free_ char *text = setting_text("IMAP_FSYNC", "full");
        int sync = store_sync_from_name(text);

        if (sync >= 0)
                return (StoreSync) sync;
        log_report(LOG_WARNING, "Setting IMAP_FSYNC='%s' is none of full, data and off; using "
                   "full.", text);
        return STORE_SYNC_FULL;
}

void store_settings_read(StoreSettings *ret_settings) {
        char own_host[STORE_NAME_SIZE] = "";
        const char *locks = getenv("IMAP_USELOCKS");
        StoreSettings settings = { 0 };

        if (gethostname(own_host, sizeof(own_host) - 1) < 0 || own_host[0] == '\0')
                strcpy(own_host, "courier-imap");
        settings.sync = read_sync();
        settings.use_locks = !locks || locks[0] == '1';
        settings.rebuild_newer = setting_flag("IMAP_INDEX_REBUILD_NEWER", false);
        copy_setting(settings.host_name, sizeof(settings.host_name), "HOSTNAME", own_host);
        copy_setting(settings.trash_name, sizeof(settings.trash_name), "IMAP_TRASHFOLDERNAME",
                     "Trash");
        copy_setting(settings.cache_directory, sizeof(settings.cache_directory), "IMAP_CACHEDIR",
                     "");
        settings.cache_size = setting_number("IMAP_CACHESIZE", STORE_CACHE_MIB, 0,
                                             STORE_CACHE_MIB_MAX) << 20;
        *ret_settings = settings;
}

int store_outcome(int disk_outcome) {
        switch (disk_outcome) {
        case DISK_DONE:
                return STORE_DONE;
        case DISK_MISSING:
        case DISK_NOT_THAT_KIND:
                return STORE_NO_SUCH_MAILBOX;
        case DISK_EXISTS:
                return STORE_EXISTS;
        case DISK_NO_SPACE:
                return STORE_NO_SPACE;
        case DISK_NAME_TOO_LONG:
                return STORE_NAME_TOO_LONG;
        case DISK_FORBIDDEN:
        case DISK_CANNOT_LINK:
                return STORE_READ_ONLY;
        case DISK_BUSY:
                return STORE_IN_USE;
        default:
                return disk_outcome;
        }
}

int store_outcome_of_index(int index_outcome) {
        switch (index_outcome) {
        case INDEX_DONE:
                return STORE_DONE;
        case INDEX_NO_SPACE:
                return STORE_NO_SPACE;
        case INDEX_FORBIDDEN:
                return STORE_READ_ONLY;
        case INDEX_MISSING:
        case INDEX_BROKEN:
        case INDEX_REPLACED:
        case INDEX_DAMAGED:
                return STORE_MAILBOX_LOST;
        case INDEX_NEWER:
                return STORE_NEWER_INDEX;
        default:
                return index_outcome;
        }
}

int store_resolve(const char *name, char ret_directory[FOLDER_DIRECTORY_SIZE]) {
        switch (folder_name_to_directory(name, ret_directory)) {
        case FOLDER_NAME_DONE:
                return STORE_DONE;
        case FOLDER_NAME_TOO_LONG:
                return STORE_NAME_TOO_LONG;
        default:
                return STORE_INVALID_NAME;
        }
}

static int open_or_create(const char *path, int *ret_fd) {
        int r = maildir_open(path, ret_fd);

        if (r == DISK_MISSING) {
                r = maildir_create(path);
                if (r == DISK_DONE) {
                        log_report(LOG_INFO, "Created maildir '%s'.", path);
                        r = maildir_open(path, ret_fd);
                }
        }
        return r;
}

/* A directory that nobody has put mail into yet gets what belongs into a maildir. */
static int complete(const char *path, int root_fd) {
        struct stat st;
        int r = disk_stat(root_fd, "cur", &st);

        return r == DISK_MISSING ? maildir_create(path) : r;
}

int store_open(const char *maildir_path, const StoreSettings *settings, MailStore **ret_store) {
        _cleanup_(store_closep) MailStore *store = make(
                MailStore, .root_fd = -EBADF, .path = text_dup(maildir_path),
                .settings = *settings, .cache_site = CACHE_SITE_MAILDIR);
        int r;

        unique_names_init(&store->names, settings->host_name);
        r = open_or_create(maildir_path, &store->root_fd);
        if (r == DISK_DONE)
                r = complete(maildir_path, store->root_fd);
        if (r == DISK_FORBIDDEN) {
                log_report(LOG_ERR, "Maildir '%s' cannot be opened: permission denied.",
                           maildir_path);
                return STORE_UNREADABLE;
        }
        if (r == DISK_NOT_THAT_KIND || r == DISK_MISSING) {
                log_report(LOG_ERR, "Maildir '%s' is no directory.", maildir_path);
                return STORE_NO_MAILDIR;
        }
        if (r != DISK_DONE)
                return store_outcome(r);
        if (settings->cache_size > 0)
                cache_site_init(&store->cache_site, settings->cache_directory, maildir_path);
        *ret_store = TAKE_PTR(store);
        return STORE_DONE;
}

MailStore *store_close(MailStore *store) {
        if (!store)
                return NULL;
        append_target_done(store);
        status_memory_done(&store->statuses);
        store_rest(store);
        store->cache = cache_free(store->cache);
        cache_site_done(&store->cache_site);
        store->root_fd = fd_close(store->root_fd);
        free(store->path);
        free(store);
        return NULL;
}

static uint32_t uidvalidity_now(void) {
        int64_t now = (int64_t) (clock_realtime_usec() / USEC_PER_SEC) - UIDVALIDITY_EPOCH;

        return (uint32_t) MAX(now, 1);
}

static uint32_t read_last_uidvalidity(MailStore *store) {
        _cleanup_free_ char *text = NULL;
        uint32_t last = 0;
        size_t size;

        if (disk_read(store->root_fd, "imapd.uidvalidity", UIDVALIDITY_OCTETS_MAX, &text, &size,
                      NULL) != DISK_DONE)
                return 0;
        (void) text_drop_suffix(text, '\n'); /* it ends in one */
        return text_parse_u32(text, &last) ? last : 0;
}

static void write_last_uidvalidity(MailStore *store, uint32_t value) {
        _cleanup_free_ char *unique = unique_name_control(&store->names, "uidvalidity");
        _cleanup_free_ char *temporary = text_printf("tmp/%s", unique);
        _cleanup_free_ char *text = text_printf("%u\n", value);
        DiskFile file = { .temporary_dir = store->root_fd, .temporary = temporary,
                          .dir = store->root_fd, .name = "imapd.uidvalidity", .mode = 0644,
                          .synced = true };

        /* Without it two mailboxes made in one second may have the same. */
        if (disk_replace(&file, text, strlen(text)) == DISK_DONE)
                (void) disk_sync(store->root_fd, file.name);
}

/* Only Dovecot counts from 1970: Courier's numbers are always less than what we choose next. */
void store_note_uidvalidity(MailStore *store, uint32_t uidvalidity) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;

        if (uidvalidity >= uidvalidity_now() && account_lock(store->root_fd, &lock) == DISK_DONE &&
            uidvalidity > read_last_uidvalidity(store))
                write_last_uidvalidity(store, uidvalidity);
}

/* As Courier does it, seconds, so that it still grows when Courier makes the next one. */
uint32_t store_new_uidvalidity(MailStore *store) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        uint32_t value = uidvalidity_now();

        /* Without lock two mailboxes made in one second may have the same. */
        if (account_lock(store->root_fd, &lock) != DISK_DONE)
                return value;
        value = MAX(value, read_last_uidvalidity(store) + 1);
        write_last_uidvalidity(store, value);
        return value;
}
