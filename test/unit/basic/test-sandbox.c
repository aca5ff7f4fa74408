/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/sandbox.h"
#include "basic/text.h"
#include "harness.h"

enum { CHILD_SKIPPED = 77 };

/* Runs in a child, because nothing in a sandbox can be undone. Return: its wait status. */
static int run_in_child(int (*run)(void)) {
        int status = -1;
        pid_t pid;

        fflush(stdout);
        pid = fork();
        if (pid == 0)
                _exit(run());
        CHECK(waitpid(pid, &status, 0) == pid);
        return status;
}

static void check_child(int (*run)(void)) {
        int status = run_in_child(run);

        if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_SKIPPED)
                printf("# skipped: not supported here\n");
        else
                CHECK_NUMBER(status, 0);
}

/* In a child: the number of the first expectation that does not hold is its exit status. */
#define EXPECT(condition)                                                       \
        do {                                                                    \
                n_expected++;                                                   \
                if (!(condition)) {                                             \
                        printf("# %s: not true: %s (%m)\n", __func__, #condition); \
                        fflush(stdout);                                         \
                        return n_expected;                                      \
                }                                                               \
        } while (0)
#define EXPECT_REFUSED(call, error) EXPECT((call) < 0 && errno == (error))

static int hardened(void) {
        int n_expected = 0;

        EXPECT(sandbox_harden_process() == 0);
        EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
        EXPECT(prctl(PR_GET_DUMPABLE) == (sandbox_is_relaxed() ? 1 : 0));
        return 0;
}

TEST("a hardened process gains no privileges and shows no memory") {
        check_child(hardened);
}

static int without_capabilities(void) {
        struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
        struct __user_cap_data_struct data[2];
        int n_expected = 0;

        if (getuid() != 0)
                return CHILD_SKIPPED;
        EXPECT(sandbox_drop_capabilities(UINT64_C(1) << CAP_SETUID) == 0);
        EXPECT(syscall(SYS_capget, &header, data) == 0);
        EXPECT(data[0].permitted == 1u << CAP_SETUID && data[1].permitted == 0);
        EXPECT(data[0].effective == 1u << CAP_SETUID && data[0].inheritable == 0);
        for (unsigned long capability = 0; capability < 40; capability++)
                EXPECT(prctl(PR_CAPBSET_READ, capability, 0, 0, 0) <= 0);
        EXPECT_REFUSED(chroot("/"), EPERM);
        EXPECT(setuid(65534) == 0);
        EXPECT_REFUSED(setuid(0), EPERM);
        return 0;
}

TEST("dropped capabilities are gone, the bounding set with them") {
        check_child(without_capabilities);
}

static int closed_and_limited(void) {
        int kept_fd = open("/dev/null", O_RDONLY), lost_fd = open("/dev/null", O_RDONLY);
        int fds[] = { -EBADF, dup2(lost_fd, 60), kept_fd };
        int high_fd = dup2(lost_fd, 100), n_expected = 0;
        struct rlimit limit;

        EXPECT(sandbox_close_other_fds(fds, ELEMENTSOF(fds)) == 0);
        EXPECT(fcntl(kept_fd, F_GETFD) >= 0 && fcntl(60, F_GETFD) >= 0);
        EXPECT(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
        EXPECT_REFUSED(fcntl(lost_fd, F_GETFD), EBADF);
        EXPECT_REFUSED(fcntl(high_fd, F_GETFD), EBADF);
        EXPECT(sandbox_limit(RLIMIT_NOFILE, 70) == 0);
        EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max == 70);
        EXPECT(sandbox_limit(RLIMIT_NOFILE, 1000) == 0);
        EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == 70);
        return 0;
}

TEST("descriptors that are not named are closed, limits only go down") {
        check_child(closed_and_limited);
}

static char mail_directory[] = "/tmp/test-sandbox-XXXXXX";

static int write_file(const char *path) {
        return fd_close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == -EBADF ? 0 : -1;
}

static int limited_to_maildir(void) {
        SandboxPath paths[] = {
                { .path = mail_directory, .access = SANDBOX_READ_WRITE },
                { .path = "/usr/share", .access = SANDBOX_READ },
                { .path = "/nonexistent/nothing", .access = SANDBOX_READ },
        };
        int n_expected = 0, r, fd;

        r = sandbox_restrict_files(paths, ELEMENTSOF(paths));
        if (r == SANDBOX_UNSUPPORTED)
                return CHILD_SKIPPED;
        EXPECT(r == SANDBOX_DONE);
        EXPECT(chdir(mail_directory) == 0);
        EXPECT(mkdir("tmp", 0700) == 0 && mkdir("new", 0700) == 0);
        EXPECT(write_file("tmp/message") == 0);
        EXPECT(rename("tmp/message", "new/message") == 0); /* the REFER right */
        EXPECT(link("new/message", "tmp/again") == 0);
        fd = open("new/message", O_RDWR | O_TRUNC | O_CLOEXEC);
        EXPECT(fd >= 0 && fd_close(fd) == -EBADF);
        EXPECT(unlink("tmp/again") == 0 && unlink("new/message") == 0);
        EXPECT(rmdir("tmp") == 0 && rmdir("new") == 0);
        EXPECT_REFUSED(symlink("/etc/shadow", "link"), EACCES);
        EXPECT((fd = open("/usr/share", O_RDONLY | O_DIRECTORY)) >= 0 && fd_close(fd) == -EBADF);
        EXPECT_REFUSED(open("/tmp/elsewhere", O_WRONLY | O_CREAT, 0600), EACCES);
        if (!sandbox_is_relaxed()) {
                EXPECT_REFUSED(open("/etc/passwd", O_RDONLY), EACCES);
                EXPECT_REFUSED(open("/tmp", O_RDONLY | O_DIRECTORY), EACCES);
                EXPECT_REFUSED(execl("/bin/true", "true", NULL), EACCES);
        }
        return 0;
}

