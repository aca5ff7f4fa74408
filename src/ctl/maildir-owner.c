/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entering a Maildir as whoever owns it. */
#include "ctl/maildir-owner.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "basic/fd.h"
#include "ctl/ctl-exit.h"

static int complain(const char *path, const char *what) {
        fprintf(stderr, "courierctl: %s: %s\n", path, what);
        return CTL_UNAVAILABLE;
}

static int open_directory(const char *path) {
        struct open_how how = {
                .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                .resolve = geteuid() == 0 ? RESOLVE_NO_SYMLINKS : 0,
        };

        return (int) syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

static int become(const struct stat *st) {
        if (setgroups(0, NULL) < 0 || setresgid(st->st_gid, st->st_gid, st->st_gid) < 0 ||
            setresuid(st->st_uid, st->st_uid, st->st_uid) < 0)
                return -errno;
        return 0;
}

int maildir_enter(const char *path) {
        _cleanup_close_ int fd = open_directory(path);
        struct stat st;

        if (fd < 0 && errno == ELOOP)
                return complain(path, "a part of it is a symbolic link, and root does not follow "
                                      "them; give the real path (realpath(1) tells it)");
        if (fd < 0 || fstat(fd, &st) < 0)
                return complain(path, strerror(errno));
        if (geteuid() == 0 && st.st_uid != 0 && become(&st) < 0)
                return complain(path, "cannot become its owner");
        if (fchdir(fd) < 0)
                return complain(path, strerror(errno));
        if (fstatat(AT_FDCWD, "cur", &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
                return complain(path, "this is no Maildir: there is no directory 'cur' in it");
        return CTL_DONE;
}
