/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of mailboxes: all, and the subscribed ones. */
#include "basic/text.h"
#include "maildir/subscription-file.h"
#include "store/store-private.h"
#include "store/store.h"

void store_list_done(StoreList *list) {
        for (size_t i = 0; i < list->n_entries; i++)
                free(list->entries[i].name);
        free(list->entries);
        *list = (StoreList){ 0 };
}

bool store_name_is_below(const char *name, const char *parent) {
        return folder_name_is_below(name, parent);
}

/* With '/' the least of all octets, so that children follow their parent at once. */
int store_list_compare(const char *a, const char *b) {
        for (; *a && *a == *b; a++, b++)
                ;
        if (*a == '/' && *b != '\0')
                return -1;
        if (*b == '/' && *a != '\0')
                return 1;
        return (unsigned char) *a - (unsigned char) *b;
}

static int compare_entries(const void *a, const void *b) {
        const StoreListEntry *left = a, *right = b;
        int order = store_list_compare(left->name, right->name);

        return order != 0 ? order : (int) right->exists - (int) left->exists;
}

typedef struct ListBuilder {
        StoreList list;
        size_t n_allocated;
} ListBuilder;

static void add_entry(ListBuilder *builder, char *name, bool exists) {
        StoreList *list = &builder->list;

        GROW(list->entries, list->n_entries, builder->n_allocated);
        list->entries[list->n_entries++] = (StoreListEntry){ .name = name, .exists = exists };
}

/* All levels above are there too, if only by implication. */
static void add_with_parents(ListBuilder *builder, char *name) {
        for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/'))
                add_entry(builder, text_dup_range(name, (size_t) (slash - name)), false);
        add_entry(builder, name, true);
}

/* Sorted, none twice, each one's children right behind it. */
static StoreList finish(ListBuilder *builder) {
        StoreList list = builder->list;
        size_t n_kept = 0;

        if (list.n_entries > 0)
                qsort(list.entries, list.n_entries, sizeof(*list.entries), compare_entries);
        for (size_t i = 0; i < list.n_entries; i++) {
                if (n_kept > 0 && text_equal(list.entries[n_kept - 1].name, list.entries[i].name))
                        free(list.entries[i].name);
                else
                        list.entries[n_kept++] = list.entries[i];
        }
        list.n_entries = n_kept;
        for (size_t i = 0; i + 1 < list.n_entries; i++)
                list.entries[i].has_children = folder_name_is_below(list.entries[i + 1].name,
                                                                    list.entries[i].name);
        return list;
}

int store_list(MailStore *store, StoreList *ret_list) {
        _cleanup_name_list_ NameList directories = { 0 };
        ListBuilder builder = { 0 };
        int r = maildir_list(store->root_fd, &directories);

        if (r != DISK_DONE)
                return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
        add_entry(&builder, text_dup("INBOX"), true);
        for (size_t i = 0; i < directories.n_names; i++) {
                char *name;

                if (folder_name_from_directory(directories.names[i], &name))
                        add_with_parents(&builder, name);
        }
        *ret_list = finish(&builder);
        return STORE_DONE;
}

int store_list_one(MailStore *store, const char *name, bool *ret_exists, bool *ret_has_children) {
        _cleanup_name_list_ NameList directories = { 0 };
        bool exists = text_equal(name, "INBOX"), has_children = false;
        int r = maildir_list(store->root_fd, &directories);

        if (r != DISK_DONE)
                return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
        for (size_t i = 0; i < directories.n_names && !(exists && has_children); i++) {
                _cleanup_free_ char *other = NULL;

                if (!folder_name_from_directory(directories.names[i], &other))
                        continue;
                exists |= text_equal(other, name);
                has_children |= folder_name_is_below(other, name);
        }
        *ret_exists = exists;
        *ret_has_children = has_children;
        return STORE_DONE;
}

/* "INBOX.Sent", INBOX in any case of letters, to "INBOX/Sent"; NULL when no name can be that. */
static char *name_from_line(const char *line) {
        _cleanup_free_ char *name = text_dup(line);
        char directory[FOLDER_DIRECTORY_SIZE];
        size_t inbox = strlen("INBOX");

        if (strchr(name, '/'))
                return NULL;
        for (char *c = name; *c; c++)
                if (*c == '.')
                        *c = '/';
        if (text_starts_with_nocase(name, "INBOX") && (name[inbox] == '\0' || name[inbox] == '/'))
                memcpy(name, "INBOX", inbox);
        if (name[0] == '#')
                return TAKE_PTR(name);
        return folder_name_to_directory(name, directory) == FOLDER_NAME_DONE ? TAKE_PTR(name)
                                                                             : NULL;
}

int store_subscriptions(MailStore *store, StoreList *ret_list) {
        _cleanup_name_list_ NameList lines = { 0 };
        ListBuilder builder = { 0 };
        int r = subscription_file_read(store->root_fd, &lines);

        if (r != DISK_DONE)
                return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
        for (size_t i = 0; i < lines.n_names; i++) {
                char *name = name_from_line(lines.names[i]);

                if (name)
                        add_with_parents(&builder, name);
        }
        *ret_list = finish(&builder);
        return STORE_DONE;
}

static int change_subscription(MailStore *store, const char *name, bool subscribed) {
        char directory[FOLDER_DIRECTORY_SIZE];
        _cleanup_free_ char *line = text_dup(name);
        int r = name[0] == '#' ? STORE_DONE : store_resolve(name, directory);

        if (r != STORE_DONE)
                return r;
        if (strchr(line, '\n') || strchr(line, '.'))
                return STORE_INVALID_NAME;
        for (char *c = line; *c; c++)
                if (*c == '/')
                        *c = '.';
        return store_outcome(subscription_file_change(store->root_fd, &store->names, line,
                                                      subscribed));
}

int store_subscribe(MailStore *store, const char *name) {
        return change_subscription(store, name, true);
}

int store_unsubscribe(MailStore *store, const char *name) {
        return change_subscription(store, name, false);
}
