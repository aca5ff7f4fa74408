/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The allow-lists. What is not here fails with EPERM; the deadly ones end the process.
 *
 * A pitfall each condition closes is named beside it. An int argument is compared as
 * the 64 bits of its register: garbage above, which the kernel ignores, is refused.
 */
#include "basic/seccomp/lists.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define INT_IS(argument, value) { (argument), SCMP_CMP_EQ, (scmp_datum_t) (value), 0 }
#define BITS_ARE(argument, mask, value) { (argument), SCMP_CMP_MASKED_EQ, (mask), (value) }
#define POINTER_IS_NULL(argument) { (argument), SCMP_CMP_EQ, 0, 0 }

#define ANY(name) { name, 0, { { 0 } } }
#define IF(name, ...) { name, 1, { __VA_ARGS__ } }
#define IF_BOTH(name, ...) { name, 2, { __VA_ARGS__ } }
#define END { NULL, 0, { { 0 } } }

const AllowedCall calls_of_every_process[] = {
        ANY("brk"), ANY("munmap"), ANY("mremap"), ANY("madvise"),
        IF("mmap", BITS_ARE(2, PROT_EXEC, 0)),
        IF("mmap2", BITS_ARE(2, PROT_EXEC, 0)),
        IF("mprotect", BITS_ARE(2, PROT_EXEC, 0)),
        ANY("futex"), ANY("futex_time64"), ANY("rseq"), ANY("set_robust_list"),
        ANY("sched_yield"), ANY("getrandom"), ANY("restart_syscall"),
        ANY("clock_gettime"), ANY("clock_gettime64"), ANY("clock_getres"), ANY("gettimeofday"),
        ANY("time"), ANY("nanosleep"), ANY("clock_nanosleep"), ANY("clock_nanosleep_time64"),
        ANY("rt_sigaction"), ANY("rt_sigprocmask"), ANY("rt_sigreturn"), ANY("sigreturn"),
        ANY("sigaltstack"),
        ANY("getpid"), ANY("gettid"), ANY("getppid"), ANY("getuid"), ANY("geteuid"),
        ANY("getgid"), ANY("getegid"),
        ANY("read"), ANY("write"), ANY("readv"), ANY("writev"), ANY("close"),
        ANY("poll"), ANY("ppoll"), ANY("ppoll_time64"), ANY("dup2"), ANY("dup3"),
        /* Not F_SETOWN, which sends signals, nor anything newer that nobody needs here. */
        IF("fcntl", INT_IS(1, F_GETFL)), IF("fcntl64", INT_IS(1, F_GETFL)),
        IF("fcntl", INT_IS(1, F_SETFL)), IF("fcntl64", INT_IS(1, F_SETFL)),
        IF("fcntl", INT_IS(1, F_GETFD)), IF("fcntl64", INT_IS(1, F_GETFD)),
        IF("fcntl", INT_IS(1, F_SETFD)), IF("fcntl64", INT_IS(1, F_SETFD)),
        ANY("exit"), ANY("exit_group"),
        END,
};

/* No connect(): not even connect(AF_UNSPEC) followed by connect() on the client's own socket.
 * For the same reason no address in sendto() and no MSG_FASTOPEN, which connects a TCP socket
 * that its peer has reset. */
const AllowedCall calls_on_sockets[] = {
        ANY("recv"), ANY("recvfrom"), ANY("recvmsg"), ANY("send"), ANY("shutdown"),
        IF_BOTH("sendto", BITS_ARE(3, MSG_FASTOPEN, 0), POINTER_IS_NULL(4)),
        IF("sendmsg", BITS_ARE(2, MSG_FASTOPEN, 0)),
        ANY("getsockopt"), ANY("getsockname"), ANY("getpeername"),
        IF_BOTH("setsockopt", INT_IS(1, IPPROTO_TCP), INT_IS(2, TCP_NODELAY)),
        IF_BOTH("setsockopt", INT_IS(1, IPPROTO_TCP), INT_IS(2, TCP_CORK)),
        END,
};

