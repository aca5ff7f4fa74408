/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that reads one request, asks the module and writes its answer. */
#pragma once

#include "auth/auth-service.h"

/** auth_child_run() - called behind fork(): serve the request of @client_fd and exit */
_Noreturn void auth_child_run(const AuthModule *module, int client_fd);

/** auth_child_apologise() - answer 'tempfail' in a child's place; -EBADF is nobody */
void auth_child_apologise(int client_fd, const char *message);
