/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folder names from modified UTF-7 to UTF-8, once, and back. */
#include "store/convert-names.h"

#include "basic/modified-utf7.h"
#include "basic/text.h"
#include "maildir/subscription-file.h"
#include "store/store-private.h"

static const char marker_name[] = "imapd.names";
static const char *const markers[] = {
        [NAMES_UTF8] = "UTF-8\n",
        [NAMES_UTF7] = "modified-UTF-7\n",
};

enum { MARKER_OCTETS_MAX = 64 };

typedef struct Change {
        char *from, *to; /* owned; directories */
        bool done;
} Change;

typedef struct Conversion {
        MailStore *store;
        NamesCoding coding;
        const StoreReporter *reporter;
        NameList directories;
        Change *changes;
        size_t n_changes, n_allocated;
        size_t n_faults;
} Conversion;

static void conversion_done(Conversion *conversion) {
        for (size_t i = 0; i < conversion->n_changes; i++) {
                free(conversion->changes[i].from);
                free(conversion->changes[i].to);
        }
        free(conversion->changes);
        name_list_done(&conversion->directories);
}

static bool has_8bit(const char *text) {
        for (; *text; text++)
                if ((unsigned char) *text >= 0x80)
                        return true;
        return false;
}

/* Return: false when it is not in the other coding. */
static bool convert(NamesCoding coding, const char *name, Buffer *target) {
        buffer_append_text(target, "");
        if (coding == NAMES_UTF7) {
                modified_utf7_encode(name, strlen(name), target);
                return text_is_utf8(name, strlen(name));
        }
        if (!has_8bit(name))
                return modified_utf7_decode(name, strlen(name), target);
        buffer_append_text(target, name); /* made by a server that writes UTF-8 */
        return true;
}

static void tell(Conversion *conversion, const char *kind, const char *path, const char *text,
                 const char *remedy) {
        StoreFinding finding = { .kind = kind, .path = path, .text = text, .remedy = remedy };

        store_tell(conversion->reporter, &finding);
}

static void add_fault(Conversion *conversion, const char *kind, const char *directory,
                      const char *text, const char *remedy) {
        conversion->n_faults++;
        tell(conversion, kind, directory, text, remedy);
}

static void plan_one(Conversion *conversion, const char *directory) {
        _cleanup_buffer_ Buffer name = { 0 };
        _cleanup_free_ char *to = NULL, *mailbox = NULL;

        if (!convert(conversion->coding, directory + 1, &name)) {
                add_fault(conversion, "not-convertible", directory,
                          conversion->coding == NAMES_UTF8 ? "the name is not modified UTF-7"
                                                           : "the name is not UTF-8",
                          "rename the folder; if all names are right as they are, convert nothing");
                return;
        }
        to = text_printf(".%s", name.data);
        if (text_equal(to, directory))
                return;
        if (strlen(to) >= FOLDER_DIRECTORY_SIZE || !folder_name_from_directory(to, &mailbox)) {
                add_fault(conversion, "not-convertible", directory,
                          "no folder can have the converted name", "rename the folder");
                return;
        }
        GROW(conversion->changes, conversion->n_changes, conversion->n_allocated);
        conversion->changes[conversion->n_changes++] =
                (Change){ .from = text_dup(directory), .to = TAKE_PTR(to) };
}

static bool is_renamed(const Conversion *conversion, const char *directory) {
        for (size_t i = 0; i < conversion->n_changes; i++)
                if (text_equal(conversion->changes[i].from, directory))
                        return true;
        return false;
}

static int compare_targets(const void *a, const void *b) {
        return strcmp(((const Change *) a)->to, ((const Change *) b)->to);
}

static void check_targets(Conversion *conversion) {
        static const char remedy[] = "rename one of the two folders, or move its messages";

        if (conversion->n_changes > 0)
                qsort(conversion->changes, conversion->n_changes, sizeof(Change), compare_targets);
        for (size_t i = 0; i < conversion->n_changes; i++) {
                const Change *change = &conversion->changes[i];
                struct stat st;

                if ((i > 0 && text_equal(conversion->changes[i - 1].to, change->to)) ||
                    (disk_stat(conversion->store->root_fd, change->to, &st) == DISK_DONE &&
                     !is_renamed(conversion, change->to))) {
                        _cleanup_free_ char *text = text_printf(
                                "there is another folder for the converted name '%s'", change->to);

                        add_fault(conversion, "name-taken", change->from, text, remedy);
                }
        }
}

