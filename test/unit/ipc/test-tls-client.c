/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "harness.h"
#include "ipc/channel.h"
#include "ipc/tls-client.h"

static char rundir[] = "/tmp/test-tls-client-XXXXXX";

/* A service that gives one answer, with the client's own socket as the plaintext one. */
static pid_t serve(const char *answer, bool with_fd) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), passed = -EBADF;
        uint64_t deadline = clock_deadline_usec(USEC_PER_SEC);
        char packet[TLS_REQUEST_MAX];
        size_t size;
        pid_t pid;

        CHECK(mkdtemp(rundir) || true);
        setenv("COURIER_RUNDIR", rundir, 1);
        snprintf(address.sun_path, sizeof(address.sun_path), "%s/tls", rundir);
        unlink(address.sun_path);
        CHECK(bind(fd, (const struct sockaddr *) &address, sizeof(address)) == 0);
        CHECK(listen(fd, 4) == 0);
        pid = fork();
        if (pid == 0) {
                int client = accept(fd, NULL, NULL);

                if (channel_receive(client, packet, sizeof(packet), deadline, &size, &passed) == 0 &&
                    passed >= 0 && answer)
                        (void) channel_send(client, answer, strlen(answer), with_fd ? passed : -EBADF,
                                            deadline);
                _exit(0);
        }
        fd_close(fd);
        return pid;
}

static int start(const char *answer, bool with_fd, TlsRecord *ret_record, int *ret_fd) {
        pid_t pid = serve(answer, with_fd);
        const TlsRequest request = { .service = "imap" };
        int ends[2], r;

        CHECK(channel_pair(SOCK_STREAM, ends) == 0);
        r = tls_client_start(&request, ends[0], clock_deadline_usec(USEC_PER_SEC), ret_record, ret_fd);
        (void) waitpid(pid, NULL, 0);
        fd_close(ends[0]);
        fd_close(ends[1]);
        return r;
}

#define OK "{\"result\":\"ok\",\"protocol\":\"TLSv1.3\",\"cipher\":\"X\",\"bits\":128}"

TEST("a handshake gives the record and the plaintext socket") {
        _cleanup_tls_record_ TlsRecord record = { 0 };
        _cleanup_close_ int fd = -EBADF;

        CHECK_NUMBER(start(OK, true, &record, &fd), TLS_CLIENT_DONE);
        CHECK_TEXT(record.protocol, "TLSv1.3");
        CHECK(fd >= 0);
}

TEST("a failed handshake gives the reason") {
        _cleanup_tls_record_ TlsRecord record = { 0 };
        int fd = -EBADF;

        CHECK_NUMBER(start("{\"result\":\"fail\",\"message\":\"no shared cipher\"}", false, &record, &fd),
                     TLS_CLIENT_FAILED);
        CHECK_TEXT(record.message, "no shared cipher");
        CHECK_NUMBER(fd, -EBADF);
}

TEST("no service, no answer, half an answer: unavailable") {
        _cleanup_tls_record_ TlsRecord record = { 0 };
        const TlsRequest request = { .service = "imap" };
        int fd = -EBADF;

        CHECK_NUMBER(start(NULL, false, &record, &fd), TLS_CLIENT_UNAVAILABLE);
        CHECK_NUMBER(start("hello", true, &record, &fd), TLS_CLIENT_UNAVAILABLE);
        CHECK_NUMBER(start(OK, false, &record, &fd), TLS_CLIENT_UNAVAILABLE);
        setenv("COURIER_RUNDIR", "/nonexistent", 1);
        CHECK_NUMBER(tls_client_start(&request, 0, clock_deadline_usec(USEC_PER_SEC), &record, &fd),
                     TLS_CLIENT_UNAVAILABLE);
}

TEST("nothing is left behind") {
        char path[64];

        snprintf(path, sizeof(path), "%s/tls", rundir);
        CHECK(unlink(path) == 0 && rmdir(rundir) == 0);
}

TESTS_END