TEST("a process limited to a maildir can deliver there and see nothing else") {
        CHECK(mkdtemp(mail_directory) != NULL);
        check_child(limited_to_maildir);
        CHECK(rmdir(mail_directory) == 0);
}

static int refused_everywhere(SandboxFilter filter, int tcp_fd) {
        struct sockaddr_in address = { .sin_family = AF_INET,
                .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(9) };
        struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
        int n_expected = 0;

        EXPECT(sandbox_apply_filter(filter) == SANDBOX_DONE);
        EXPECT_REFUSED(socket(AF_UNIX, SOCK_STREAM, 0), EPERM);
        EXPECT_REFUSED(connect(tcp_fd, &nowhere, sizeof(nowhere)), EPERM);
        EXPECT_REFUSED(sendto(tcp_fd, "x", 1, MSG_FASTOPEN, (struct sockaddr *) &address,
                              sizeof(address)), EPERM);
        EXPECT_REFUSED(sendto(tcp_fd, "x", 1, 0, (struct sockaddr *) &address, sizeof(address)),
                       EPERM);
        EXPECT_REFUSED(execl("/bin/true", "true", NULL), EPERM);
        EXPECT_REFUSED(ptrace(PTRACE_ATTACH, getppid(), 0, 0), EPERM);
        EXPECT_REFUSED(kill(getppid(), 0), EPERM);
        EXPECT_REFUSED((int) syscall(SYS_fork), EPERM);
        EXPECT_REFUSED(setuid(getuid()), EPERM);
        EXPECT_REFUSED(setsockopt(tcp_fd, SOL_SOCKET, SO_REUSEADDR, &tcp_fd, sizeof(int)), EPERM);
        EXPECT(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EPERM);
        EXPECT(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
        return 0;
}

static int front_calls(void) {
        int n_expected = 0, tcp_fd = socket(AF_INET, SOCK_STREAM, 0);

        EXPECT(refused_everywhere(SANDBOX_FRONT, tcp_fd) == 0);
        EXPECT_REFUSED(open("/etc/passwd", O_RDONLY), EPERM);
        EXPECT_REFUSED(openat(AT_FDCWD, ".", O_RDONLY), EPERM);
        return 0;
}

static int session_calls(void) {
        int n_expected = 0, tcp_fd = socket(AF_INET, SOCK_STREAM, 0), fd;
        iconv_t converter;

        EXPECT(refused_everywhere(SANDBOX_SESSION, tcp_fd) == 0);
        EXPECT((fd = open(mail_directory, O_RDONLY | O_DIRECTORY)) >= 0);
        EXPECT(fcntl(fd, F_DUPFD_CLOEXEC, 10) >= 10);
        EXPECT(inotify_init1(IN_CLOEXEC) >= 0);
        /* By path these would reach the user's files outside of his maildir. */
        EXPECT_REFUSED(chmod(mail_directory, 01777), EPERM);
        EXPECT_REFUSED(utimensat(AT_FDCWD, mail_directory, NULL, 0), EPERM);
        EXPECT_REFUSED(truncate("/tmp/nothing", 0), EPERM);
        EXPECT(fchmod(fd, 01777) == 0 && futimens(fd, NULL) == 0);
        /* Loads a converter with dlopen(). */
        converter = iconv_open("UTF-8", "ISO-8859-15");
        EXPECT(converter != (iconv_t) -1);
        iconv_close(converter);
        return 0;
}

static int tls_worker_calls(void) {
        int n_expected = 0, tcp_fd = socket(AF_INET, SOCK_STREAM, 0);

        EXPECT(refused_everywhere(SANDBOX_TLS_WORKER, tcp_fd) == 0);
        EXPECT_REFUSED(open("/etc/passwd", O_RDONLY), EPERM);
        return 0;
}

static int deadly_call(void) {
        struct iovec piece = { 0 };

        (void) sandbox_apply_filter(SANDBOX_SESSION);
        (void) process_vm_readv(getppid(), &piece, 1, &piece, 1, 0);
        return 1;
}

TEST("the filters refuse sockets, programs, processes and executable memory") {
        if (sandbox_is_relaxed()) {
                printf("# skipped: sanitizer build\n");
                return;
        }
        strcpy(mail_directory, "/tmp");
        check_child(front_calls);
        check_child(session_calls);
        check_child(tls_worker_calls);
}

TEST("reading another process ends this one") {
        int status;

        if (sandbox_is_relaxed()) {
                printf("# skipped: sanitizer build\n");
                return;
        }
        status = run_in_child(deadly_call);
        CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

TESTS_END
