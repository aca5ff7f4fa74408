/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "basic/clock.h"
#include "basic/sandbox.h"
#include "maildir-fixture.h"
#include "maildir/folder-lock.h"

static void set_age(int dir_fd, const char *name, int sec) {
        struct timespec times[2] = { { .tv_sec = time(NULL) - sec }, { .tv_sec = time(NULL) - sec } };

        CHECK(utimensat(dir_fd, name, times, 0) == 0);
}

/* "pid:host", as Courier writes into its lock. */
static char *lock_text(pid_t pid) {
        char host[256];

        CHECK(gethostname(host, sizeof(host)) == 0);
        return text_printf("%d:%s", (int) pid, host);
}

TEST("the lock is Courier's file, with process and host in it, and goes with the lock") {
        _cleanup_fixture_ Fixture fixture;
        FolderLock lock = FOLDER_LOCK_NONE;
        _cleanup_free_ char *text = NULL, *want = NULL;
        size_t size;

        fixture_init(&fixture);
        CHECK_NUMBER(folder_lock(fixture.folder.dir_fd, &fixture.folder, &fixture.names, &lock), DISK_DONE);
        CHECK_NUMBER(disk_read(fixture.folder.tmp_fd, "courier.lock", 1000, &text, &size, NULL), DISK_DONE);
        want = lock_text(getpid());
        CHECK_TEXT(text, want);
        folder_unlock(&lock);
        CHECK(!has_file(fixture.folder.tmp_fd, "courier.lock"));
}

TEST("a lock of ours that a crash left is removed at once") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        uint64_t start;
        pid_t child;

        fixture_init(&fixture);
        child = fork();
        if (child == 0) {
                FolderLock lost;

                _exit(folder_lock(fixture.folder.dir_fd, &fixture.folder, &fixture.names, &lost));
        }
        CHECK(waitpid(child, NULL, 0) == child);
        CHECK(has_file(fixture.folder.tmp_fd, "courier.lock"));
        start = clock_monotonic_usec();
        CHECK_NUMBER(folder_lock(fixture.folder.dir_fd, &fixture.folder, &fixture.names, &lock), DISK_DONE);
        CHECK(clock_monotonic_usec() - start < USEC_PER_SEC);
}

static pid_t dead_process(void) {
        pid_t child = fork();

        if (child == 0)
                _exit(0);
        CHECK(waitpid(child, NULL, 0) == child);
        return child;
}

TEST("a lock of Courier's whose process is gone, or that is too old, is removed") {
        _cleanup_fixture_ Fixture fixture;
        FolderLock lock = FOLDER_LOCK_NONE;
        _cleanup_free_ char *text = NULL;

        fixture_init(&fixture);
        text = lock_text(dead_process());
        put_file(fixture.folder.tmp_fd, "courier.lock", text);
        CHECK_NUMBER(folder_lock(fixture.folder.dir_fd, &fixture.folder, &fixture.names, &lock), DISK_DONE);
        folder_unlock(&lock);

        put_file(fixture.folder.tmp_fd, "courier.lock", "1:elsewhere.example.com");
        set_age(fixture.folder.tmp_fd, "courier.lock", COURIER_LOCK_STALE_SEC + 5);
        CHECK_NUMBER(folder_lock(fixture.folder.dir_fd, &fixture.folder, &fixture.names, &lock), DISK_DONE);
        folder_unlock(&lock);
}

/* Takes the lock as a session does, behind its filter. Return: exit status, 0 for success. */
static int lock_in_a_session(Fixture *fixture, int wait_sec) {
        pid_t child = fork();
        int status = -1;

        if (child == 0) {
                FolderLock lock = FOLDER_LOCK_NONE;

                (void) alarm((unsigned) wait_sec);
                (void) sandbox_apply_filter(SANDBOX_SESSION); /* not in every build; then kill() does */
                _exit(folder_lock(fixture->folder.dir_fd, &fixture->folder, &fixture->names, &lock));
        }
        CHECK(waitpid(child, &status, 0) == child);
        return status;
}

TEST("a session behind its filter tells a lock whose process is gone from one that is held") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *gone = NULL, *held = NULL;

        fixture_init(&fixture);
        gone = lock_text(dead_process());
        put_file(fixture.folder.tmp_fd, "courier.lock", gone);
        CHECK_NUMBER(lock_in_a_session(&fixture, 20), 0);
        CHECK(unlinkat(fixture.folder.tmp_fd, "courier.lock", 0) == 0); /* it did not let go */
        held = lock_text(getpid());
        put_file(fixture.folder.tmp_fd, "courier.lock", held);
        CHECK(WIFSIGNALED(lock_in_a_session(&fixture, 1)));
        CHECK(has_file(fixture.folder.tmp_fd, "courier.lock"));
}

TEST("a lock of Courier's that is held is waited for") {
        _cleanup_fixture_ Fixture fixture;
        FolderLock lock = FOLDER_LOCK_NONE;
        uint64_t start;
        pid_t child;

        fixture_init(&fixture);
        put_file(fixture.folder.tmp_fd, "courier.lock", "1:elsewhere.example.com");
        child = fork();
        if (child == 0) {
                struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };

                nanosleep(&pause, NULL);
                _exit(unlinkat(fixture.folder.tmp_fd, "courier.lock", 0) != 0);
        }
        start = clock_monotonic_usec();
        CHECK_NUMBER(folder_lock(fixture.folder.dir_fd, &fixture.folder, &fixture.names, &lock), DISK_DONE);
        CHECK(clock_monotonic_usec() - start >= 90 * USEC_PER_MSEC);
        folder_unlock(&lock);
        CHECK(waitpid(child, NULL, 0) == child);
}

TEST("without Courier's lock only our own is taken") {
        _cleanup_fixture_ Fixture fixture;
        FolderLock lock = FOLDER_LOCK_NONE;

        fixture_init(&fixture);
        put_file(fixture.folder.tmp_fd, "courier.lock", "1:elsewhere.example.com");
        CHECK_NUMBER(folder_lock(fixture.folder.dir_fd, NULL, &fixture.names, &lock), DISK_DONE);
        folder_unlock(&lock);
        CHECK(has_file(fixture.folder.tmp_fd, "courier.lock"));
}

TEST("a signal to stop ends the wait for a lock that somebody holds") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(folder_unlock) FolderLock held = FOLDER_LOCK_NONE;
        FolderLock wanted = FOLDER_LOCK_NONE;
        sigset_t stop, before;
        int signal_number;

        fixture_init(&fixture);
        CHECK_NUMBER(folder_lock(fixture.folder.dir_fd, NULL, &fixture.names, &held), DISK_DONE);
        sigemptyset(&stop);
        sigaddset(&stop, SIGTERM);
        CHECK(sigprocmask(SIG_BLOCK, &stop, &before) == 0);
        CHECK(raise(SIGTERM) == 0);
        CHECK_NUMBER(folder_lock(fixture.folder.dir_fd, NULL, &fixture.names, &wanted), DISK_BUSY);
        CHECK(sigwait(&stop, &signal_number) == 0);
        CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
}

TESTS_END
