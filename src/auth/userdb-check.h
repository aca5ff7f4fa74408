/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests answered out of a userdb, by the rules of Courier's authuserdb. */
#pragma once

#include "auth/userdb-table.h"
#include "ipc/auth-record.h"

/**
 * userdb_check() - @context is the UserdbTable
 *
 * A name that is not there costs as much time as one that is: some other account's password is
 * compared instead.
 */
AuthAnswer *userdb_check(void *context, const AuthRequest *request);
