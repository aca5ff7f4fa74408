/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all account services have in common: a listening socket from systemd, one line of JSON in,
 * one out (imapd-auth-json(5)), each request in a process of its own. A module may block for as
 * long as it likes: nobody else waits for it, and what it leaks ends with its process.
 */
#pragma once

#include "ipc/auth-record.h"

enum { AUTH_CHILDREN_MAX = 64 }; /* requests at once; more wait in the socket's backlog */

typedef struct AuthModule {
        const char *program; /* "imapd-auth-pam" */
        void *context;       /* for the functions */

        /* Before each request, in the service: read again what changed. NULL: nothing to do. */
        void (*refresh)(void *context);

        /* In the request's own process. The answer is the caller's. */
        AuthAnswer *(*answer)(void *context, const AuthRequest *request);
} AuthModule;

/**
 * auth_service_main() - the whole main(): arguments, log, socket, loop until SIGTERM
 *
 * Return: the program's exit status.
 */
int auth_service_main(int argc, char **argv, const AuthModule *module);
