/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the account services, one after the other: imapd-auth-json(5). */
#pragma once

#include <stdint.h>

#include "ipc/auth-record.h" /* AuthRequest, AuthAnswer */

/** auth_account_is_refused() - root, its group, and uids under $AUTH_UID_MIN (100) have no mail */
bool auth_account_is_refused(uid_t uid, gid_t gid);

/**
 * auth_client_ask() - ask until a module knows the account
 * @modules:       names separated by blanks or commas ("pam userdb", the setting AUTHMODULES); each
 *                 is a socket $COURIER_RUNDIR/auth/NAME. A name has letters, digits, '-', '_' only.
 * @request:       borrowed
 * @deadline_usec: for all modules together
 * @ret_answer:    always set, owned by the caller
 *
 * 'fail' goes on to the next module, anything else ends the search; a service that is missing,
 * silent or incomprehensible is AUTH_TEMPFAIL with a message, and reported. Of several failures
 * the first that has a code is kept, otherwise the last. A password that is empty or not
 * UTF-8 is AUTH_FAIL without asking. An account with a uid under $AUTH_UID_MIN (100) or with uid
 * or gid 0 is AUTH_FAIL and reported, whoever vouches for it. The request's copy is wiped.
 *
 * Return: 0. Source: imapd-auth-json(5).
 */
[[nodiscard]] int auth_client_ask(const char *modules, const AuthRequest *request,
                                  uint64_t deadline_usec, AuthAnswer **ret_answer);
