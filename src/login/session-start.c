/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last things the monitor does: it becomes the user and then the session. */
#include "login/session-start.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/sandbox.h"
#include "basic/text.h"
#include "login/home.h"

static int set_groups(const AuthAccount *account) {
        int r = account->system_user ? initgroups(account->system_user, account->gid)
                                     : setgroups(1, &account->gid);

        if (r < 0)
                return failed(-errno, "set the groups of '%s'", account->address);
        return 0;
}

static int change_user(const AuthAccount *account) {
        int r;

        if (geteuid() != 0) {
                if (geteuid() == account->uid)
                        return 0;
                return failed(-EPERM, "become user %u", (unsigned) account->uid);
        }
        r = set_groups(account);
        if (r < 0)
                return r;
        if (setresgid(account->gid, account->gid, account->gid) < 0 ||
            setresuid(account->uid, account->uid, account->uid) < 0)
                return failed(-errno, "become user %u", (unsigned) account->uid);
        return 0;
}

int session_become(const AuthAccount *account, const char *skeleton) {
        bool created = false;
        int r;

        if (skeleton) {
                r = home_create(account, &created);
                if (r < 0)
                        return r;
        }
        r = change_user(account);
        if (r < 0)
                return r;
        r = sandbox_drop_capabilities(0);
        if (r < 0)
                return r;
        if (chdir(account->home) < 0)
                return failed(-errno, "enter the home directory '%s'", account->home);
        return created ? home_fill(skeleton) : 0;
}

static void set(const char *name, const char *value) {
        int r = value ? setenv(name, value, 1) : unsetenv(name);

        if (r < 0) /* out of memory: the session would be wrong without it */
                abort();
}

static void set_tls(const TlsRecord *tls) {
        _cleanup_free_ char *connected = NULL;

        set("IMAP_TLS", tls ? "1" : "0");
        if (tls)
                connected = text_printf("%s,%ubits,%s", tls->protocol ? tls->protocol : "",
                                        tls->bits, tls->cipher ? tls->cipher : "");
        set("TLS_CONNECTED_PROTOCOL", connected);
}

static void set_environment(const SessionStart *start, int pending_fd) {
        const AuthAccount *account = start->account;
        _cleanup_free_ char *pending = NULL;

        if (pending_fd >= 0)
                pending = text_printf("%d", pending_fd);
        set("AUTHENTICATED", account->address);
        set("AUTHADDR", account->address);
        set("AUTHFULLNAME", account->name);
        set("OPTIONS", account->options);
        set("MAILDIR", account->maildir);
        set("MAILDIRQUOTA", account->quota);
        set("HOME", account->home);
        set("IMAPLOGINTAG", start->tag);
        set("IMAP_SESSION", start->session_id);
        set("IMAP_PENDING_FD", pending);
        set("PROTOCOL", "IMAP");
        set("TCPREMOTEIP", start->address->remote_ip);
        set("TCPREMOTEPORT", start->address->remote_port);
        set("TCPLOCALIP", start->address->local_ip);
        set("TCPLOCALPORT", start->address->local_port);
        set("LISTEN_FDS", NULL);
        set("LISTEN_PID", NULL);
        set("LISTEN_FDNAMES", NULL);
        set_tls(start->tls);
}

/* Return: a file with the pipelined octets that survives exec, -EBADF if there are none. */
static int make_pending_fd(const SessionStart *start) {
        _cleanup_close_ int fd = -EBADF;
        int r;

        if (start->n_pending == 0)
                return -EBADF;
        fd = memfd_create("pipelined", 0);
        if (fd < 0)
                return failed(-errno, "create a file for pipelined commands");
        r = fd_write_all(fd, start->pending, start->n_pending);
        if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
                r = -errno;
        if (r < 0)
                return failed(r, "pass pipelined commands on");
        return TAKE_FD(fd);
}

int session_exec(const SessionStart *start) {
        const char *maildir = start->account->maildir ? start->account->maildir
                                                      : start->maildir_path;
        char *arguments[] = { (char *) start->imapd_path, (char *) maildir, NULL };
        static const char bye[] = "* BYE [UNAVAILABLE] Cannot start the session.\r\n";
        int pending_fd, r;

        pending_fd = make_pending_fd(start);
        if (pending_fd < 0 && start->n_pending > 0)
                return pending_fd;
        if (pending_fd >= 0 && pending_fd <= STDERR_FILENO)
                return failed(-EBADF, "keep the standard descriptors apart");
        set_environment(start, pending_fd);
        if (dup2(start->client_fd, STDIN_FILENO) < 0 || dup2(start->client_fd, STDOUT_FILENO) < 0)
                return failed(-errno, "hand the client's socket to the session");
        log_close();
        r = sandbox_close_other_fds(&pending_fd, 1);
        if (r < 0)
                return r;
        execv(start->imapd_path, arguments);
        (void) fd_write_all(STDOUT_FILENO, bye, sizeof(bye) - 1); /* it ends anyway */
        return failed(-errno, "start '%s'", start->imapd_path);
}
