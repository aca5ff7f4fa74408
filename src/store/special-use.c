/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uses of mailboxes: designated, or by the names that are usual. */
#include "store/special-use.h"

#include "basic/log.h"
#include "basic/text.h"
#include "maildir/special-use-file.h"
#include "store/store-private.h"

static const struct {
        SpecialUse use;
        const char *word;
        const char *usual_names[5]; /* below INBOX; the first that exists */
} uses[] = {
        { SPECIAL_USE_ARCHIVE, "\\Archive", { "Archive", "Archives" } },
        { SPECIAL_USE_DRAFTS, "\\Drafts", { "Drafts", "Draft" } },
        { SPECIAL_USE_JUNK, "\\Junk", { "Junk", "Spam", "Junk E-mail", "Bulk Mail" } },
        { SPECIAL_USE_SENT, "\\Sent", { "Sent", "Sent Items", "Sent Messages", "Sent Mail" } },
        { SPECIAL_USE_TRASH, "\\Trash", { "Trash", "Deleted Items", "Deleted Messages" } },
};

unsigned special_use_from_name(const char *name) {
        for (size_t i = 0; i < ELEMENTSOF(uses); i++)
                if (text_equal_nocase(name, uses[i].word))
                        return uses[i].use;
        return 0;
}

/* "INBOX/Sent" as the file has it. */
static char *dotted(const char *name) {
        char *text = text_dup(name);

        for (char *c = text; *c; c++)
                if (*c == '/')
                        *c = '.';
        return text;
}

/* The existing mailbox that this is the name of; n_entries when there is none. */
static size_t find_dotted(const StoreList *list, const char *name) {
        for (size_t i = 0; i < list->n_entries; i++) {
                _cleanup_free_ char *own = dotted(list->entries[i].name);

                if (list->entries[i].exists && text_equal(own, name))
                        return i;
        }
        return list->n_entries;
}

static size_t find_usual(const StoreList *list, const char *usual) {
        for (size_t i = 0; i < list->n_entries; i++)
                if (list->entries[i].exists &&
                    text_starts_with(list->entries[i].name, "INBOX/") &&
                    text_equal_nocase(list->entries[i].name + strlen("INBOX/"), usual))
                        return i;
        return list->n_entries;
}

/* The configured trash is the first that is looked for. */
static size_t find_by_name(const MailStore *store, const StoreList *list, size_t row) {
        const char *const *names = uses[row].usual_names;
        size_t found = list->n_entries;

        if (uses[row].use == SPECIAL_USE_TRASH && store->settings.trash_name[0])
                found = find_usual(list, store->settings.trash_name);
        for (size_t i = 0; i < ELEMENTSOF(uses[row].usual_names) && names[i]; i++)
                if (found == list->n_entries)
                        found = find_usual(list, names[i]);
        return found;
}

static size_t find_designated(const SpecialUseLines *lines, const StoreList *list, size_t row) {
        for (size_t i = 0; i < lines->n_lines; i++)
                if (text_equal_nocase(lines->lines[i].use, uses[row].word))
                        return find_dotted(list, lines->lines[i].name);
        return list->n_entries;
}

int store_special_uses(MailStore *store, const StoreList *list, unsigned **ret_uses) {
        _cleanup_special_use_lines_ SpecialUseLines lines = { 0 };
        int r = special_use_file_read(store->root_fd, &lines);

        if (r != DISK_DONE)
                return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
        *ret_uses = make_array(unsigned, list->n_entries);
        for (size_t row = 0; row < ELEMENTSOF(uses); row++) {
                size_t found = find_designated(&lines, list, row);

                if (found == list->n_entries)
                        found = find_by_name(store, list, row);
                if (found < list->n_entries)
                        (*ret_uses)[found] |= uses[row].use;
        }
        return STORE_DONE;
}

static int designate(MailStore *store, const char *name, unsigned wanted) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        _cleanup_special_use_lines_ SpecialUseLines lines = { 0 };
        _cleanup_free_ char *line = dotted(name);
        int r = account_lock(store->root_fd, &lock);

        if (r == DISK_DONE)
                r = special_use_file_read(store->root_fd, &lines);
        if (r != DISK_DONE)
                return store_outcome(r);
        for (size_t row = 0; row < ELEMENTSOF(uses); row++)
                if (wanted & (unsigned) uses[row].use)
                        special_use_lines_set(&lines, uses[row].word, line);
        return store_outcome(special_use_file_write(store->root_fd, &store->names, &lines));
}

int store_create_mailbox_for(MailStore *store, const char *name, unsigned wanted) {
        int r = store_create_mailbox(store, name);

        if (r != STORE_DONE || wanted == 0)
                return r;
        r = designate(store, name, wanted);
        if (r != STORE_DONE && store_delete_mailbox(store, name) != STORE_DONE)
                log_report(LOG_ERR, "Mailbox '%s' was created, but not for its special use.",
                           name);
        return r;
}

static int move(MailStore *store, const char *name, const char *new_name, bool with_children) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        _cleanup_special_use_lines_ SpecialUseLines lines = { 0 };
        _cleanup_free_ char *from = dotted(name), *to = new_name ? dotted(new_name) : NULL;
        int r = special_use_file_read(store->root_fd, &lines);

        if (r != DISK_DONE || lines.n_lines == 0)
                return r;
        r = account_lock(store->root_fd, &lock);
        if (r != DISK_DONE)
                return r;
        special_use_lines_done(&lines); /* it may have changed before we had the lock */
        r = special_use_file_read(store->root_fd, &lines);
        if (r == DISK_DONE && special_use_lines_rename(&lines, from, to, with_children))
                r = special_use_file_write(store->root_fd, &store->names, &lines);
        return r;
}

void store_move_special_uses(MailStore *store, const char *name, const char *new_name,
                             bool with_children) {
        if (move(store, name, new_name, with_children) != DISK_DONE)
                log_report(LOG_WARNING, "Special uses of mailbox '%s' could not be noted under "
                           "its new name.", name);
}
