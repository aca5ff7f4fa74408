/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question about an account and its answer, as structs and as one line of JSON each:
 * imapd-auth-json(5).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "basic/buffer.h"
#include "basic/memory.h"
#include "basic/names.h"
#include "ipc/json-record.h"

typedef enum AuthMethod {
        AUTH_LOGIN,  /* user and password */
        AUTH_LOOKUP, /* user only */
        _AUTH_METHOD_MAX,
} AuthMethod;

typedef enum AuthResult {
        AUTH_OK,
        AUTH_FAIL,     /* wrong, unknown or refused: nobody in this module's source */
        AUTH_TEMPFAIL, /* nobody can say now */
        _AUTH_RESULT_MAX,
} AuthResult;

/* All borrowed. */
typedef struct AuthRequest {
        const char *service; /* "imap" */
        AuthMethod method;
        const char *user;
        const char *password; /* AUTH_LOGIN only */
        const char *remote;   /* the client's address; NULL when nobody is there */
        bool tls;
} AuthRequest;

/* Owned by the answer. */
typedef struct AuthAccount {
        char *address;     /* who it is: becomes AUTHENTICATED */
        uid_t uid;         /* never 0 in what auth_client_ask() gives, like gid */
        gid_t gid;
        char *system_user; /* for initgroups(); NULL: exactly the one group */
        char *home;        /* absolute */
        char *maildir;     /* NULL: the server's default; may be relative to home */
        char *name;        /* NULL when unknown, like the following */
        char *quota;
        char *options;     /* "a=1,b=2" as Courier writes it; a value has no comma */
} AuthAccount;

typedef struct AuthAnswer {
        AuthResult result;
        char *code;          /* of a failure: NULL, "expired" */
        char *message;       /* of a failure: for the log, and for the user only with a code */
        AuthAccount account; /* of AUTH_OK */
        char *module;        /* who answered; set by auth_client_ask() */
} AuthAnswer;

AuthAnswer *auth_answer_free(AuthAnswer *answer);
DEFINE_CLEANUP(AuthAnswer *, auth_answer_free);

/** auth_answer_new_failure() - @code and @message are copied and may be NULL */
AuthAnswer *auth_answer_new_failure(AuthResult result, const char *code, const char *message);

/**
 * auth_request_write() - append the request as one line
 *
 * Return: false when a text is not UTF-8 or the line would be longer than JSON_RECORD_MAX. The
 * buffer holds a password then: the caller wipes it.
 */
[[nodiscard]] bool auth_request_write(const AuthRequest *request, Buffer *target);

/**
 * auth_request_read() - a line without its line feed
 * @ret_record:   owns the texts of the request
 * @ret_problem:  on false, what is wrong with it: a constant
 */
[[nodiscard]] bool auth_request_read(const char *line, size_t size, JsonRecord **ret_record,
                                     AuthRequest *ret_request, const char **ret_problem);

/** auth_answer_write() - append the answer as one line */
void auth_answer_write(const AuthAnswer *answer, Buffer *target);

/** auth_answer_read() - a line without its line feed; false when it is not a whole answer */
[[nodiscard]] bool auth_answer_read(const char *line, size_t size, AuthAnswer **ret_answer);

DECLARE_NAMES(auth_method, AuthMethod);
DECLARE_NAMES(auth_result, AuthResult);
