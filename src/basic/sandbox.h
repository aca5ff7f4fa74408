/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fence a process puts up around itself: privileges given up, descriptors closed, files
 * limited by Landlock (landlock(7)), system calls limited by a filter made at build time
 * (seccomp(2)). Nothing here can be undone.
 *
 * The order that works: log_open() and every socket first, then sandbox_harden_process(),
 * sandbox_close_other_fds(), credentials, sandbox_drop_capabilities(), sandbox_limit(),
 * sandbox_restrict_files(), and sandbox_apply_filter() last: the filters forbid the rest.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Outcomes; negative values are errno, already reported. */
enum {
        SANDBOX_DONE = 0,
        SANDBOX_UNSUPPORTED, /* this kernel or this build cannot; the caller decides, and says so */
};

typedef enum SandboxAccess {
        SANDBOX_READ,       /* open files and list directories */
        SANDBOX_READ_WRITE, /* and create, rename (REFER), link, truncate, remove */
} SandboxAccess;

typedef struct SandboxPath {
        const char *path; /* a missing one is skipped, unless fd is given */
        int fd;           /* used instead of path when path is NULL; borrowed */
        SandboxAccess access;
} SandboxPath;

typedef enum SandboxFilter {
        SANDBOX_FRONT,      /* talk on two sockets, nothing else */
        SANDBOX_SESSION,    /* files, inotify, existing sockets; no socket, program or process */
        SANDBOX_TLS_WORKER, /* existing sockets and OpenSSL's needs; no file is opened */
        _SANDBOX_FILTER_MAX,
} SandboxFilter;

/**
 * sandbox_harden_process() - no new privileges, no core file, no ptrace by the same user
 *
 * exec keeps the first two and loses the last: a program calls this itself as well.
 * Return: 0 or negative errno.
 */
[[nodiscard]] int sandbox_harden_process(void);

/**
 * sandbox_drop_capabilities() - keep only some capabilities, lose the rest for ever
 * @keep:  bits like UINT64_C(1) << CAP_SETUID (linux/capability.h); those not held are ignored
 *
 * Empties the bounding set too (where CAP_SETPCAP allows it), so that no exec gives anything
 * back, not even to root. Return: 0 or negative errno.
 */
[[nodiscard]] int sandbox_drop_capabilities(uint64_t keep);

/**
 * sandbox_limit() - lower a resource limit, soft and hard (setrlimit(2), RLIMIT_…)
 *
 * A limit that is lower already stays. A low RLIMIT_NOFILE is for ever: set it last.
 * Return: 0 or negative errno.
 */
[[nodiscard]] int sandbox_limit(int resource, uint64_t value);

/**
 * sandbox_close_other_fds() - close every descriptor from 3 on that is not in the list
 *
 * Negative entries are ignored, at most 16 entries. Return: 0 or negative errno.
 */
[[nodiscard]] int sandbox_close_other_fds(const int *keep_fds, size_t n_keep_fds);

/**
 * sandbox_restrict_files() - limit this process to some files, and forbid TCP (Landlock)
 *
 * Everything below a listed path is included; open descriptors keep their rights. Needs the
 * right to move between directories (Landlock ABI 2, Linux 5.19): an older kernel is
 * SANDBOX_UNSUPPORTED and changes nothing. Also ends signals and abstract sockets to
 * processes outside, where the kernel knows how (ABI 6).
 */
[[nodiscard]] int sandbox_restrict_files(const SandboxPath *paths, size_t n_paths);

/**
 * sandbox_apply_filter() - refuse system calls that are not in the filter's list
 *
 * What no code of ours could ever need kills the process, everything else fails with EPERM;
 * both are told to the kernel's log. SANDBOX_UNSUPPORTED without seccomp in the kernel, and in
 * builds with sanitizers, whose run time needs what the filters forbid.
 */
[[nodiscard]] int sandbox_apply_filter(SandboxFilter filter);

/** sandbox_is_relaxed() - this is a sanitizer build: no filter, all files readable */
bool sandbox_is_relaxed(void);
