/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms in which Courier's sources of accounts store passwords (crypt(5), and "{SHA}…"). */
#pragma once

#include <stdbool.h>

/**
 * password_matches() - is it the password that was stored like this?
 *
 * "{MD5}", "{MD5RAW}", "{SHA}", "{SHA256}", "{SHA512}", "{SSHA}", "{CRYPT}" in either case, else
 * whatever crypt(3) knows. The results are compared in constant time. What is stored empty, or in
 * a form that is not known, matches nothing.
 */
[[nodiscard]] bool password_matches(const char *stored, const char *password);
