/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One base name twice in cur/. Of two messages one gets a new name; of two names of one file, which
 * a program leaves that renames by link() and unlink() and dies between, the second one goes.
 */
#include "basic/clock.h"
#include "basic/log.h"
#include "basic/text.h"
#include "maildir/message-file.h"
#include "store/scan.h"

enum {
        DOUBLES_A_SCAN = 64,  /* each costs a look at all names; the rest is for the next scan */
        LINKED_USUALLY_SEC = 120, /* a program that has not unlinked by then will not do it */
};

static bool has_base(const char *name, const char *base) {
        size_t size = strlen(base);

        return strncmp(name, base, size) == 0 && (name[size] == ':' || name[size] == '\0');
}

static int give_new_name(Mailbox *box, const char *name, const struct stat *st) {
        UniqueName unique = unique_name_next(&box->store->names);
        _cleanup_free_ char *base = unique_name_base(&box->store->names, &unique, st);
        _cleanup_free_ char *target = text_printf("%s%s", base, name + strcspn(name, ":"));
        int r = disk_rename_new(box->folder.cur_fd, name, box->folder.cur_fd, target);

        if (r == DISK_DONE)
                log_report(LOG_NOTICE, "Mailbox '%s' has two messages with the name '%s'; one of "
                           "them has a new name now.", box->name, name);
        return r == DISK_MISSING ? DISK_DONE : r;
}

static int settle_pair(Mailbox *box, const char *kept, const char *other) {
        int64_t now = (int64_t) (clock_realtime_usec() / USEC_PER_SEC);
        struct stat first, second;
        int r = disk_stat(box->folder.cur_fd, kept, &first);

        if (r == DISK_DONE)
                r = disk_stat(box->folder.cur_fd, other, &second);
        if (r != DISK_DONE)
                return r == DISK_MISSING ? DISK_DONE : r; /* it was only being renamed */
        if (first.st_ino != second.st_ino || first.st_dev != second.st_dev)
                return give_new_name(box, other, &second);
        if (now - second.st_ctim.tv_sec < LINKED_USUALLY_SEC)
                return DISK_DONE;
        r = disk_unlink(box->folder.cur_fd, other);
        return r == DISK_MISSING ? DISK_DONE : r;
}

int mailbox_rename_current(Mailbox *box, const char *from, const char *to) {
        int r = disk_rename_new(box->folder.cur_fd, from, box->folder.cur_fd, to);
        struct stat first, second;

        if (r != DISK_EXISTS)
                return r;
        r = disk_stat(box->folder.cur_fd, from, &first);
        if (r == DISK_DONE)
                r = disk_stat(box->folder.cur_fd, to, &second);
        if (r != DISK_DONE)
                return r;
        if (first.st_ino == second.st_ino && first.st_dev == second.st_dev)
                return DISK_DONE; /* it has the new name already, and the old one still */
        r = give_new_name(box, to, &second);
        return r == DISK_DONE
                       ? disk_rename_new(box->folder.cur_fd, from, box->folder.cur_fd, to) : r;
}

/* The one that the index means keeps the name, or the first. */
static int settle(Scan *scan, const FileList *files, const char *base) {
        _cleanup_free_ char *expected = NULL;
        const char *kept = NULL;
        size_t position;
        int r = DISK_DONE;

        if (position_map_find(&scan->known, base, strlen(base), &position, NULL))
                expected = mailbox_file_name(scan->box, position);
        for (size_t i = 0; i < files->n_files; i++)
                if (has_base(file_list_at(files, i), base) &&
                    (!kept || (expected && text_equal(expected, file_list_at(files, i)))))
                        kept = file_list_at(files, i);
        for (size_t i = 0; r == DISK_DONE && kept && i < files->n_files; i++)
                if (has_base(file_list_at(files, i), base) && file_list_at(files, i) != kept)
                        r = settle_pair(scan->box, kept, file_list_at(files, i));
        return r;
}

int scan_settle_doubles(Scan *scan) {
        _cleanup_file_list_ FileList files = { 0 };
        int r = DISK_DONE;

        if (scan->doubles.n_names == 0 || !scan->box->can_write)
                return STORE_DONE;
        r = file_list_read(scan->box->folder.cur_fd, &files);
        for (size_t i = 0; r == DISK_DONE && i < scan->doubles.n_names && i < DOUBLES_A_SCAN; i++)
                r = settle(scan, &files, scan->doubles.names[i]);
        return r == DISK_FORBIDDEN ? STORE_DONE : store_outcome(r);
}
