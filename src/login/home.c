/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a home directory. Root makes it empty; what goes in, the user writes himself. */
#include "login/home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"

enum { LEVELS_MAX = 16 };

int home_create(const AuthAccount *account, bool *ret_created) {
        struct stat st;

        *ret_created = false;
        if (stat(account->home, &st) == 0 || errno != ENOENT)
                return 0; /* what is wrong with it, chdir() will tell */
        if (mkdir(account->home, 0700) < 0)
                return failed(-errno, "make the home directory '%s'", account->home);
        if (lchown(account->home, account->uid, account->gid) < 0) {
                int error = -errno;

                (void) rmdir(account->home); /* the next login tries again */
                return failed(error, "give away the home directory '%s'", account->home);
        }
        *ret_created = true;
        return 0;
}

static int copy_octets(int from_fd, int to_fd) {
        char chunk[16 * 1024];
        size_t n;
        int r;

        do {
                r = fd_read_all(from_fd, chunk, sizeof(chunk), &n);
                if (r == 0)
                        r = fd_write_all(to_fd, chunk, n);
                if (r < 0)
                        return r;
        } while (n == sizeof(chunk));
        return 0;
}

static int copy_file(int from_dir, int to_dir, const char *name, mode_t mode) {
        _cleanup_close_ int from_fd = -EBADF, to_fd = -EBADF;

        from_fd = openat(from_dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (from_fd < 0)
                return -errno;
        to_fd = openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (to_fd < 0)
                return -errno;
        return fchmod(to_fd, mode & 0777) < 0 ? -errno : copy_octets(from_fd, to_fd);
}

static int copy_link(int from_dir, int to_dir, const char *name) {
        char target[PATH_MAX];
        ssize_t n = readlinkat(from_dir, name, target, sizeof(target) - 1);

        if (n < 0)
                return -errno;
        target[n] = '\0';
        return symlinkat(target, to_dir, name) < 0 ? -errno : 0;
}

static int copy_directory(int from_fd, int to_fd, unsigned level);

static int copy_subdirectory(int from_dir, int to_dir, const char *name, mode_t mode,
                             unsigned level) {
        _cleanup_close_ int from_fd = -EBADF, to_fd = -EBADF;
        int r;

        from_fd = openat(from_dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (from_fd < 0 || (mkdirat(to_dir, name, 0700) < 0 && errno != EEXIST))
                return -errno;
        to_fd = openat(to_dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (to_fd < 0)
                return -errno;
        r = copy_directory(TAKE_FD(from_fd), to_fd, level + 1);
        if (r < 0)
                return r;
        return fchmod(to_fd, mode & 0777) < 0 ? -errno : 0;
}

static int copy_entry(int from_dir, int to_dir, const char *name, unsigned level) {
        struct stat st;

        if (text_equal(name, ".") || text_equal(name, ".."))
                return 0;
        if (fstatat(from_dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return -errno;
        if (S_ISDIR(st.st_mode))
                return copy_subdirectory(from_dir, to_dir, name, st.st_mode, level);
        if (S_ISREG(st.st_mode))
                return copy_file(from_dir, to_dir, name, st.st_mode);
        return S_ISLNK(st.st_mode) ? copy_link(from_dir, to_dir, name) : 0;
}

/* Takes from_fd. */
static int copy_directory(int from_fd, int to_fd, unsigned level) {
        DIR *directory = level < LEVELS_MAX ? fdopendir(from_fd) : NULL;
        int r = 0;

        if (!directory) {
                r = level < LEVELS_MAX ? -errno : -ELOOP;
                fd_close(from_fd);
                return r;
        }
        while (r == 0) {
                const struct dirent *entry;

                errno = 0;
                entry = readdir(directory);
                if (!entry) {
                        r = -errno;
                        break;
                }
                r = copy_entry(dirfd(directory), to_fd, entry->d_name, level);
        }
        closedir(directory);
        return r;
}

int home_fill(const char *skeleton) {
        _cleanup_close_ int from_fd = -EBADF, to_fd = -EBADF;
        int r;

        from_fd = open(skeleton, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (from_fd < 0)
                return failed(-errno, "open the skeleton '%s' of home directories", skeleton);
        to_fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (to_fd < 0)
                return failed(-errno, "open the new home directory");
        r = copy_directory(TAKE_FD(from_fd), to_fd, 0);
        return r < 0 ? failed(r, "copy the skeleton '%s' of home directories", skeleton) : 0;
}
