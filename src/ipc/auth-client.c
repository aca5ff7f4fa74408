/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dispatcher of the account services is a loop over their sockets. */
#include "ipc/auth-client.h"

#include <sys/socket.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/message-id.h"
#include "basic/setting.h"
#include "basic/text.h"
#include "ipc/channel.h"

enum { UID_MIN_DEFAULT = 100 };

static AuthAnswer *unavailable(const char *module, const char *why) {
        _cleanup_free_ char *message = text_printf("The account service '%s' %s", module, why);

        log_report_id(LOG_ERR, MESSAGE_ID_AUTH_UNAVAILABLE, "%s.", message);
        return auth_answer_new_failure(AUTH_TEMPFAIL, NULL, message);
}

static void wipe_buffer(Buffer *buffer) {
        memory_wipe(buffer->data, buffer->n_allocated);
        buffer_done(buffer);
}

static int exchange(const char *path, const Buffer *line, uint64_t deadline_usec, char *answer,
                    size_t size, size_t *ret_size) {
        _cleanup_close_ int fd = -EBADF;
        int r;

        r = channel_connect(path, SOCK_STREAM, deadline_usec, &fd);
        if (r != CHANNEL_DONE)
                return r;
        r = channel_send(fd, line->data, line->size, -EBADF, deadline_usec);
        if (r != CHANNEL_DONE)
                return r;
        return channel_receive_line(fd, answer, size, deadline_usec, ret_size);
}

static bool name_is_valid(const char *module) {
        if (!char_is_alpha(*module) && !char_is_digit(*module))
                return false;
        for (; *module; module++)
                if (!char_is_alpha(*module) && !char_is_digit(*module) &&
                    *module != '-' && *module != '_')
                        return false;
        return true;
}

static AuthAnswer *ask_one(const char *module, const Buffer *line, uint64_t deadline_usec) {
        _cleanup_free_ char *name = NULL, *path = NULL, *text = NULL;
        AuthAnswer *answer;
        size_t size;
        int r;

        if (!name_is_valid(module))
                return unavailable(module, "has a name with characters that are not allowed");
        name = text_printf("auth/%s", module);
        path = channel_path(name);
        text = memory_new(JSON_RECORD_MAX + 2, 1);
        r = exchange(path, line, deadline_usec, text, JSON_RECORD_MAX + 2, &size);
        if (r != CHANNEL_DONE)
                return unavailable(module, channel_outcome_text(r));
        if (!auth_answer_read(text, size, &answer))
                return unavailable(module, "gave an answer that cannot be understood");
        return answer;
}

bool auth_account_is_refused(uid_t uid, gid_t gid) {
        return gid == 0 || uid < setting_number("AUTH_UID_MIN", UID_MIN_DEFAULT, 1, UINT32_MAX - 1);
}

/* No module, ours or an administrator's, can let the system's own accounts in. */
static AuthAnswer *refuse_system_account(AuthAnswer *answer, const char *module) {
        if (answer->result != AUTH_OK ||
            !auth_account_is_refused(answer->account.uid, answer->account.gid))
                return answer;
        log_report(LOG_NOTICE, "Account '%s' of '%s' has uid %u, under AUTH_UID_MIN, or gid 0: "
                   "refused.", answer->account.address, module, (unsigned) answer->account.uid);
        answer = auth_answer_free(answer);
        return auth_answer_new_failure(AUTH_FAIL, NULL, "The account's uid is under AUTH_UID_MIN");
}

static AuthAnswer *ask_all(const char *modules, const Buffer *line, uint64_t deadline_usec) {
        AuthAnswer *kept = auth_answer_new_failure(AUTH_TEMPFAIL, NULL,
                                                   "AUTHMODULES names no account service");

        for (const char *at = modules; *(at += strspn(at, " \t,"));) {
                size_t size = strcspn(at, " \t,");
                _cleanup_free_ char *module = text_dup_range(at, size);
                AuthAnswer *answer = ask_one(module, line, deadline_usec);

                answer = refuse_system_account(answer, module);
                text_set(&answer->module, module);
                if (kept->code && answer->result == AUTH_FAIL) {
                        auth_answer_free(answer);
                } else {
                        auth_answer_free(kept);
                        kept = answer;
                }
                if (kept->result != AUTH_FAIL)
                        break;
                at += size;
        }
        return kept;
}

int auth_client_ask(const char *modules, const AuthRequest *request, uint64_t deadline_usec,
                    AuthAnswer **ret_answer) {
        _cleanup_(wipe_buffer) Buffer line = { 0 };

        if (request->method == AUTH_LOGIN && (!request->password || !*request->password))
                *ret_answer = auth_answer_new_failure(AUTH_FAIL, NULL, "The password is empty");
        else if (!auth_request_write(request, &line))
                *ret_answer = auth_answer_new_failure(AUTH_FAIL, NULL,
                                                      "User or password is too long or not UTF-8");
        else
                *ret_answer = ask_all(modules, &line, deadline_usec);
        return 0;
}