/* A name may become free only when another one has been converted. */
static int rename_all(Conversion *conversion) {
        size_t n_done = 0, n_before;

        do {
                n_before = n_done;
                for (size_t i = 0; i < conversion->n_changes; i++) {
                        Change *change = &conversion->changes[i];
                        _cleanup_free_ char *text = NULL;
                        int r;

                        if (change->done)
                                continue;
                        r = disk_rename_new(conversion->store->root_fd, change->from,
                                            conversion->store->root_fd, change->to);
                        if (r != DISK_DONE && r != DISK_EXISTS)
                                return store_outcome(r);
                        change->done = r == DISK_DONE;
                        n_done += change->done;
                        text = text_printf("renamed to '%s'", change->to);
                        if (change->done)
                                tell(conversion, "renamed", change->from, text, NULL);
                }
        } while (n_done < conversion->n_changes && n_done > n_before);
        return n_done == conversion->n_changes ? STORE_DONE : STORE_EXISTS;
}

/* A line that does not name a folder of this Maildir, or is converted already, stays. */
static int convert_subscriptions(Conversion *conversion) {
        _cleanup_name_list_ NameList lines = { 0 }, converted = { 0 };
        bool changed = false;
        int r = subscription_file_read(conversion->store->root_fd, &lines);

        for (size_t i = 0; r == DISK_DONE && i < lines.n_names; i++) {
                _cleanup_buffer_ Buffer name = { 0 };
                const char *line = lines.names[i];

                if (*line != '#' && convert(conversion->coding, line, &name))
                        line = name.data;
                changed |= !text_equal(line, lines.names[i]);
                name_list_add(&converted, line);
        }
        changed |= subscription_file_is_dovecots(conversion->store->root_fd);
        if (r == DISK_DONE && changed)
                r = subscription_file_write(conversion->store->root_fd, &conversion->store->names,
                                            &converted);
        return store_outcome(r);
}

static int write_marker(MailStore *store, NamesCoding coding) {
        _cleanup_free_ char *unique = unique_name_control(&store->names, "names");
        _cleanup_free_ char *temporary = text_printf("tmp/%s", unique);
        DiskFile file = { .temporary_dir = store->root_fd, .temporary = temporary, .synced = true,
                          .dir = store->root_fd, .name = marker_name, .mode = 0644 };

        return store_outcome(disk_replace(&file, markers[coding], strlen(markers[coding])));
}

/* To convert twice would damage names such as "A&-B". */
static bool is_converted(const Conversion *conversion) {
        _cleanup_free_ char *marker = NULL;
        size_t size;

        if (disk_read(conversion->store->root_fd, marker_name, MARKER_OCTETS_MAX, &marker, &size,
                      NULL) == DISK_DONE)
                return text_equal(marker, markers[conversion->coding]);
        for (size_t i = 0; i < conversion->directories.n_names; i++)
                if (conversion->coding == NAMES_UTF8 &&
                    has_8bit(conversion->directories.names[i]))
                        return true;
        return false;
}

static int plan(Conversion *conversion, bool force) {
        int r = maildir_list(conversion->store->root_fd, &conversion->directories);

        if (r != DISK_DONE)
                return store_outcome(r);
        if (!force && is_converted(conversion))
                return STORE_EXISTS;
        for (size_t i = 0; i < conversion->directories.n_names; i++) {
                _cleanup_free_ char *mailbox = NULL;

                if (folder_name_from_directory(conversion->directories.names[i], &mailbox))
                        plan_one(conversion, conversion->directories.names[i]);
        }
        check_targets(conversion);
        return conversion->n_faults == 0 ? STORE_DONE : STORE_INVALID_NAME;
}

int store_convert_names(MailStore *store, NamesCoding coding, unsigned options,
                        const StoreReporter *reporter) {
        _cleanup_(conversion_done) Conversion conversion = { .store = store, .coding = coding,
                                                             .reporter = reporter };
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        int r;

        if (!(options & CONVERT_DRY_RUN)) {
                r = account_lock(store->root_fd, &lock);
                if (r != DISK_DONE)
                        return store_outcome(r);
        }
        r = plan(&conversion, options & CONVERT_FORCE);
        if (r != STORE_DONE)
                return r;
        for (size_t i = 0; options & CONVERT_DRY_RUN && i < conversion.n_changes; i++) {
                _cleanup_free_ char *text = text_printf("would be renamed to '%s'",
                                                        conversion.changes[i].to);

                tell(&conversion, "would-rename", conversion.changes[i].from, text, NULL);
        }
        if (options & CONVERT_DRY_RUN)
                return STORE_DONE;
        /* First, while their names are still those of the folders: Dovecot's are told apart so.
         * And if this ends here, it can simply be done again. */
        r = convert_subscriptions(&conversion);
        if (r == STORE_DONE)
                r = rename_all(&conversion);
        if (r == STORE_DONE)
                r = write_marker(store, coding);
        return r == STORE_DONE ? store_outcome(disk_sync(store->root_fd, store->path)) : r;
}
