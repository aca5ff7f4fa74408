/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Courier's dot-lock protocol, and our own lock. */
#include "maildir/folder-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"

static const char lock_name[] = "courier.lock";

enum {
        LOCK_MODE = 0744, /* the x is our mark */
        LOCK_OCTETS_MAX = 512,
        WAIT_USEC_MIN = 200,
        WAIT_USEC_MAX = 20 * 1000,
};

/* Waiting for somebody else to let go: in growing steps, up to an end. */
typedef struct LockWait {
        uint64_t deadline_usec, pause_usec;
} LockWait;

static LockWait lock_wait_start(void) {
        uint64_t deadline_usec = clock_deadline_usec(FOLDER_LOCK_WAIT_SEC * USEC_PER_SEC);

        return (LockWait){ deadline_usec, WAIT_USEC_MIN };
}

static bool is_stop_pending(void) {
        static const int stops[] = { SIGTERM, SIGINT, SIGHUP };
        sigset_t pending;

        if (sigpending(&pending) < 0)
                return false;
        for (size_t i = 0; i < ELEMENTSOF(stops); i++)
                if (sigismember(&pending, stops[i]) == 1)
                        return true;
        return false;
}

/* Return: DISK_DONE to try once more, DISK_BUSY to give up. */
static int lock_wait(LockWait *wait, const char *name) {
        struct timespec pause = { .tv_nsec = (long) wait->pause_usec * 1000 };

        if (is_stop_pending())
                return DISK_BUSY;
        if (clock_left_usec(wait->deadline_usec) == 0) {
                log_report(LOG_WARNING, "Waited %d seconds for '%s', which somebody else holds.",
                           FOLDER_LOCK_WAIT_SEC, name);
                return DISK_BUSY;
        }
        (void) nanosleep(&pause, NULL); /* a signal ends it early, which is as good */
        wait->pause_usec = MIN(wait->pause_usec * 2, (uint64_t) WAIT_USEC_MAX);
        return DISK_DONE;
}

static int lock_own(int dir_fd, const char *name, int *ret_fd) {
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
        LockWait wait = lock_wait_start();
        _cleanup_close_ int fd = -EBADF;
        int r = disk_open(dir_fd, name, O_RDWR | O_CREAT, 0644, &fd);

        if (r != DISK_DONE)
                return r;
        while (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
                if (errno != EAGAIN && errno != EACCES && errno != EINTR)
                        return failed(-errno, "lock '%s'", name);
                r = lock_wait(&wait, name);
                if (r != DISK_DONE)
                        return r;
        }
        *ret_fd = TAKE_FD(fd);
        return DISK_DONE;
}

/* "<pid>:<host>", linked to its name so that exactly one wins. */
static int try_dot_lock(const Folder *folder, UniqueNames *names, const char *host) {
        _cleanup_free_ char *temporary = unique_name_control(names, "courierlock");
        _cleanup_free_ char *text = text_printf("%d:%s", (int) getpid(), host);
        _cleanup_close_ int fd = -EBADF;
        int r = disk_open(folder->tmp_fd, temporary, O_WRONLY | O_CREAT | O_EXCL, LOCK_MODE, &fd);

        if (r != DISK_DONE)
                return r;
        r = disk_write(fd, text, strlen(text), lock_name);
        if (r == DISK_DONE)
                r = disk_link(folder->tmp_fd, temporary, folder->tmp_fd, lock_name);
        (void) unlinkat(folder->tmp_fd, temporary, 0); /* a purge takes it later */
        return r;
}

/*
 * A session's filter refuses kill(), but not a look at /proc, which says the same wherever it shows
 * the processes of others, such as the first one.
 */
static bool is_process_gone(long pid) {
        char path[32];
        struct stat st;

        if (pid == getpid())
                return true; /* not our lock, so of somebody before us */
        if (kill((pid_t) pid, 0) == 0)
                return false;
        if (errno == ESRCH)
                return true;
        (void) snprintf(path, sizeof(path), "/proc/%ld", pid); /* fits */
        return stat("/proc/1", &st) == 0 && stat(path, &st) < 0 && errno == ENOENT;
}

/* May the lock that stands in our way be removed? */
static bool is_stale(const Folder *folder, const char *host) {
        int64_t now = (int64_t) (clock_realtime_usec() / USEC_PER_SEC);
        _cleanup_free_ char *text = NULL;
        struct stat st;
        size_t size;
        char *colon;
        long pid;

        if (disk_read(folder->tmp_fd, lock_name, LOCK_OCTETS_MAX, &text, &size, &st) != DISK_DONE)
                return false; /* gone, most likely: the next attempt tells */
        if (st.st_mode & S_IXUSR)
                return true;
        if (now - st.st_mtime > COURIER_LOCK_STALE_SEC)
                return true;
        colon = strchr(text, ':');
        pid = strtol(text, NULL, 10);
        if (!colon || pid <= 0 || !text_equal(colon + 1, host))
                return false;
        return is_process_gone(pid);
}

static int lock_courier(const Folder *folder, UniqueNames *names) {
        char host[UNIQUE_HOST_SIZE] = "";
        LockWait wait = lock_wait_start();

        (void) gethostname(host, sizeof(host) - 1); /* then every lock is of another host */
        for (;;) {
                int r = try_dot_lock(folder, names, host);

                if (r != DISK_EXISTS)
                        return r;
                if (!is_stale(folder, host)) {
                        r = lock_wait(&wait, lock_name);
                        if (r != DISK_DONE)
                                return r;
                        continue;
                }
                log_report(LOG_NOTICE, "Removing a lock (courier.lock) that nobody holds.");
                r = disk_unlink(folder->tmp_fd, lock_name);
                if (r != DISK_DONE && r != DISK_MISSING)
                        return r;
        }
}

int folder_lock(int dir_fd, const Folder *courier, UniqueNames *names, FolderLock *ret_lock) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        int r = lock_own(dir_fd, "imapd.lock", &lock.fd);

        if (r == DISK_DONE && courier) {
                r = lock_courier(courier, names);
                if (r == DISK_DONE)
                        lock.tmp_fd = courier->tmp_fd;
                if (r == DISK_NO_SPACE)
                        r = DISK_DONE; /* on a full disk mail can still be read, and deleted */
        }
        if (r != DISK_DONE)
                return r;
        *ret_lock = lock;
        lock = FOLDER_LOCK_NONE;
        return DISK_DONE;
}

int account_lock(int root_fd, FolderLock *ret_lock) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        int r = lock_own(root_fd, "imapd-account.lock", &lock.fd);

        if (r != DISK_DONE)
                return r;
        *ret_lock = lock;
        lock = FOLDER_LOCK_NONE;
        return DISK_DONE;
}

void folder_unlock(FolderLock *lock) {
        if (lock->tmp_fd >= 0)
                (void) disk_unlink(lock->tmp_fd, lock_name); /* else it is found to be stale */
        lock->tmp_fd = -EBADF;
        lock->fd = fd_close(lock->fd);
}
