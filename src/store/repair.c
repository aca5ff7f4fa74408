/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Undoing faults: first what the directories lack, then the index from the files and whoever
 * still knows their UIDs, last Courier's copy of it.
 */
#include <errno.h>
#include <fcntl.h>

#include "basic/fd.h"
#include "basic/text.h"
#include "store/export.h"
#include "store/inspect.h"
#include "store/store-private.h"

enum { SCANS_MAX = 1000 };

typedef struct Repair {
        MailStore *store;
        const char *name;
        char directory[FOLDER_DIRECTORY_SIZE];
        const StoreReporter *reporter;
} Repair;

static void tell(const Repair *repair, const char *kind, const char *file, const char *text) {
        _cleanup_free_ char *path = NULL;
        StoreFinding finding = { .kind = kind, .mailbox = repair->name, .text = text };

        if (file)
                path = text_equal(repair->directory, ".")
                               ? text_dup(file) : text_printf("%s/%s", repair->directory, file);
        finding.path = path;
        store_tell(repair->reporter, &finding);
}

static int make_directories(const Repair *repair, int dir_fd) {
        static const char *const parts[] = { "cur", "new", "tmp" };

        for (size_t i = 0; i < ELEMENTSOF(parts); i++) {
                int r = disk_make_directory(dir_fd, parts[i], 0700);

                if (r == DISK_DONE)
                        tell(repair, "directory-made", parts[i], "made the directory");
                else if (r != DISK_EXISTS)
                        return store_outcome(r);
        }
        return STORE_DONE;
}

static int make_marker(const Repair *repair, int dir_fd) {
        _cleanup_close_ int fd = -EBADF;
        struct stat st;
        int r = disk_stat(dir_fd, "maildirfolder", &st);

        if (text_equal(repair->directory, ".") || r != DISK_MISSING)
                return store_outcome(r == DISK_MISSING ? DISK_DONE : r);
        r = disk_open(dir_fd, "maildirfolder", O_WRONLY | O_CREAT | O_EXCL, 0600, &fd);
        if (r == DISK_DONE)
                tell(repair, "marker-made", "maildirfolder", "made the file");
        return store_outcome(r);
}

static int repair_directory(const Repair *repair) {
        _cleanup_close_ int fd = -EBADF;
        int r = store_open_directory(repair->store, repair->name, &fd);

        if (r == STORE_DONE)
                r = make_directories(repair, fd);
        return r == STORE_DONE ? make_marker(repair, fd) : r;
}

/* A scan may give a message a new name, under which only the next one finds it. */
static int scan_until_settled(Mailbox *box) {
        uint64_t version;
        int r, n = 0;

        do {
                version = index_table(box->index)->version;
                r = mailbox_scan(box, SCAN_ALL);
                if (r == STORE_DONE)
                        r = mailbox_scan(box, SCAN_ALL);
        } while (r == STORE_DONE && version != index_table(box->index)->version &&
                 ++n < SCANS_MAX);
        return r;
}

/* As if nobody had ever looked at the directories. */
static int scan_again(const Repair *repair, const MailboxInspection *before) {
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        int r = mailbox_open(repair->store, repair->name, MAILBOX_READ_ONLY, &box);

        if (r == STORE_DONE)
                r = mailbox_lock(box, true, &lock);
        if (r == STORE_DONE)
                r = mailbox_synchronize_held(box);
        if (r != STORE_DONE)
                return r;
        r = scan_until_settled(box);
        if (r == STORE_DONE && (!before->has_index || before->is_damaged))
                tell(repair, "index-rebuilt", "imapd.index", "made it anew");
        else if (r == STORE_DONE && before->highest_modseq != mailbox_highest_modseq(box))
                tell(repair, "index-corrected", "imapd.index", "brought in line with the files");
        return r;
}

int store_repair_mailbox(MailStore *store, const char *name, const StoreReporter *reporter) {
        Repair repair = { .store = store, .name = name, .reporter = reporter };
        MailboxInspection before;
        int r = store_resolve(name, repair.directory);

        if (r == STORE_DONE)
                r = repair_directory(&repair);
        if (r != STORE_DONE)
                return r;
        r = store_inspect(store, name, &before);
        if (r == STORE_DONE)
                r = scan_again(&repair, &before);
        return r == STORE_DONE ? store_export_mailbox(store, name, EXPORT_COURIER, reporter) : r;
}
