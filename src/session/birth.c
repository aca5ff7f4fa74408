/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Birth of a session: environment, umask, checks, loginexec, store, fence. */
#include "session/birth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/sandbox.h"
#include "basic/setting.h"
#include "session/account-checks.h"
#include "session/log-lines.h"
#include "session/status.h"
#include "store/message-cache.h"
#include "store/store.h"

/* IMAP_UMASK is octal; what cannot be read is Courier's default. */
static void set_umask(void) {
        _cleanup_free_ char *text = setting_text("IMAP_UMASK", "022");
        char *end;
        unsigned long mask = strtoul(text, &end, 8);

        if (*end != '\0' || mask > 0777) {
                log_report(LOG_WARNING, "IMAP_UMASK is '%s', not an octal mask; using 022.", text);
                mask = 022;
        }
        (void) umask((mode_t) mask); /* cannot fail */
}

static int read_facts(const char *maildir_argument, SessionFacts *ret_facts) {
        switch (session_facts_read(maildir_argument, ret_facts)) {
        case SESSION_FACTS_DONE:
                return SESSION_BORN;
        case SESSION_FACTS_NO_USER:
                return SESSION_NO_USER;
        default:
                return SESSION_NO_ADDRESS;
        }
}

/* *ret_fd stays closed when there is no Maildir yet. */
static int open_maildir(const char *path, int *ret_fd) {
        int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd < 0 && errno == ENOTDIR)
                return SESSION_NO_MAILDIR;
        if (fd < 0 && errno != ENOENT)
                return failed(-errno, "open maildir '%s'", path);
        *ret_fd = fd < 0 ? -EBADF : fd;
        return SESSION_BORN;
}

static int open_store(Session *session) {
        StoreSettings settings;
        int r;

        store_settings_read(&settings);
        r = store_open(session->facts.maildir_path, &settings, &session->store);
        if (r < 0)
                return r;
        if (r > 0)
                return SESSION_NO_MAILDIR;
        if (session->maildir_fd >= 0)
                return SESSION_BORN;
        return open_maildir(session->facts.maildir_path, &session->maildir_fd);
}

static int check_and_open(Session *session) {
        int r;

        if (account_is_locked()) {
                session_log_locked(&session->facts);
                return SESSION_LOCKED;
        }
        r = open_maildir(session->facts.maildir_path, &session->maildir_fd);
        if (r != SESSION_BORN)
                return r;
        if (session->maildir_fd >= 0) {
                if (!account_owns_maildir(session->maildir_fd))
                        return SESSION_WRONG_OWNER;
                account_run_loginexec(session->maildir_fd);
        }
        return open_store(session);
}

int session_birth(const char *maildir_argument, Session *ret_session) {
        _cleanup_(session_done) Session session = { .maildir_fd = -EBADF, .status_fd = -EBADF };
        int r;

        set_umask();
        r = read_facts(maildir_argument, &session.facts);
        if (r != SESSION_BORN)
                return r;
        session_log_fields(&session.facts);
        r = sandbox_close_other_fds((int[]){ log_fd(), session.facts.pending_fd }, 2);
        if (r < 0)
                return r; /* an inherited descriptor would be a hole in the fence */
        r = check_and_open(&session);
        if (r != SESSION_BORN)
                return r;
        session.status_fd = status_open();

        *ret_session = session;
        session = (Session){ .maildir_fd = -EBADF, .status_fd = -EBADF,
                             .facts = { .pending_fd = -EBADF } };
        return SESSION_BORN;
}

void session_done(Session *session) {
        store_close(session->store);
        session_facts_done(&session->facts);
        session->store = NULL;
        session->maildir_fd = fd_close(session->maildir_fd);
        session->status_fd = fd_close(session->status_fd);
}

/* A limit on memory as Courier's start script set it, in KiB; none by default. */
static int limit_memory(void) {
        uint64_t kib = setting_number("IMAP_ULIMITD", 0, 0, UINT64_MAX / 1024);

        return kib == 0 || sandbox_is_relaxed() ? 0 : sandbox_limit(RLIMIT_DATA, kib * 1024);
}

int session_fence(const Session *session) {
        const SandboxPath paths[] = {
                { .fd = session->maildir_fd, .access = SANDBOX_READ_WRITE },
                { .path = GCONV_DIRECTORY, .access = SANDBOX_READ },
                { .fd = store_cache_fd(session->store), .access = SANDBOX_READ_WRITE },
        };
        size_t n_paths = ELEMENTSOF(paths) - (store_cache_fd(session->store) < 0 ? 1 : 0);
        int r;

        tzset(); /* dates of SEARCH are local; the time zone's file is out of reach afterwards */
        r = sandbox_harden_process();
        if (r < 0)
                return r;
        r = sandbox_drop_capabilities(0);
        if (r < 0)
                return r;
        r = limit_memory();
        if (r < 0)
                return r;
        r = sandbox_restrict_files(paths, n_paths);
        if (r == SANDBOX_UNSUPPORTED)
                log_report(LOG_NOTICE, "This kernel has no Landlock: the session is not confined "
                                       "to its maildir.");
        if (r < 0)
                return r;
        r = sandbox_apply_filter(SANDBOX_SESSION);
        if (r == SANDBOX_UNSUPPORTED && !sandbox_is_relaxed())
                log_report(LOG_NOTICE, "This kernel has no seccomp: the session's system calls "
                                       "are not limited.");
        return r < 0 ? r : 0;
}
