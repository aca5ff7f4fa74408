/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Landlock (landlock(7)). The numbers are spelled out because the headers of the oldest
 * distribution we build on know less than the kernels we run on.
 */
#include "basic/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"

/* A file system right is the bit that the kernel's documentation gives it. */
enum {
        FS_EXECUTE,
        FS_WRITE_FILE,
        FS_READ_FILE,
        FS_READ_DIR,
        FS_REMOVE_DIR,
        FS_REMOVE_FILE,
        FS_MAKE_CHAR,
        FS_MAKE_DIR,
        FS_MAKE_REG,
        FS_MAKE_SOCK,
        FS_MAKE_FIFO,
        FS_MAKE_BLOCK,
        FS_MAKE_SYM,
        FS_REFER,
        FS_TRUNCATE,
        FS_IOCTL_DEV,
};

#define BIT(right) (UINT64_C(1) << (right))
#define RIGHTS_FILE_READ (BIT(FS_READ_FILE))
#define RIGHTS_FILE_WRITE (BIT(FS_WRITE_FILE) | BIT(FS_TRUNCATE))
#define RIGHTS_READ (RIGHTS_FILE_READ | BIT(FS_READ_DIR))
#define RIGHTS_READ_WRITE                                                                  \
        (RIGHTS_READ | RIGHTS_FILE_WRITE | BIT(FS_REMOVE_DIR) | BIT(FS_REMOVE_FILE) |      \
         BIT(FS_MAKE_DIR) | BIT(FS_MAKE_REG) | BIT(FS_REFER))

enum { ABI_REFER = 2, ABI_MAX_KNOWN = 6 };

/* What the kernel can be asked to refuse, by its ABI version. Moves between directories are
 * refused in every ruleset of ABI 1, and a Maildir lives by them. */
static const struct {
        uint64_t fs, net, scoped;
} handled_by_abi[ABI_MAX_KNOWN + 1] = {
        [2] = { .fs = BIT(FS_REFER + 1) - 1 },
        [3] = { .fs = BIT(FS_TRUNCATE + 1) - 1 },
        [4] = { .fs = BIT(FS_TRUNCATE + 1) - 1, .net = 3 }, /* TCP bind and connect */
        [5] = { .fs = BIT(FS_IOCTL_DEV + 1) - 1, .net = 3 },
        [6] = { .fs = BIT(FS_IOCTL_DEV + 1) - 1, .net = 3, .scoped = 3 },
};

struct ruleset {
        uint64_t handled_access_fs, handled_access_net, scoped;
};

struct path_rule {
        uint64_t allowed_access;
        int32_t parent_fd;
} __attribute__((__packed__));

enum { RULE_PATH_BENEATH = 1, CREATE_RULESET_VERSION = 1 };

/* Return: the ABI version, at most the one known here; 0 when there is no Landlock. */
static size_t probe_abi(void) {
        long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

        return version < 0 ? 0 : (size_t) (version > ABI_MAX_KNOWN ? ABI_MAX_KNOWN : version);
}

static int add_rule_for_fd(int ruleset_fd, int fd, SandboxAccess access, uint64_t handled) {
        uint64_t rights = access == SANDBOX_READ_WRITE ? RIGHTS_READ_WRITE : RIGHTS_READ;
        struct path_rule rule = { .parent_fd = fd };
        struct stat st;

        if (fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISDIR(st.st_mode))
                rights &= RIGHTS_FILE_READ | RIGHTS_FILE_WRITE;
        rule.allowed_access = rights & handled;
        if (syscall(SYS_landlock_add_rule, ruleset_fd, RULE_PATH_BENEATH, &rule, 0) < 0)
                return -errno;
        return 0;
}

static int add_rule(int ruleset_fd, const SandboxPath *path, uint64_t handled) {
        _cleanup_close_ int opened_fd = -EBADF;
        int r;

        if (path->path) {
                opened_fd = open(path->path, O_PATH | O_CLOEXEC);
                if (opened_fd < 0 && errno == ENOENT)
                        return 0;
                if (opened_fd < 0)
                        return failed(-errno, "open '%s' for the sandbox", path->path);
        }
        r = add_rule_for_fd(ruleset_fd, path->path ? opened_fd : path->fd, path->access, handled);
        if (r < 0)
                return failed(r, "allow '%s' in the sandbox",
                              path->path ? path->path : "a directory");
        return 0;
}

int sandbox_restrict_files(const SandboxPath *paths, size_t n_paths) {
        static const SandboxPath everything = { .path = "/", .access = SANDBOX_READ };
        _cleanup_close_ int ruleset_fd = -EBADF;
        struct ruleset ruleset;
        size_t abi = probe_abi();
        int r;

        if (abi < ABI_REFER)
                return SANDBOX_UNSUPPORTED;
        ruleset = (struct ruleset) { handled_by_abi[abi].fs, handled_by_abi[abi].net,
                                     handled_by_abi[abi].scoped };
        ruleset_fd = (int) syscall(SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0);
        if (ruleset_fd < 0)
                return failed(-errno, "create a Landlock ruleset");
        for (size_t i = 0; i < n_paths; i++) {
                r = add_rule(ruleset_fd, &paths[i], ruleset.handled_access_fs);
                if (r < 0)
                        return r;
        }
        if (sandbox_is_relaxed()) {
                r = add_rule(ruleset_fd, &everything, ruleset.handled_access_fs);
                if (r < 0)
                        return r;
        }
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return failed(-errno, "give up gaining privileges by exec");
        if (syscall(SYS_landlock_restrict_self, ruleset_fd, 0) < 0)
                return failed(-errno, "restrict this process with Landlock");
        return SANDBOX_DONE;
}
