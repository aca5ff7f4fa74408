/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From fields to an account. One without uid, gid or home is no account. */
#include "auth/userdb-check.h"

#include "auth/password-hash.h"
#include "auth/userdb-line.h"
#include "basic/log.h"
#include "basic/text.h"
#include "ipc/auth-client.h"

enum { LOOK_FOR_PASSWORD_MAX = 64 };

/* When nobody's is at hand: yescrypt, what today's systems make. No password has it. */
static const char nobodys_password[] =
        "$y$j9T$9wBKlo2nrXxQ0ZM6Sx5fV.$DlGO14FQUhsMQXj9IBJU.jS22R3egTfz51LTjMdZuO/";

/* The hash of <service>pw, else of systempw. */
static char *password_field(const char *fields, const char *service) {
        _cleanup_free_ char *name = text_printf("%spw", service);
        char *stored = userdb_field(fields, name);

        return stored ? stored : userdb_field(fields, "systempw");
}

static char *somebodys_password(const UserdbTable *table, const char *service) {
        const char *fields;

        for (size_t i = 0; i < LOOK_FOR_PASSWORD_MAX; i++) {
                char *stored;

                fields = userdb_table_any(table, i);
                if (!fields)
                        break;
                stored = password_field(fields, service);

                if (stored && *stored)
                        return stored;
                free(stored);
        }
        return text_dup(nobodys_password);
}

static AuthAnswer *unknown(void) {
        return auth_answer_new_failure(AUTH_FAIL, NULL, "No such account, or not that password");
}

/* "" is as good as nothing in the optional fields. */
static char *optional(const char *fields, const char *name) {
        char *value = userdb_field(fields, name);

        if (value && !*value) {
                free(value);
                return NULL;
        }
        return value;
}

static AuthAnswer *from_fields(const char *name, const char *fields) {
        _cleanup_free_ char *home = userdb_field(fields, "home"), *gecos = NULL;
        AuthAnswer *answer;
        uint32_t uid, gid;

        if (!userdb_field_number(fields, "uid", &uid) ||
            !userdb_field_number(fields, "gid", &gid) || !home || home[0] != '/') {
                log_report(LOG_WARNING, "The account '%s' has no uid, gid or absolute home.", name);
                return unknown();
        }
        if (auth_account_is_refused(uid, gid)) {
                log_report(LOG_NOTICE, "Account '%s' has uid %u and gid %u: refused.", name,
                           (unsigned) uid, (unsigned) gid);
                return unknown();
        }
        gecos = optional(fields, "gecos");
        answer = make(AuthAnswer, .result = AUTH_OK, .account = {
                .address = text_dup(name), .uid = uid, .gid = gid,
                .maildir = optional(fields, "mail"), .quota = optional(fields, "quota"),
                .options = optional(fields, "options"),
        });
        answer->account.home = TAKE_PTR(home);
        answer->account.name = gecos ? text_for_log(gecos, 256) : NULL;
        return answer;
}

static bool password_is_right(const UserdbTable *table, const char *fields,
                              const AuthRequest *request) {
        char *stored = fields ? password_field(fields, request->service) : NULL;
        bool is_known = stored && *stored, matches;

        if (!is_known) {
                free(stored);
                stored = somebodys_password(table, request->service);
        }
        matches = password_matches(stored, request->password);
        memory_wipe_string(stored);
        return is_known && matches;
}

AuthAnswer *userdb_check(void *context, const AuthRequest *request) {
        const UserdbTable *table = context;
        const char *problem = userdb_table_problem(table);
        const char *fields = userdb_table_find(table, request->user);

        if (problem)
                return auth_answer_new_failure(AUTH_TEMPFAIL, NULL, problem);
        if (request->method == AUTH_LOGIN && !password_is_right(table, fields, request))
                return unknown();
        return fields ? from_fields(request->user, fields) : unknown();
}
