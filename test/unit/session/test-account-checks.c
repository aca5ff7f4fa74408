/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/account-checks.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/fd.h"
#include "harness.h"

static char directory[] = "/tmp/account-XXXXXX";

static int enter(void) {
        strcpy(directory, "/tmp/account-XXXXXX");
        CHECK(mkdtemp(directory));
        CHECK_NUMBER(chdir(directory), 0);
        return open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void write_script(const char *text, mode_t mode) {
        _cleanup_close_ int fd = open("loginexec", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

        CHECK_NUMBER(fd_write_all(fd, text, strlen(text)), 0);
}

static void leave(void) {
        (void) unlink("loginexec"); /* it may be gone, that is what is tested */
        (void) unlink("ran");
        CHECK_NUMBER(chdir("/"), 0);
        CHECK_NUMBER(rmdir(directory), 0);
}

TEST("the sticky bit on the home directory locks the account") {
        _cleanup_close_ int fd = enter();

        CHECK(!account_is_locked());
        CHECK_NUMBER(fchmod(fd, 01700), 0);
        CHECK(account_is_locked());
        leave();
}

TEST("a loginexec that ends with 0 runs once, in the Maildir, though SIGCHLD is ignored") {
        _cleanup_close_ int fd = enter();

        signal(SIGCHLD, SIG_IGN);
        write_script("#!/bin/sh\necho x >ran\n", 0700);
        account_run_loginexec(fd);
        CHECK_NUMBER(access("ran", F_OK), 0);
        CHECK(access("loginexec", F_OK) < 0);
        CHECK(signal(SIGCHLD, SIG_DFL) == SIG_IGN);
        leave();
}

TEST("one that fails stays, one that is not executable does not run") {
        _cleanup_close_ int fd = enter();

        write_script("#!/bin/sh\necho x >ran\nexit 3\n", 0700);
        account_run_loginexec(fd);
        CHECK_NUMBER(access("ran", F_OK), 0);
        CHECK_NUMBER(access("loginexec", F_OK), 0);
        CHECK_NUMBER(unlink("ran"), 0);
        CHECK_NUMBER(chmod("loginexec", 0600), 0);
        account_run_loginexec(fd);
        CHECK(access("ran", F_OK) < 0);
        CHECK_NUMBER(chmod("loginexec", 0700), 0);
        write_script("not a program\n", 0700);
        account_run_loginexec(fd);
        leave();
}

TEST("the owner of the Maildir is compared unless the setting says not to") {
        _cleanup_close_ int fd = enter();
        _cleanup_close_ int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        CHECK(account_owns_maildir(fd));
        CHECK_NUMBER(account_owns_maildir(root), geteuid() == 0);
        setenv("IMAP_MAILBOX_SANITY_CHECK", "0", 1);
        CHECK(account_owns_maildir(root));
        unsetenv("IMAP_MAILBOX_SANITY_CHECK");
        leave();
}

TESTS_END
