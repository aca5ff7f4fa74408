/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving up privileges, descriptors and resources. */
#include "basic/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "basic/log.h"
#include "basic/memory.h"

enum { KEPT_FDS_MAX = 16 };

int sandbox_harden_process(void) {
        int r;

        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return failed(-errno, "give up gaining privileges by exec");
        /* The leak checker of a sanitizer build attaches to its own process. */
        if (!sandbox_is_relaxed() && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
                return failed(-errno, "protect the memory against the own user");
        r = sandbox_limit(RLIMIT_CORE, 0);
        return r;
}

static int read_capabilities(struct __user_cap_data_struct ret_data[2]) {
        struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

        return syscall(SYS_capget, &header, ret_data) < 0 ? -errno : 0;
}

static int write_capabilities(const struct __user_cap_data_struct data[2]) {
        struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

        return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

static bool has_capability(const struct __user_cap_data_struct data[2], unsigned capability) {
        return data[capability / 32].effective & (UINT32_C(1) << (capability % 32));
}

/* The set reaches to the first capability that this kernel does not know. */
static int empty_bounding_set(void) {
        for (unsigned long capability = 0; capability < 64; capability++)
                if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
                        return errno == EINVAL ? 0 : -errno;
        return 0;
}

int sandbox_drop_capabilities(uint64_t keep) {
        struct __user_cap_data_struct data[2];
        int r;

        r = read_capabilities(data);
        if (r < 0)
                return failed(r, "read the capabilities");
        if (has_capability(data, CAP_SETPCAP)) {
                r = empty_bounding_set();
                if (r < 0)
                        return failed(r, "empty the capability bounding set");
        }
        /* EINVAL: a kernel without ambient capabilities has none to clear. */
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && errno != EINVAL)
                return failed(-errno, "clear the ambient capabilities");
        for (unsigned i = 0; i < 2; i++) {
                data[i].permitted &= (uint32_t) (keep >> (32 * i));
                data[i].effective = data[i].permitted;
                data[i].inheritable = 0;
        }
        r = write_capabilities(data);
        return r < 0 ? failed(r, "drop capabilities") : 0;
}

int sandbox_limit(int resource, uint64_t value) {
        struct rlimit limit;

        if (getrlimit((__rlimit_resource_t) resource, &limit) < 0)
                return failed(-errno, "read resource limit %d", resource);
        limit.rlim_max = MIN(limit.rlim_max, (rlim_t) value);
        limit.rlim_cur = MIN(limit.rlim_cur, limit.rlim_max);
        if (setrlimit((__rlimit_resource_t) resource, &limit) < 0)
                return failed(-errno, "lower resource limit %d", resource);
        return 0;
}

static int close_between(unsigned first, unsigned last) {
        if (first > last)
                return 0;
        return syscall(SYS_close_range, first, last, 0u) < 0 ? -errno : 0;
}

/* Return: the smallest wanted descriptor from @from on, UINT32_MAX when there is none. */
static unsigned next_kept(const int *keep_fds, size_t n_keep_fds, unsigned from) {
        unsigned found = UINT32_MAX;

        for (size_t i = 0; i < n_keep_fds; i++)
                if (keep_fds[i] >= 0 && (unsigned) keep_fds[i] >= from)
                        found = MIN(found, (unsigned) keep_fds[i]);
        return found;
}

int sandbox_close_other_fds(const int *keep_fds, size_t n_keep_fds) {
        unsigned from = STDERR_FILENO + 1;
        int r;

        if (n_keep_fds > KEPT_FDS_MAX)
                return failed(-E2BIG, "keep that many descriptors");
        for (;;) {
                unsigned kept = next_kept(keep_fds, n_keep_fds, from);

                r = close_between(from, kept == UINT32_MAX ? UINT32_MAX : kept - 1);
                if (r < 0)
                        return failed(r, "close inherited descriptors");
                if (kept == UINT32_MAX)
                        return 0;
                from = kept + 1;
        }
}
