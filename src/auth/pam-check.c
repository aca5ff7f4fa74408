/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pam_authenticate() and pam_acct_mgmt(), as Courier's authpam: no session, no credentials. */
#include "auth/pam-check.h"

#include <pwd.h>
#include <security/pam_appl.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "basic/text.h"
#include "ipc/auth-client.h"

/* PAM modules copy a response into buffers of this size (PAM_MAX_RESP_SIZE is 512). */
enum { PASSWORD_MAX = 511, USER_MAX = 256 };

/* Longer than a hash takes to make; shorter than anybody minds. */
#define FAILURE_USEC (500 * USEC_PER_MSEC)

/* What no account has as its password: it cannot even be typed. */
static const char impossible_password[] = "\b\n\r\177INCORRECT";

/* Prompts with echo ask for the name, those without for the password; others get nothing. */
static int on_conversation(int n, const struct pam_message **messages, struct pam_response **ret,
                           void *context) {
        const AuthRequest *request = context;
        struct pam_response *responses;

        if (n <= 0 || n > PAM_MAX_NUM_MSG)
                return PAM_CONV_ERR;
        responses = make_array(struct pam_response, (size_t) n); /* PAM frees them with free() */
        for (int i = 0; i < n; i++) {
                if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
                        responses[i].resp = text_dup(request->password);
                else if (messages[i]->msg_style == PAM_PROMPT_ECHO_ON)
                        responses[i].resp = text_dup(request->user);
        }
        *ret = responses;
        return PAM_SUCCESS;
}

/* PAM would sleep here. The login program delays failures itself, without holding a process. */
static void on_delay(int result, unsigned usec, void *context) {
}

static AuthAnswer *from_passwd(const struct passwd *entry) {
        AuthAnswer *answer = make(AuthAnswer, .result = AUTH_OK);
        _cleanup_free_ char *full_name = NULL;

        if (!entry->pw_dir || entry->pw_dir[0] != '/') {
                auth_answer_free(answer);
                return auth_answer_new_failure(AUTH_FAIL, NULL, "The account has no home");
        }
        full_name = text_dup_range(entry->pw_gecos, strcspn(entry->pw_gecos, ","));
        answer->account = (AuthAccount) {
                .address = text_dup(entry->pw_name),
                .system_user = text_dup(entry->pw_name),
                .uid = entry->pw_uid,
                .gid = entry->pw_gid,
                .home = text_dup(entry->pw_dir),
                .name = *full_name ? text_for_log(full_name, 256) : NULL,
        };
        return answer;
}

static bool is_refused(const char *user) {
        const struct passwd *entry = getpwnam(user);

        if (!entry || !auth_account_is_refused(entry->pw_uid, entry->pw_gid))
                return false;
        log_report(LOG_NOTICE, "Account '%s' has uid %u: system accounts have no mail here.", user,
                   (unsigned) entry->pw_uid);
        return true;
}

static AuthAnswer *look_up(const char *user) {
        const struct passwd *entry = getpwnam(user);

        if (!entry || auth_account_is_refused(entry->pw_uid, entry->pw_gid))
                return auth_answer_new_failure(AUTH_FAIL, NULL, "No such account");
        return from_passwd(entry);
}

/* PAM may have changed the name on the way. */
static AuthAnswer *from_pam_user(pam_handle_t *pam) {
        const void *item = NULL;

        if (pam_get_item(pam, PAM_USER, &item) != PAM_SUCCESS || !item || is_refused(item))
                return auth_answer_new_failure(AUTH_FAIL, NULL, "No such account");
        return look_up(item);
}

static AuthAnswer *unavailable(pam_handle_t *pam, const char *step, int result) {
        log_report(LOG_ERR, "PAM cannot say (%s): %s", step, pam_strerror(pam, result));
        return auth_answer_new_failure(AUTH_TEMPFAIL, NULL, pam_strerror(pam, result));
}

static bool is_temporary(int result) {
        switch (result) {
        case PAM_OPEN_ERR:
        case PAM_SYMBOL_ERR:
        case PAM_SERVICE_ERR:
        case PAM_SYSTEM_ERR:
        case PAM_BUF_ERR:
        case PAM_AUTHINFO_UNAVAIL:
        case PAM_ABORT:
        case PAM_CONV_ERR:
        case PAM_MODULE_UNKNOWN:
                return true;
        default:
                return false;
        }
}

static AuthAnswer *check_account(pam_handle_t *pam) {
        int result = pam_acct_mgmt(pam, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);

        if (is_temporary(result))
                return unavailable(pam, "account", result);
        switch (result) {
        case PAM_SUCCESS:
                return from_pam_user(pam);
        case PAM_NEW_AUTHTOK_REQD:
                return auth_answer_new_failure(AUTH_FAIL, "expired", "The password has expired");
        case PAM_ACCT_EXPIRED:
                return auth_answer_new_failure(AUTH_FAIL, "expired", "The account has expired");
        default:
                return auth_answer_new_failure(AUTH_FAIL, NULL, pam_strerror(pam, result));
        }
}

static AuthAnswer *authenticate(pam_handle_t *pam) {
        int result = pam_authenticate(pam, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);

        if (is_temporary(result))
                return unavailable(pam, "authentication", result);
        if (result != PAM_SUCCESS)
                return auth_answer_new_failure(AUTH_FAIL, NULL, pam_strerror(pam, result));
        return check_account(pam);
}

/* The service becomes a file name in /etc/pam.d. */
static bool is_service_name(const char *service) {
        size_t size = strlen(service);

        for (size_t i = 0; i < size; i++)
                if (!char_is_alpha(service[i]) && !char_is_digit(service[i]) && service[i] != '-')
                        return false;
        return size > 0 && size <= 32;
}

static AuthAnswer *ask_pam(const AuthRequest *request) {
        const struct pam_conv conversation = { on_conversation, (void *) request };
        void (*delay)(int, unsigned, void *) = on_delay;
        pam_handle_t *pam = NULL;
        AuthAnswer *answer;
        int result;

        result = pam_start(request->service, request->user, &conversation, &pam);
        if (result != PAM_SUCCESS)
                return unavailable(pam, "start", result);
        /* Without these PAM would log less and be slower, no more. */
        if (request->remote)
                (void) pam_set_item(pam, PAM_RHOST, request->remote);
        (void) pam_set_item(pam, PAM_FAIL_DELAY, (const void *) delay);
        answer = authenticate(pam);
        (void) pam_end(pam, answer->result == AUTH_OK ? PAM_SUCCESS : PAM_AUTH_ERR);
        return answer;
}

/* pam_unix says of a name that does not exist that it is wrong without making a hash, and of one
 * that does after making it. Both are told at the same time. */
static void wait_until(uint64_t usec) {
        uint64_t left_usec;

        while ((left_usec = clock_left_usec(usec)) > 0)
                (void) usleep((useconds_t) left_usec); /* interrupted: again */
}

AuthAnswer *pam_check(void *context, const AuthRequest *request) {
        uint64_t failure_usec = clock_deadline_usec(FAILURE_USEC);
        AuthRequest asked = *request;
        AuthAnswer *answer;

        if (!is_service_name(request->service) || strlen(request->user) > USER_MAX)
                return auth_answer_new_failure(AUTH_FAIL, NULL, "No such account");
        if (request->method == AUTH_LOOKUP)
                return look_up(request->user);
        if (!*request->password || strlen(request->password) > PASSWORD_MAX ||
            is_refused(request->user))
                asked.password = impossible_password;
        answer = ask_pam(&asked);
        if (answer->result == AUTH_FAIL)
                wait_until(failure_usec);
        return answer;
}
