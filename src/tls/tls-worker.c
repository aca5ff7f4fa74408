/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The worker gives up everything before it reads the first octet from the client: other
 * descriptors, the user, capabilities, files, new sockets and processes.
 */
#include "tls/tls-worker.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/sandbox.h"
#include "tls/tls-connection.h"

/* An idle worker gives its buffers back after this long. */
#define TIDY_USEC USEC_PER_SEC

static int become_worker_user(const TlsSettings *settings) {
        uid_t uid = settings->worker_uid;
        gid_t gid = settings->worker_gid;

        if (geteuid() != 0)
                return 0;
        if (sandbox_drop_capabilities(UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_SETGID) < 0)
                return -EPERM; /* reported */
        if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
                return failed(-errno, "become the user of TLS workers");
        return 0;
}

static int close_others(const TlsConnection *connection) {
        TlsWait wait;
        int keep[_TLS_FD_MAX + 2];

        tls_connection_wait(connection, &wait);
        for (size_t i = 0; i < _TLS_FD_MAX; i++)
                keep[i] = wait.fds[i].fd;
        keep[_TLS_FD_MAX] = tls_connection_session_fd(connection);
        keep[_TLS_FD_MAX + 1] = log_fd();
        return sandbox_close_other_fds(keep, ELEMENTSOF(keep));
}

static void reset_signals(void) {
        sigset_t none;

        for (int signal_number = 1; signal_number < NSIG; signal_number++)
                if (signal_number != SIGPIPE)
                        (void) signal(signal_number, SIG_DFL); /* some cannot be set: no matter */
        sigemptyset(&none);
        (void) sigprocmask(SIG_SETMASK, &none, NULL); /* cannot fail */
        (void) signal(SIGPIPE, SIG_IGN);              /* OpenSSL uses write() */
}

static int fence_in(const TlsSettings *settings, const TlsConnection *connection) {
        int r;

        reset_signals();
        r = close_others(connection);
        if (r >= 0)
                r = become_worker_user(settings);
        if (r >= 0)
                r = sandbox_harden_process();
        if (r >= 0)
                r = sandbox_drop_capabilities(0);
        if (r >= 0 && !sandbox_is_relaxed())
                r = sandbox_restrict_files(NULL, 0);
        if (r >= 0)
                r = sandbox_apply_filter(SANDBOX_TLS_WORKER);
        return r;
}

static int wait_for(const TlsWait *wait, uint64_t tidy_usec) {
        struct pollfd fds[_TLS_FD_MAX];
        uint64_t left_usec = wait->is_busy ? 0 : clock_left_usec(wait->deadline_usec);
        struct timespec timeout;

        for (size_t i = 0; i < _TLS_FD_MAX; i++)
                fds[i] = (struct pollfd) { .fd = wait->fds[i].events ? wait->fds[i].fd : -1,
                                           .events = wait->fds[i].events };
        left_usec = MIN(left_usec, tidy_usec);
        timeout = (struct timespec) {
                .tv_sec = (time_t) (left_usec / USEC_PER_SEC),
                .tv_nsec = (long) (left_usec % USEC_PER_SEC) * 1000,
        };
        return ppoll(fds, ELEMENTSOF(fds), left_usec == USEC_INFINITY ? NULL : &timeout, NULL);
}

static void serve(TlsConnection *connection, const TlsContext *context) {
        bool is_tidy = false;
        TlsWait wait;

        while (tls_connection_step(connection)) {
                uint64_t tidy_usec = USEC_INFINITY;

                if (tls_connection_is_idle(connection))
                        tidy_usec = is_tidy ? USEC_INFINITY : TIDY_USEC;
                tls_connection_wait(connection, &wait);
                is_tidy = wait_for(&wait, tidy_usec) == 0 && tidy_usec == TIDY_USEC;
                if (is_tidy) {
                        (void) madvise(context->scratch, PUMP_SCRATCH_OCTETS, MADV_DONTNEED);
                        (void) malloc_trim(0); /* an idle client costs little memory */
                }
        }
}

static _Noreturn void work(const TlsContext *context, int monitor_fd) {
        TlsConnection *connection = tls_connection_new(context, monitor_fd);

        if (!connection || fence_in(context->settings, connection) < 0)
                _exit(EXIT_FAILURE);
        serve(connection, context);
        /* The kernel releases the rest; the end of the sockets is what others wait for. */
        _exit(EXIT_SUCCESS);
}

int tls_worker_start(const TlsContext *context, int monitor_fd, pid_t *ret_pid) {
        pid_t pid = fork();

        if (pid == 0)
                work(context, monitor_fd);
        (void) fd_close(monitor_fd);
        if (pid < 0)
                return failed(-errno, "start a TLS worker");
        *ret_pid = pid;
        return 0;
}
