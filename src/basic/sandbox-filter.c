/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading the filters that src/basic/seccomp/ generated at build time. */
#include "basic/sandbox.h"

#include <assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "basic/log.h"
#include "basic/memory.h"
#include "basic/seccomp/filters.h"

#define FILTER(instructions) { .len = ELEMENTSOF(instructions), .filter = (void *) (instructions) }

int sandbox_apply_filter(SandboxFilter filter) {
        static const struct sock_fprog filters[_SANDBOX_FILTER_MAX] = {
                [SANDBOX_FRONT]      = FILTER(front_filter),
                [SANDBOX_SESSION]    = FILTER(session_filter),
                [SANDBOX_TLS_WORKER] = FILTER(tls_worker_filter),
        };

        assert(filter < _SANDBOX_FILTER_MAX);
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return failed(-errno, "give up gaining privileges by exec");
        if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG,
                    &filters[filter]) == 0)
                return SANDBOX_DONE;
        if (errno == EINVAL || errno == ENOSYS)
                return SANDBOX_UNSUPPORTED; /* a kernel without CONFIG_SECCOMP_FILTER */
        return failed(-errno, "load the system call filter");
}

bool sandbox_is_relaxed(void) {
        return false;
}
