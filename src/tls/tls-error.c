/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form of the texts is Courier's, because log analysers know it. */
#include "tls/tls-error.h"

#include <errno.h>
#include <openssl/err.h>

#include "basic/text.h"

char *tls_error_text(void) {
        unsigned long code = ERR_get_error();
        char text[256];

        ERR_clear_error();
        if (code == 0)
                return text_dup("unknown error");
        ERR_error_string_n(code, text, sizeof(text));
        return text_dup(text);
}

char *tls_result_text(const SSL *ssl, int result) {
        int saved_errno = errno, error = SSL_get_error(ssl, result);

        if (error == SSL_ERROR_SYSCALL && ERR_peek_error() == 0)
                return text_dup(saved_errno ? strerrordesc_np(saved_errno) : "Connection closed");
        if (error == SSL_ERROR_ZERO_RETURN)
                return text_dup("Connection closed");
        return tls_error_text();
}
