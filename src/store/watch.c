/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting for changes of an open mailbox, with an inotify instance of its own. */
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "maildir/keyword-list.h"
#include "store/store-private.h"

enum {
        FILES_CHANGED = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO,
        FOLDER_CHANGED = IN_MODIFY | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF,
};

/* Below a descriptor that is open already: no path has to be resolved again. */
static bool watch(int watch_fd, int dir_fd, const char *name, uint32_t events) {
        char path[128];

        (void) snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir_fd, name); /* fits */
        return inotify_add_watch(watch_fd, path, events | IN_ONLYDIR) >= 0;
}

int mailbox_watch(Mailbox *box) {
        _cleanup_close_ int fd = -EBADF;

        if (box->watch_tried)
                return box->watch_fd;
        box->watch_tried = true;
        fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        if (fd < 0 || !watch(fd, box->folder.cur_fd, "", FILES_CHANGED) ||
            !watch(fd, box->folder.new_fd, "", FILES_CHANGED) ||
            !watch(fd, box->folder.dir_fd, "", FOLDER_CHANGED)) {
                log_report(LOG_INFO, "Mailbox '%s' cannot be watched; looking at it from time to "
                                     "time.", box->name);
                return -EBADF;
        }
        (void) watch(fd, box->folder.dir_fd, KEYWORD_DIRECTORY, FILES_CHANGED); /* need not be */
        box->watch_fd = TAKE_FD(fd);
        return box->watch_fd;
}

void mailbox_watch_clear(Mailbox *box) {
        char events[4096];

        while (box->watch_fd >= 0 && read(box->watch_fd, events, sizeof(events)) > 0)
                ;
}
