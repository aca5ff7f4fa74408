/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody who has taken over a process would try first. Builds for tests only. */
#include "basic/back-door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/text.h"

/* An attempt returns 0 when it succeeded, otherwise the errno that stopped it. */
typedef int (*Attempt)(const char *argument, int client_fd);

static int try_open(const char *argument, int client_fd) {
        int fd = open(argument, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        int error = errno;

        if (fd < 0)
                return error;
        fd_close(fd);
        return 0;
}

static int try_create(const char *argument, int client_fd) {
        int fd = open(argument, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        int error = errno;

        if (fd < 0)
                return error;
        fd_close(fd);
        return 0;
}

static int connect_to_port(int fd, const char *port) {
        struct sockaddr_in address = { .sin_family = AF_INET,
                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                .sin_port = htons((uint16_t) atoi(port)) };

        return connect(fd, (const struct sockaddr *) &address, sizeof(address)) < 0 ? errno : 0;
}

static int try_connect(const char *argument, int client_fd) {
        _cleanup_close_ int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        return fd < 0 ? errno : connect_to_port(fd, argument);
}

/* Take the client's own socket apart and point it somewhere else. */
static int try_reconnect(const char *argument, int client_fd) {
        struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

        if (connect(client_fd, &nowhere, sizeof(nowhere)) < 0)
                return errno;
        return connect_to_port(client_fd, argument);
}

static int try_fastopen(const char *argument, int client_fd) {
        struct sockaddr_in address = { .sin_family = AF_INET,
                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                .sin_port = htons((uint16_t) atoi(argument)) };
        ssize_t n = sendto(client_fd, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL,
                           (const struct sockaddr *) &address, sizeof(address));

        return n < 0 ? errno : 0;
}

static int try_execve(const char *argument, int client_fd) {
        char *const no_strings[] = { NULL };

        (void) execve(*argument ? argument : "/bin/true", no_strings, no_strings);
        return errno; /* it only returns when it failed */
}

static int try_fork(const char *argument, int client_fd) {
        long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

        if (pid == 0)
                _exit(0);
        return pid < 0 ? errno : 0;
}

static int try_ptrace(const char *argument, int client_fd) {
        pid_t pid = *argument ? (pid_t) atoi(argument) : getppid();

        if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) < 0)
                return errno;
        (void) ptrace(PTRACE_DETACH, pid, NULL, NULL); /* the test has failed anyway */
        return 0;
}

/* Landlock knows nothing of modes: a user's private files must not become everybody's. */
static int try_chmod(const char *argument, int client_fd) {
        return chmod(argument, 0777) < 0 ? errno : 0;
}

static int try_truncate(const char *argument, int client_fd) {
        return truncate(argument, 0) < 0 ? errno : 0;
}

static int try_link(const char *argument, int client_fd) {
        return link(argument, "linked") < 0 ? errno : 0;
}

static int try_kill(const char *argument, int client_fd) {
        return kill(*argument ? (pid_t) atoi(argument) : getppid(), 0) < 0 ? errno : 0;
}

static int try_setuid(const char *argument, int client_fd) {
        return setuid(0) < 0 ? errno : 0;
}

static int try_socket(const char *argument, int client_fd) {
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        int error = errno;

        if (fd < 0)
                return error;
        fd_close(fd);
        return 0;
}

static const struct {
        const char *name;
        Attempt attempt;
} attempts[] = {
        { "open",      try_open },
        { "create",    try_create },
        { "chmod",     try_chmod },
        { "truncate",  try_truncate },
        { "link",      try_link },
        { "socket",    try_socket },
        { "connect",   try_connect },
        { "reconnect", try_reconnect },
        { "fastopen",  try_fastopen },
        { "execve",    try_execve },
        { "fork",      try_fork },
        { "ptrace",    try_ptrace },
        { "kill",      try_kill },
        { "setuid",    try_setuid },
};

bool back_door_answer(const char *verb, const char *arguments, int client_fd, Buffer *output) {
        char name[32] = "", argument[512] = "";

        if (!text_equal(verb, "XSYSCALL"))
                return false;
        (void) sscanf(arguments, "%31s %511s", name, argument); /* what is missing stays empty */
        for (size_t i = 0; i < ELEMENTSOF(attempts); i++)
                if (text_equal(attempts[i].name, name))
                        buffer_printf(output, "* XSYSCALL %s errno %d\r\n", name,
                                      attempts[i].attempt(argument, client_fd));
        return true;
}
