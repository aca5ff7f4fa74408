/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of the home directory and the Maildir at login; the loginexec program. */
#include "session/account-checks.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "basic/log.h"
#include "basic/setting.h"

extern char **environ;

bool account_is_locked(void) {
        struct stat st;

        return stat(".", &st) < 0 || (st.st_mode & S_ISVTX);
}

bool account_owns_maildir(int maildir_fd) {
        struct stat st;

        if (!setting_flag("IMAP_MAILBOX_SANITY_CHECK", true))
                return true;
        return fstat(maildir_fd, &st) == 0 && st.st_uid == geteuid() && st.st_gid == getegid();
}

static int spawn_in(int directory_fd, const char *program, pid_t *ret_pid) {
        char *arguments[] = { (char *) program, NULL };
        posix_spawn_file_actions_t actions;
        int r;

        r = posix_spawn_file_actions_init(&actions);
        if (r != 0)
                return -r;
        r = posix_spawn_file_actions_addfchdir_np(&actions, directory_fd);
        if (r == 0)
                r = posix_spawn(ret_pid, program, &actions, NULL, arguments, environ);
        (void) posix_spawn_file_actions_destroy(&actions); /* cannot fail in glibc */
        return -r;
}

static int run_in(int directory_fd, const char *program, int *ret_status) {
        pid_t pid;
        int r;

        r = spawn_in(directory_fd, program, &pid);
        if (r < 0)
                return r;
        while (waitpid(pid, ret_status, 0) < 0)
                if (errno != EINTR)
                        return -errno;
        return 0;
}

void account_run_loginexec(int maildir_fd) {
        void (*inherited)(int);
        struct stat st;
        int status, r;

        if (fstatat(maildir_fd, "loginexec", &st, 0) < 0 || !S_ISREG(st.st_mode) ||
            !(st.st_mode & S_IXUSR))
                return;

        /* The login program has SIGCHLD ignored, so that its front leaves no zombie. With
         * that, nobody could wait for a child; a front that ends meanwhile is taken along. */
        inherited = signal(SIGCHLD, SIG_DFL);
        r = run_in(maildir_fd, "./loginexec", &status);
        while (waitpid(-1, NULL, WNOHANG) > 0)
                continue;
        (void) signal(SIGCHLD, inherited); /* it was accepted a moment ago */

        if (r < 0)
                (void) failed(r, "run the account's 'loginexec'"); /* the login goes on */
        else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
                log_report(LOG_WARNING, "The account's 'loginexec' did not end with 0, "
                                        "it will run again at the next login.");
        else if (unlinkat(maildir_fd, "loginexec", 0) < 0)
                (void) failed(-errno, "remove the account's 'loginexec'"); /* the same */
}
