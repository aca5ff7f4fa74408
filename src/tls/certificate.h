/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server certificate with its chain and private key, as one PEM file or two hold them. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "basic/memory.h"

typedef struct Certificate Certificate;

/* Outcomes; negative values are errno, already reported. */
enum {
        CERTIFICATE_DONE = 0,
        CERTIFICATE_BROKEN, /* already reported, with the file's name */
};

/**
 * certificate_load() - the first certificate is the server's, the others its chain
 * @key_file:  NULL: the key is in the same file
 *
 * A certificate that is over or soon will be is reported, and used.
 */
[[nodiscard]] int certificate_load(const char *file, const char *key_file,
                                   Certificate **ret_certificate);

/** certificate_use() - for this connection. Return: false when OpenSSL refuses it */
[[nodiscard]] bool certificate_use(const Certificate *certificate, SSL *ssl);

/** certificate_days_left() - until it is over, negative when it was over before now */
int64_t certificate_days_left(const Certificate *certificate);

Certificate *certificate_free(Certificate *certificate);
DEFINE_CLEANUP(Certificate *, certificate_free);
