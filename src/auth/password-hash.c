/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Old forms are checked, never made. */
#include "auth/password-hash.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "basic/base64.h"
#include "basic/text.h"

enum { SALT_OCTETS = 4, SHA1_OCTETS = 20 };

static bool equal(const void *a, size_t a_size, const void *b, size_t b_size) {
        return a_size == b_size && CRYPTO_memcmp(a, b, a_size) == 0;
}

static size_t digest(const char *algorithm, const void *data, size_t size,
                     unsigned char ret_digest[EVP_MAX_MD_SIZE]) {
        size_t n = 0;

        return EVP_Q_digest(NULL, algorithm, NULL, data, size, ret_digest, &n) == 1 ? n : 0;
}

/* Compared as text: a stored value without its padding never matches. */
static bool matches_base64(const char *algorithm, const char *stored, const char *password) {
        unsigned char octets[EVP_MAX_MD_SIZE];
        size_t n = digest(algorithm, password, strlen(password), octets);
        _cleanup_buffer_ Buffer text = { 0 };

        base64_append(&text, octets, n);
        return n > 0 && equal(text.data, text.size, stored, strlen(stored));
}

static bool matches_md5(const char *stored, const char *password) {
        return matches_base64("MD5", stored, password);
}

static bool matches_sha1(const char *stored, const char *password) {
        return matches_base64("SHA1", stored, password);
}

static bool matches_sha256(const char *stored, const char *password) {
        return matches_base64("SHA256", stored, password);
}

static bool matches_sha512(const char *stored, const char *password) {
        return matches_base64("SHA512", stored, password);
}

static bool matches_md5_hex(const char *stored, const char *password) {
        unsigned char octets[EVP_MAX_MD_SIZE];
        size_t n = digest("MD5", password, strlen(password), octets);
        _cleanup_buffer_ Buffer text = { 0 };

        for (size_t i = 0; i < n; i++)
                buffer_printf(&text, "%02x", octets[i]);
        return n > 0 && equal(text.data, text.size, stored, strlen(stored));
}

static bool matches_salted_sha1(const char *stored, const char *password) {
        unsigned char octets[EVP_MAX_MD_SIZE];
        _cleanup_buffer_ Buffer decoded = { 0 }, salted = { 0 };
        size_t n;

        if (!base64_decode(stored, strlen(stored), &decoded) ||
            decoded.size != SHA1_OCTETS + SALT_OCTETS)
                return false;
        (void) buffer_reserve(&salted, strlen(password) + SALT_OCTETS); /* one copy, wiped below */
        buffer_append_text(&salted, password);
        buffer_append(&salted, decoded.data + SHA1_OCTETS, SALT_OCTETS);
        n = digest("SHA1", salted.data, salted.size, octets);
        memory_wipe(salted.data, salted.size);
        return equal(octets, n, decoded.data, SHA1_OCTETS);
}

static bool matches_crypt(const char *stored, const char *password) {
        _cleanup_free_ struct crypt_data *data = memory_new(1, sizeof(struct crypt_data));
        const char *made = crypt_rn(password, stored, data, sizeof(*data));
        bool matches = made && equal(made, strlen(made), stored, strlen(stored));

        memory_wipe(data, sizeof(*data));
        return matches;
}

bool password_matches(const char *stored, const char *password) {
        static const struct {
                const char *prefix;
                bool (*matches)(const char *stored, const char *password);
        } forms[] = {
                { "{MD5}",    matches_md5 },
                { "{MD5RAW}", matches_md5_hex },
                { "{SHA}",    matches_sha1 },
                { "{SHA256}", matches_sha256 },
                { "{SHA512}", matches_sha512 },
                { "{SSHA}",   matches_salted_sha1 },
                { "{CRYPT}",  matches_crypt },
        };

        if (!*stored)
                return false;
        for (size_t i = 0; i < ELEMENTSOF(forms); i++)
                if (text_starts_with_nocase(stored, forms[i].prefix)) {
                        stored += strlen(forms[i].prefix);
                        return *stored && forms[i].matches(stored, password);
                }
        return matches_crypt(stored, password);
}
