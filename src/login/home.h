/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's home directory: made from a skeleton at the first login (AUTH_MKHOMEDIR_SKEL). */
#pragma once

#include "ipc/auth-record.h"

/**
 * home_create() - as root: make the account's home directory if it is missing, empty
 * @ret_created:  the skeleton has to be copied into it
 *
 * Needs CAP_CHOWN. Its parent has to exist. Return: 0 or negative errno.
 */
[[nodiscard]] int home_create(const AuthAccount *account, bool *ret_created);

/**
 * home_fill() - as the user, in the home directory: copy the skeleton's files
 *
 * Directories, files and symbolic links, with their modes; nothing else, nothing over 16
 * levels deep. Return: 0 or negative errno.
 */
[[nodiscard]] int home_fill(const char *skeleton);
