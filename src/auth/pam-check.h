/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking PAM (pam(3)) about accounts of the system. */
#pragma once

#include "ipc/auth-record.h"

/**
 * pam_check() - authenticate and check the account, or look it up only
 * @request:  its service is the PAM service's name
 *
 * Blocks as long as PAM's modules do. System accounts (root, uids under AUTH_UID_MIN) get as far as
 * everybody with a wrong password, and no sooner: neither answer nor time tells a guesser anything.
 */
AuthAnswer *pam_check(void *context, const AuthRequest *request);
