/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What OpenSSL complains about, as text. */
#pragma once

#include <openssl/ssl.h>

/**
 * tls_error_text() - the first error of OpenSSL's queue, "error:0A000102:SSL routines::…"
 *
 * Empties the queue. Return: owned by the caller; "unknown error" when the queue was empty.
 */
[[nodiscard]] char *tls_error_text(void);

/** tls_result_text() - why an operation on @ssl that returned @result failed; errno is its own */
[[nodiscard]] char *tls_result_text(const SSL *ssl, int result);
