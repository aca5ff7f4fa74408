/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEM files in the order Courier expects: certificate first, chain behind it, key anywhere. */
#include "tls/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/message-id.h"
#include "tls/tls-error.h"

enum { PEM_OCTETS_MAX = 1 << 20, CHAIN_MAX = 16, WARN_DAYS = 14 };

struct Certificate {
        X509 *leaf;
        STACK_OF(X509) *chain;
        EVP_PKEY *key;
};

DEFINE_CLEANUP(BIO *, BIO_free_all);

static int broken(const char *file, const char *why) {
        log_report_id(LOG_ERR, MESSAGE_ID_CERTIFICATE, "Cannot load certificate file '%s': %s",
                      file, why);
        return CERTIFICATE_BROKEN;
}

static int broken_openssl(const char *file) {
        _cleanup_free_ char *text = tls_error_text();

        return broken(file, text);
}

static int read_file(const char *path, char **ret_data, size_t *ret_size) {
        _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        int r;

        if (fd < 0)
                return broken(path, strerrordesc_np(errno));
        r = fd_read_file(fd, PEM_OCTETS_MAX, ret_data, ret_size);
        return r < 0 ? broken(path, strerrordesc_np(-r)) : CERTIFICATE_DONE;
}

/* An encrypted key would wait for somebody to type. */
static int no_password(char *buffer, int size, int for_writing, void *context) {
        return -1;
}

static int parse_key(const char *file, const char *data, size_t size, Certificate *certificate) {
        _cleanup_(BIO_free_allp) BIO *bio = BIO_new_mem_buf(data, (int) size);

        certificate->key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
        return certificate->key ? CERTIFICATE_DONE : broken_openssl(file);
}

static int load_key(const char *file, Certificate *certificate) {
        char *data = NULL;
        size_t size = 0;
        int r;

        r = read_file(file, &data, &size);
        if (r == CERTIFICATE_DONE)
                r = parse_key(file, data, size, certificate);
        memory_wipe(data, size);
        free(data);
        return r;
}

static int parse_chain(const char *file, const char *data, size_t size, Certificate *certificate) {
        _cleanup_(BIO_free_allp) BIO *bio = BIO_new_mem_buf(data, (int) size);
        X509 *next;

        certificate->leaf = PEM_read_bio_X509(bio, NULL, no_password, NULL);
        if (!certificate->leaf)
                return broken_openssl(file);
        certificate->chain = sk_X509_new_null();
        while (sk_X509_num(certificate->chain) < CHAIN_MAX &&
               (next = PEM_read_bio_X509(bio, NULL, no_password, NULL)))
                sk_X509_push(certificate->chain, next);
        ERR_clear_error(); /* the end of the file was one */
        return CERTIFICATE_DONE;
}

static void warn_of_end(const char *file, const Certificate *certificate) {
        int64_t days = certificate_days_left(certificate);

        if (days < 0)
                log_report_id(LOG_ERR, MESSAGE_ID_CERTIFICATE,
                              "The certificate in '%s' is over: clients will refuse it.", file);
        else if (days < WARN_DAYS)
                log_report_id(LOG_WARNING, MESSAGE_ID_CERTIFICATE,
                              "The certificate in '%s' is over in %" PRIi64 " days.", file, days);
}

int certificate_load(const char *file, const char *key_file, Certificate **ret_certificate) {
        _cleanup_(certificate_freep) Certificate *certificate = make(Certificate);
        char *data = NULL;
        size_t size = 0;
        int r;

        r = read_file(file, &data, &size);
        if (r == CERTIFICATE_DONE)
                r = parse_chain(file, data, size, certificate);
        if (r == CERTIFICATE_DONE && !key_file)
                r = parse_key(file, data, size, certificate);
        memory_wipe(data, size);
        free(data);
        if (r == CERTIFICATE_DONE && key_file)
                r = load_key(key_file, certificate);
        if (r != CERTIFICATE_DONE)
                return r;
        if (X509_check_private_key(certificate->leaf, certificate->key) != 1)
                return broken_openssl(file);

        warn_of_end(file, certificate);
        *ret_certificate = TAKE_PTR(certificate);
        return CERTIFICATE_DONE;
}

bool certificate_use(const Certificate *certificate, SSL *ssl) {
        return SSL_use_cert_and_key(ssl, certificate->leaf, certificate->key, certificate->chain,
                                    1) == 1;
}

int64_t certificate_days_left(const Certificate *certificate) {
        int days = 0, seconds = 0;

        if (ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(certificate->leaf)) != 1)
                return 0;
        return seconds < 0 ? days - 1 : days;
}

Certificate *certificate_free(Certificate *certificate) {
        if (!certificate)
                return NULL;
        X509_free(certificate->leaf);
        sk_X509_pop_free(certificate->chain, X509_free);
        EVP_PKEY_free(certificate->key);
        free(certificate);
        return NULL;
}
