/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing the account's subscriptions for the way back. */
#include "basic/text.h"
#include "maildir/dovecot-subscriptions.h"
#include "maildir/subscription-file.h"
#include "store/export.h"
#include "store/store-private.h"

/* Dovecot's names are those of the directories, whatever their coding. */
static void names_for_dovecot(const NameList *lines, NameList *names) {
        for (size_t i = 0; i < lines->n_names; i++) {
                const char *line = lines->names[i];

                if (text_starts_with_nocase(line, "INBOX."))
                        name_list_add(names, line + strlen("INBOX."));
                else if (text_equal_nocase(line, "INBOX"))
                        name_list_add(names, "INBOX");
        }
}

static bool is_same_list(const NameList *a, const NameList *b) {
        bool same = a->n_names == b->n_names;

        for (size_t i = 0; same && i < a->n_names; i++)
                same = text_equal(a->names[i], b->names[i]);
        return same;
}

static int write_for_dovecot(MailStore *store, const NameList *lines, bool *ret_written) {
        _cleanup_name_list_ NameList found = { 0 }, wanted = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };
        struct stat st;
        int r = dovecot_subscriptions_read(store->root_fd, &found, &st);

        names_for_dovecot(lines, &wanted);
        if (r < 0 || is_same_list(&found, &wanted)) /* a missing file is an empty list */
                return MIN(r, 0);
        for (size_t i = 0; i < wanted.n_names; i++)
                dovecot_subscriptions_append(&octets, wanted.names[i]);
        *ret_written = true;
        return dovecot_subscriptions_write(store->root_fd, &store->names, &octets);
}

int store_export_subscriptions(MailStore *store, ExportTarget target,
                               const StoreReporter *reporter) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        _cleanup_name_list_ NameList lines = { 0 };
        StoreFinding finding = { .kind = "written", .text = "written",
                                 .path = target == EXPORT_COURIER ? SUBSCRIPTION_FILE_NAME
                                                                  : DOVECOT_SUBSCRIPTIONS_NAME };
        bool written = false;
        int r = account_lock(store->root_fd, &lock);

        if (r == DISK_DONE)
                r = subscription_file_read(store->root_fd, &lines);
        if (r == DISK_DONE && target == EXPORT_DOVECOT) {
                r = write_for_dovecot(store, &lines, &written);
        } else if (r == DISK_DONE && subscription_file_is_dovecots(store->root_fd)) {
                written = true;
                r = subscription_file_write(store->root_fd, &store->names, &lines);
        }
        if (r == DISK_DONE && written)
                store_tell(reporter, &finding);
        return store_outcome(r);
}
