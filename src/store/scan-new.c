/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that were delivered into new/ move to cur/. */
#include <stdio.h>

#include "basic/text.h"
#include "store/scan.h"

enum { FILE_NAME_SIZE = 255 + sizeof(":2,") };

/* Two messages of one name, the other one in cur/ already: this one gets a new name. */
static int move_renamed(Mailbox *box, const char *name, char *ret_target) {
        UniqueName unique = unique_name_next(&box->store->names);
        _cleanup_free_ char *base = NULL;
        struct stat st;
        int r = disk_stat(box->folder.new_fd, name, &st);

        if (r != DISK_DONE)
                return r;
        base = unique_name_base(&box->store->names, &unique, &st);
        (void) snprintf(ret_target, FILE_NAME_SIZE, "%s:2,", base); /* fits, see unique-name.c */
        return disk_rename_new(box->folder.new_fd, name, box->folder.cur_fd, ret_target);
}

/* The name gets ":2," unless it has a ':' already. */
static int move(Scan *scan, const DirectoryName *file, bool only_new) {
        Mailbox *box = scan->box;
        char target[FILE_NAME_SIZE];
        int r;

        if (box->access != MAILBOX_READ_WRITE || !box->can_write)
                return DISK_FORBIDDEN;
        (void) snprintf(target, sizeof(target), "%s%s", file->name, /* at most 255 + 3 */
                        strchr(file->name, ':') ? "" : ":2,");
        r = disk_rename_new(box->folder.new_fd, file->name, box->folder.cur_fd, target);
        if (r == DISK_EXISTS)
                r = move_renamed(box, file->name, target);
        if (r == DISK_DONE && only_new)
                scan_add_newcomer(scan, target, file->kind);
        return r;
}

int scan_move_new(Scan *scan, bool only_new) {
        _cleanup_directory_reader_ DirectoryReader reader = DIRECTORY_READER_CLOSED;
        int r = directory_reader_open(scan->box->folder.new_fd, &reader);

        scan->facts.dirty &= ~(uint32_t) INDEX_NEW_WAITING;
        while (r == DISK_DONE) {
                DirectoryName file = { 0 };

                r = directory_reader_next(&reader, &file);
                if (r != DISK_DONE || !file.name)
                        break;
                if (file.kind == DIRECTORY_KIND_OTHER)
                        continue;
                r = move(scan, &file, only_new);
                if (r < 0)
                        return r;
                if (r != DISK_DONE && r != DISK_MISSING)
                        scan->facts.dirty |= INDEX_NEW_WAITING;
                r = DISK_DONE;
        }
        return store_outcome(r);
}
