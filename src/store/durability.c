/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Syncing: which files, and in which order. */
#include "store/durability.h"

#include "basic/fd.h"
#include "basic/names.h"
#include "store/store-private.h"

static const char *const sync_names[_STORE_SYNC_MAX] = {
        [STORE_SYNC_FULL] = "full",
        [STORE_SYNC_DATA] = "data",
        [STORE_SYNC_OFF]  = "off",
};
DEFINE_NAMES(store_sync, StoreSync, sync_names);

void unsynced_done(Unsynced *unsynced) {
        for (size_t i = 0; i < unsynced->n_fds; i++)
                (void) fd_close(unsynced->fds[i]);
        *unsynced = (Unsynced){ 0 };
}

void unsynced_start(StoreSync sync, int fd) {
        if (sync != STORE_SYNC_OFF)
                disk_write_out(fd, DISK_WRITE_OUT_START);
}

int unsynced_add(Unsynced *unsynced, StoreSync sync, int fd) {
        _cleanup_close_ int owned = fd;

        if (sync == STORE_SYNC_DATA)
                return disk_sync(fd, "message");
        if (sync != STORE_SYNC_FULL)
                return DISK_DONE;
        disk_write_out(fd, DISK_WRITE_OUT_START);
        if (unsynced->n_fds < UNSYNCED_FILES_MAX)
                unsynced->fds[unsynced->n_fds++] = TAKE_FD(owned);
        else
                unsynced->has_more = true;
        return DISK_DONE;
}

int unsynced_sync(Unsynced *unsynced, int dir_fd) {
        int r = DISK_DONE;

        if (unsynced->has_more)
                return disk_sync_all(dir_fd, "messages");
        for (size_t i = 0; i < unsynced->n_fds; i++)
                disk_write_out(unsynced->fds[i], DISK_WRITE_OUT_WAIT);
        for (size_t i = 0; r == DISK_DONE && i < unsynced->n_fds; i++)
                r = disk_sync(unsynced->fds[i], "message");
        return r;
}

/* The files first: a flag that the index has and the file has not would be taken back. */
int mailbox_settle(Mailbox *box) {
        int r = STORE_DONE;

        if (box->store->settings.sync != STORE_SYNC_FULL)
                return STORE_DONE;
        index_start_settling(box->index);
        if (box->is_cur_unsettled)
                r = store_outcome(disk_sync(box->folder.cur_fd, "cur"));
        box->is_cur_unsettled = r != STORE_DONE;
        return r == STORE_DONE ? store_outcome_of_index(index_settle(box->index)) : r;
}
