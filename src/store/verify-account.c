/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a Maildir beside its mailboxes, and should not be. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "basic/fd.h"
#include "basic/text.h"
#include "store/inspect.h"
#include "store/store-private.h"

static void tell(const StoreReporter *reporter, const char *kind, const char *path,
                 const char *text, const char *remedy) {
        StoreFinding finding = { .kind = kind, .path = path, .text = text, .remedy = remedy };

        store_tell(reporter, &finding);
}

static void check_entry(MailStore *store, const char *entry, const StoreReporter *reporter) {
        _cleanup_free_ char *name = NULL;
        struct stat st;

        if (disk_stat(store->root_fd, entry, &st) != DISK_DONE)
                return; /* gone meanwhile */
        if (S_ISLNK(st.st_mode))
                tell(reporter, "link", entry, "a symbolic link is not followed and is no mailbox",
                     "move the folder here");
        else if (!S_ISDIR(st.st_mode))
                tell(reporter, "dot-file", entry, "Courier-IMAP shows it as a folder",
                     "move it somewhere else, or give it a name without a dot in front");
        else if (!folder_name_from_directory(entry, &name))
                tell(reporter, "name-invalid", entry, "no mailbox can have this name",
                     "rename the directory");
}

int store_verify_account(MailStore *store, const StoreReporter *reporter) {
        int fd = openat(store->root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);

        if (!dir) {
                int r = disk_outcome(errno, "list", store->path);

                (void) fd_close(fd);
                return r == DISK_FORBIDDEN ? STORE_UNREADABLE : store_outcome(r);
        }
        for (struct dirent *entry; (entry = readdir(dir));)
                if (entry->d_name[0] == '.' && !text_equal(entry->d_name, ".") &&
                    !text_equal(entry->d_name, ".."))
                        check_entry(store, entry->d_name, reporter);
        (void) closedir(dir); /* read only */
        return STORE_DONE;
}
