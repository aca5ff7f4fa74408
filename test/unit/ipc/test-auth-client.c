/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/text.h"
#include "harness.h"
#include "ipc/auth-client.h"
#include "ipc/channel.h"

static char rundir[] = "/tmp/test-auth-client-XXXXXX";

static const AuthRequest login = { .service = "imap", .method = AUTH_LOGIN, .user = "ann",
                                   .password = "secret" };

#define OK(uid) "{\"result\":\"ok\",\"account\":{\"address\":\"ann\",\"uid\":" uid \
                ",\"gid\":1000,\"home\":\"/home/ann\"}}\n"

static void prepare(void) {
        _cleanup_free_ char *auth = NULL;

        CHECK(mkdtemp(rundir) || true); /* the template has become a name by the second test */
        auth = text_printf("%s/auth", rundir);
        (void) mkdir(auth, 0700);
        setenv("COURIER_RUNDIR", rundir, 1);
}

/* A module that says the same to everybody, once; NULL hangs up. */
static pid_t serve(const char *name, const char *answer) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        char line[4096];
        size_t size;
        pid_t pid;

        prepare();
        snprintf(address.sun_path, sizeof(address.sun_path), "%s/auth/%s", rundir, name);
        unlink(address.sun_path);
        CHECK(bind(fd, (const struct sockaddr *) &address, sizeof(address)) == 0);
        CHECK(listen(fd, 4) == 0);
        pid = fork();
        if (pid == 0) {
                int client = accept(fd, NULL, NULL);

                if (channel_receive_line(client, line, sizeof(line), clock_deadline_usec(USEC_PER_SEC),
                                         &size) == CHANNEL_DONE && answer)
                        (void) fd_write_all(client, answer, strlen(answer));
                _exit(0);
        }
        fd_close(fd);
        return pid;
}

static void end(pid_t pid) {
        (void) waitpid(pid, NULL, 0);
}

static AuthAnswer *ask(const char *modules, const AuthRequest *request) {
        AuthAnswer *answer = NULL;

        CHECK_NUMBER(auth_client_ask(modules, request, clock_deadline_usec(USEC_PER_SEC), &answer), 0);
        return answer;
}

static void check(const char *modules, AuthResult result, const char *message, const char *module) {
        _cleanup_(auth_answer_freep) AuthAnswer *answer = ask(modules, &login);

        CHECK_NUMBER(answer->result, result);
        CHECK_TEXT(answer->message, message);
        CHECK_TEXT(answer->module, module);
}

TEST("the first module that knows the account answers") {
        pid_t first = serve("first", "{\"result\":\"fail\"}\n"), second = serve("second", OK("1000"));

        check(" first, second", AUTH_OK, NULL, "second");
        end(first);
        end(second);
}

TEST("a module that cannot say ends the search") {
        pid_t first = serve("first", "{\"result\":\"tempfail\",\"message\":\"no database\"}\n");

        check("first missing", AUTH_TEMPFAIL, "no database", "first");
        end(first);
}

TEST("a missing, silent or babbling service is a temporary failure") {
        pid_t pid;

        prepare();
        check("missing", AUTH_TEMPFAIL, "The account service 'missing' is not running", "missing");
        check("../tls", AUTH_TEMPFAIL,
              "The account service '../tls' has a name with characters that are not allowed", "../tls");
        check("", AUTH_TEMPFAIL, "AUTHMODULES names no account service", NULL);
        pid = serve("silent", NULL);
        check("silent", AUTH_TEMPFAIL, "The account service 'silent' has closed the connection", "silent");
        end(pid);
        pid = serve("babbling", "hello\n");
        check("babbling", AUTH_TEMPFAIL,
              "The account service 'babbling' gave an answer that cannot be understood", "babbling");
        end(pid);
}

TEST("a failure with a code is not hidden by later failures") {
        pid_t first = serve("first", "{\"result\":\"fail\",\"code\":\"expired\",\"message\":\"old\"}\n");
        pid_t second = serve("second", "{\"result\":\"fail\",\"message\":\"unknown\"}\n");

        check("first second", AUTH_FAIL, "old", "first");
        end(first);
        end(second);
}

TEST("an account of the system is refused whoever vouches for it") {
        pid_t pid = serve("first", OK("99"));

        check("first", AUTH_FAIL, "The account's uid is under AUTH_UID_MIN", "first");
        end(pid);
        pid = serve("first", OK("0"));
        check("first", AUTH_FAIL, "The account's uid is under AUTH_UID_MIN", "first");
        end(pid);
        setenv("AUTH_UID_MIN", "50", 1);
        pid = serve("first", OK("99"));
        check("first", AUTH_OK, NULL, "first");
        end(pid);
        unsetenv("AUTH_UID_MIN");
}

TEST("no module is asked about an empty password or one that is not UTF-8") {
        static const char *const passwords[] = { NULL, "", "\xe4" };

        for (size_t i = 0; i < ELEMENTSOF(passwords); i++) {
                AuthRequest request = login;
                _cleanup_(auth_answer_freep) AuthAnswer *answer = NULL;

                request.password = passwords[i];
                answer = ask("missing", &request);
                CHECK_NUMBER(answer->result, AUTH_FAIL);
        }
}

TEST("nothing is left behind") {
        static const char *const names[] = { "auth/first", "auth/second", "auth/silent", "auth/babbling" };
        _cleanup_free_ char *auth = text_printf("%s/auth", rundir);

        for (size_t i = 0; i < ELEMENTSOF(names); i++) {
                _cleanup_free_ char *path = text_printf("%s/%s", rundir, names[i]);

                CHECK(unlink(path) == 0);
        }
        CHECK(rmdir(auth) == 0 && rmdir(rundir) == 0);
}

TESTS_END
