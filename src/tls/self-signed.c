/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Better than no TLS: a client can pin it, and nobody who only listens learns the password. */
#include "tls/self-signed.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/message-id.h"
#include "basic/text.h"
#include "tls/certificate.h"
#include "tls/tls-error.h"

enum { VALID_DAYS = 365, RENEW_DAYS = 30, COMMON_NAME_MAX = 64 };

DEFINE_CLEANUP(X509 *, X509_free);
DEFINE_CLEANUP(EVP_PKEY *, EVP_PKEY_free);
DEFINE_CLEANUP(BIO *, BIO_free_all);

/* The full name where the resolver knows it without asking far: clients compare with that one. */
static char *host_name(void) {
        char name[256] = "";
        struct addrinfo hints = { .ai_flags = AI_CANONNAME }, *found = NULL;
        char *full = NULL;

        /* A name server that is out of reach must not hold up the first start for long. */
        (void) setenv("RES_OPTIONS", "timeout:1 attempts:1", 0);
        if (gethostname(name, sizeof(name) - 1) < 0 || !*name)
                return text_dup("localhost");
        if (getaddrinfo(name, NULL, &hints, &found) == 0 && found->ai_canonname)
                full = text_dup(found->ai_canonname);
        if (found)
                freeaddrinfo(found);
        return full ? full : text_dup(name);
}

/* Only what is a DNS name goes into the alternative names, which have a syntax of their own. */
static bool is_dns_name(const char *name) {
        for (; *name; name++)
                if (!char_is_alpha(*name) && !char_is_digit(*name) && *name != '-' && *name != '.')
                        return false;
        return true;
}

static bool add_extension(X509 *certificate, int nid, const char *value) {
        X509V3_CTX context;
        X509_EXTENSION *extension;
        int r;

        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
        extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
        if (!extension)
                return false;
        r = X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
        return r == 1;
}

static bool set_serial(X509 *certificate) {
        unsigned char octets[16];
        BIGNUM *number;
        bool done;

        if (RAND_bytes(octets, sizeof(octets)) != 1)
                return false;
        octets[0] &= 0x7f; /* positive (RFC 5280, section 4.1.2.2) */
        number = BN_bin2bn(octets, sizeof(octets), NULL);
        done = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
        BN_free(number);
        return done;
}

static bool set_names(X509 *certificate, const char *host) {
        bool is_other = is_dns_name(host) && !text_equal(host, "localhost");
        _cleanup_free_ char *alternatives =
                is_other ? text_printf("DNS:%s,DNS:localhost", host) : text_dup("DNS:localhost");
        _cleanup_free_ char *common =
                text_dup_range(host, MIN(strlen(host), (size_t) COMMON_NAME_MAX));
        X509_NAME *name = X509_get_subject_name(certificate);

        return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *) common,
                                          -1, -1, 0) == 1 &&
               X509_set_issuer_name(certificate, name) == 1 &&
               add_extension(certificate, NID_subject_alt_name, alternatives);
}

static bool fill(X509 *certificate, EVP_PKEY *key, const char *host) {
        return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
               X509_gmtime_adj(X509_getm_notBefore(certificate), -300) &&
               X509_time_adj_ex(X509_getm_notAfter(certificate), VALID_DAYS, 0, NULL) &&
               X509_set_pubkey(certificate, key) == 1 && set_names(certificate, host) &&
               add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
               add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
               add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
               add_extension(certificate, NID_subject_key_identifier, "hash") &&
               X509_sign(certificate, key, EVP_sha256()) > 0;
}

/* Return: false with OpenSSL's complaint in its queue. */
static bool make_pem(BIO *bio) {
        _cleanup_(EVP_PKEY_freep) EVP_PKEY *key = EVP_EC_gen("P-256");
        _cleanup_(X509_freep) X509 *certificate = X509_new();
        _cleanup_free_ char *host = host_name();

        return key && certificate && fill(certificate, key, host) &&
               PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1 &&
               PEM_write_bio_X509(bio, certificate) == 1;
}

static int write_file(const char *file, const char *data, size_t size) {
        _cleanup_free_ char *temporary = text_printf("%s.tmp", file);
        _cleanup_close_ int fd = -EBADF;
        int r;

        (void) unlink(temporary); /* of a start that was interrupted, if any */
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
                return failed(-errno, "create '%s'", temporary);
        r = fd_write_all(fd, data, size);
        if (r < 0)
                return failed(r, "write '%s'", temporary);
        if (fsync(fd) < 0 || rename(temporary, file) < 0)
                return failed(-errno, "put '%s' into its place", file);
        return 0;
}

static bool is_good(const char *file) {
        _cleanup_(certificate_freep) Certificate *certificate = NULL;

        return access(file, F_OK) == 0 &&
               certificate_load(file, NULL, &certificate) == CERTIFICATE_DONE &&
               certificate_days_left(certificate) >= RENEW_DAYS;
}

int self_signed_ensure(const char *file) {
        _cleanup_(BIO_free_allp) BIO *bio = NULL;
        char *data;
        long size;
        int r;

        if (is_good(file))
                return 0;
        bio = BIO_new(BIO_s_secmem());
        if (!bio || !make_pem(bio)) {
                _cleanup_free_ char *text = tls_error_text();

                return failed(-EIO, "make a self-signed certificate (%s)", text);
        }
        size = BIO_get_mem_data(bio, &data);
        r = write_file(file, data, (size_t) size);
        if (r < 0)
                return r;
        log_report_id(LOG_NOTICE, MESSAGE_ID_CERTIFICATE, "No certificate is configured: made a"
                      " self-signed one, '%s'. Set TLS_CERTFILE to replace it.", file);
        return 0;
}
