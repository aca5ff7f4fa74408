/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving up everything the front does not need; design.md calls it the pre-auth set. */
#include "login/front-fence.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/resource.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/sandbox.h"

enum {
        FDS_MAX = 8, /* 0 to 4, and the encrypted socket while it comes in */
        DATA_MAX_OCTETS = 16 * 1024 * 1024,
        FIRST_FREE_FD = 16, /* above every number that is about to be replaced */
};

static int enter_empty_root(const char *path) {
        if (chdir(path) < 0 || chroot(".") < 0)
                return failed(-errno, "make '%s' the front's root", path);
        return 0;
}

static int become(uid_t uid, gid_t gid) {
        if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
                return failed(-errno, "become user %u for the front", (unsigned) uid);
        return 0;
}

static int limit_resources(void) {
        static const struct {
                int resource;
                uint64_t value;
        } limits[] = {
                { RLIMIT_FSIZE, 0 },
                { RLIMIT_NPROC, 0 },
                { RLIMIT_MEMLOCK, 0 },
                { RLIMIT_MSGQUEUE, 0 },
        };
        int r;

        for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
                r = sandbox_limit(limits[i].resource, limits[i].value);
                if (r < 0)
                        return r;
        }
        return sandbox_is_relaxed() ? 0 : sandbox_limit(RLIMIT_DATA, DATA_MAX_OCTETS);
}

/* The null device keeps 0 to 2 taken: a report of the C library must not reach the client. */
static int arrange_fds(const FrontSetup *setup, int null_fd) {
        static const int kept_fds[] = { FRONT_CLIENT_FD, FRONT_CHANNEL_FD };
        int client_fd = fcntl(setup->client_fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);
        int channel_fd = fcntl(setup->channel_fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);

        if (client_fd < 0 || channel_fd < 0 || dup2(client_fd, FRONT_CLIENT_FD) < 0 ||
            dup2(channel_fd, FRONT_CHANNEL_FD) < 0 || dup2(null_fd, STDIN_FILENO) < 0 ||
            dup2(null_fd, STDOUT_FILENO) < 0 || dup2(null_fd, STDERR_FILENO) < 0)
                return -errno;
        return sandbox_close_other_fds(kept_fds, sizeof(kept_fds) / sizeof(kept_fds[0]));
}

/* Everything that can be told to the journal: the descriptors are still there. */
static int give_up_privileges(const FrontSetup *setup) {
        int r;

        if (geteuid() == 0) {
                r = enter_empty_root(setup->empty_root);
                if (r < 0)
                        return r;
                r = become(setup->uid, setup->gid);
                if (r < 0)
                        return r;
        }
        r = sandbox_drop_capabilities(0);
        if (r < 0)
                return r;
        r = sandbox_harden_process();
        return r < 0 ? r : limit_resources();
}

/* A number that no dup2() is about to replace. */
static int open_null_device(void) {
        _cleanup_close_ int low_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
        int fd = low_fd < 0 ? -1 : fcntl(low_fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);

        return fd < 0 ? failed(-errno, "open '/dev/null'") : fd;
}

int front_fence(const FrontSetup *setup) {
        int null_fd = open_null_device(), r;

        if (null_fd < 0)
                return null_fd;
        r = give_up_privileges(setup);
        if (r < 0)
                return r;
        log_close();
        r = arrange_fds(setup, null_fd); /* closes it with all others */
        if (r < 0)
                return r;
        r = sandbox_limit(RLIMIT_NOFILE, FDS_MAX);
        if (r < 0)
                return r;
        r = sandbox_apply_filter(SANDBOX_FRONT);
        return r == SANDBOX_DONE || sandbox_is_relaxed() ? FRONT_FENCED : FRONT_UNFENCED;
}
