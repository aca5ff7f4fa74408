/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line in, one line out. */
#include "auth/auth-child.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "basic/sandbox.h"
#include "ipc/channel.h"

#define READ_USEC (10 * USEC_PER_SEC)
#define WRITE_USEC (10 * USEC_PER_SEC)

static void send_answer(int client_fd, const AuthAnswer *answer, uint64_t deadline_usec) {
        _cleanup_buffer_ Buffer line = { 0 };

        auth_answer_write(answer, &line);
        if (line.size > JSON_RECORD_MAX) {
                log_report(LOG_ERR, "The account '%s' has more data than an answer can hold.",
                           answer->account.address);
                return;
        }
        /* Who asked may be gone: there is nobody else to tell. */
        (void) channel_send(client_fd, line.data, line.size, -EBADF, deadline_usec);
}

void auth_child_apologise(int client_fd, const char *message) {
        _cleanup_(auth_answer_freep) AuthAnswer *answer = NULL;

        if (client_fd < 0)
                return;
        answer = auth_answer_new_failure(AUTH_TEMPFAIL, NULL, message);
        send_answer(client_fd, answer, 0); /* the loop waits for nobody */
}

static AuthAnswer *answer_line(const AuthModule *module, const char *line, size_t size) {
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        const char *problem = NULL;
        AuthRequest request;

        if (!auth_request_read(line, size, &record, &request, &problem))
                return auth_answer_new_failure(AUTH_TEMPFAIL, NULL, problem);
        return module->answer(module->context, &request);
}

static void serve(const AuthModule *module, int client_fd) {
        _cleanup_(auth_answer_freep) AuthAnswer *answer = NULL;
        _cleanup_free_ char *line = memory_new(JSON_RECORD_MAX + 2, 1);
        size_t size;
        int r;

        r = channel_receive_line(client_fd, line, JSON_RECORD_MAX + 2,
                                 clock_deadline_usec(READ_USEC), &size);
        if (r == CHANNEL_DONE)
                answer = answer_line(module, line, size);
        else if (r == CHANNEL_TOO_LONG)
                answer = auth_answer_new_failure(AUTH_TEMPFAIL, NULL, "request is too long");
        memory_wipe(line, JSON_RECORD_MAX + 2);
        if (answer)
                send_answer(client_fd, answer, clock_deadline_usec(WRITE_USEC));
}

_Noreturn void auth_child_run(const AuthModule *module, int client_fd) {
        const int kept[] = { client_fd, log_fd() };
        sigset_t none;

        sigemptyset(&none);
        (void) sigprocmask(SIG_SETMASK, &none, NULL); /* cannot fail */
        if (sandbox_close_other_fds(kept, ELEMENTSOF(kept)) < 0 || sandbox_harden_process() < 0)
                _exit(EXIT_FAILURE);
        serve(module, client_fd);
        _exit(EXIT_SUCCESS);
}