const AllowedCall calls_of_session[] = {
        /* Code may be mapped from a file, and only read-only: iconv() loads its converters at
         * first use. */
        { "mmap", 2, { BITS_ARE(2, PROT_EXEC | PROT_WRITE, PROT_EXEC),
                       BITS_ARE(3, MAP_ANONYMOUS, 0) } },
        { "mmap2", 2, { BITS_ARE(2, PROT_EXEC | PROT_WRITE, PROT_EXEC),
                        BITS_ARE(3, MAP_ANONYMOUS, 0) } },

        ANY("open"), ANY("openat"), ANY("openat2"), ANY("creat"),
        ANY("pread64"), ANY("preadv"), ANY("preadv2"), ANY("pwrite64"), ANY("pwritev"),
        ANY("pwritev2"), ANY("lseek"), ANY("_llseek"), ANY("sendfile"), ANY("sendfile64"),
        ANY("copy_file_range"), ANY("fadvise64"), ANY("fadvise64_64"), ANY("readahead"),
        ANY("fsync"), ANY("fdatasync"), ANY("sync_file_range"), ANY("syncfs"), ANY("msync"),
        ANY("fallocate"), ANY("ftruncate"), ANY("ftruncate64"), ANY("flock"),
        ANY("stat"), ANY("stat64"), ANY("lstat"), ANY("lstat64"), ANY("fstat"), ANY("fstat64"),
        ANY("newfstatat"), ANY("fstatat64"), ANY("statx"), ANY("statfs"), ANY("statfs64"),
        ANY("fstatfs"), ANY("fstatfs64"),
        ANY("access"), ANY("faccessat"), ANY("faccessat2"), ANY("readlink"), ANY("readlinkat"),
        ANY("getdents"), ANY("getdents64"), ANY("getcwd"), ANY("chdir"), ANY("fchdir"),
        ANY("mkdir"), ANY("mkdirat"), ANY("rmdir"), ANY("unlink"), ANY("unlinkat"),
        ANY("rename"), ANY("renameat"), ANY("renameat2"), ANY("link"), ANY("linkat"),
        ANY("umask"),
        /* Modes and times by descriptor only, and no truncate(): Landlock lets the user's other
         * files be changed by path (the last one up to ABI 2), and opens none of them. */
        ANY("fchmod"),
        IF("utimensat", POINTER_IS_NULL(1)), IF("utimensat_time64", POINTER_IS_NULL(1)),

        IF("fcntl", INT_IS(1, F_GETLK)), IF("fcntl64", INT_IS(1, F_GETLK)),
        IF("fcntl", INT_IS(1, F_SETLK)), IF("fcntl64", INT_IS(1, F_SETLK)),
        IF("fcntl", INT_IS(1, F_SETLKW)), IF("fcntl64", INT_IS(1, F_SETLKW)),
        IF("fcntl", INT_IS(1, F_OFD_GETLK)), IF("fcntl64", INT_IS(1, F_OFD_GETLK)),
        IF("fcntl", INT_IS(1, F_OFD_SETLK)), IF("fcntl64", INT_IS(1, F_OFD_SETLK)),
        IF("fcntl", INT_IS(1, F_OFD_SETLKW)), IF("fcntl64", INT_IS(1, F_OFD_SETLKW)),
        IF("fcntl", INT_IS(1, F_DUPFD)), IF("fcntl64", INT_IS(1, F_DUPFD)),
        IF("fcntl", INT_IS(1, F_DUPFD_CLOEXEC)), IF("fcntl64", INT_IS(1, F_DUPFD_CLOEXEC)),
        ANY("dup"),
        /* Not TIOCSTI and its kind, which type into a terminal. */
        IF("ioctl", INT_IS(1, FIONREAD)), IF("ioctl", INT_IS(1, FICLONE)),
        IF("ioctl", INT_IS(1, TCGETS)),

        ANY("inotify_init1"), ANY("inotify_add_watch"), ANY("inotify_rm_watch"),
        ANY("select"), ANY("_newselect"), ANY("pselect6"), ANY("pselect6_time64"),
        ANY("epoll_create1"), ANY("epoll_ctl"), ANY("epoll_wait"), ANY("epoll_pwait"),
        ANY("eventfd2"), ANY("timerfd_create"), ANY("timerfd_settime"), ANY("timerfd_settime64"),
        ANY("signalfd4"), ANY("rt_sigpending"), ANY("rt_sigtimedwait"),
        ANY("getresuid"), ANY("getresgid"), ANY("getgroups"), ANY("uname"), ANY("sysinfo"),
        ANY("getrusage"), ANY("times"), ANY("sched_getaffinity"),
        /* Reading limits, not those of others and not raising. */
        { "prlimit64", 2, { INT_IS(0, 0), POINTER_IS_NULL(2) } },
        ANY("getrlimit"), ANY("ugetrlimit"),
        END,
};

const AllowedCall calls_of_tls_worker[] = {
        ANY("fstat"), ANY("fstat64"), ANY("lseek"), ANY("_llseek"),
        ANY("select"), ANY("_newselect"), ANY("pselect6"), ANY("pselect6_time64"),
        ANY("epoll_create1"), ANY("epoll_ctl"), ANY("epoll_wait"), ANY("epoll_pwait"),
        ANY("eventfd2"), ANY("timerfd_create"), ANY("timerfd_settime"), ANY("timerfd_settime64"),
        ANY("getrusage"), ANY("times"), ANY("sched_getaffinity"), ANY("sysinfo"), ANY("uname"),
        { "prlimit64", 2, { INT_IS(0, 0), POINTER_IS_NULL(2) } },
        ANY("getrlimit"), ANY("ugetrlimit"),
        END,
};

const char *const deadly_calls[] = {
        "process_vm_readv", "process_vm_writev", "init_module", "finit_module", "delete_module",
        "kexec_load", "kexec_file_load", "bpf", "perf_event_open", "userfaultfd", "mount",
        "umount2", "pivot_root", "setns", "unshare", "swapon", "swapoff", "reboot", "iopl",
        "ioperm", "keyctl", "add_key", "request_key", "open_by_handle_at", "move_mount", "fsopen",
        NULL,
};
