/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AES-256-CBC and HMAC-SHA-256, as RFC 5077 section 4 recommends the form. */
#include "tls/ticket-keys.h"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "basic/log.h"

typedef struct TicketKey {
        unsigned char name[16], cipher[32], mac[32];
} TicketKey;

struct TicketKeys {
        TicketKey current, previous;
};

static bool make_key(TicketKey *key) {
        return RAND_bytes(key->name, sizeof(key->name)) == 1 &&
               RAND_priv_bytes(key->cipher, sizeof(key->cipher)) == 1 &&
               RAND_priv_bytes(key->mac, sizeof(key->mac)) == 1;
}

TicketKeys *ticket_keys_new(void) {
        TicketKeys *keys = make(TicketKeys);

        if (!make_key(&keys->current) || !make_key(&keys->previous))
                return ticket_keys_free(keys);
        return keys;
}

TicketKeys *ticket_keys_free(TicketKeys *keys) {
        if (!keys)
                return NULL;
        memory_wipe(keys, sizeof(*keys));
        free(keys);
        return NULL;
}

void ticket_keys_rotate(TicketKeys *keys) {
        TicketKey next;

        if (!make_key(&next)) {
                log_report(LOG_WARNING, "No randomness for a new ticket key, keeping the old one.");
                return;
        }
        keys->previous = keys->current;
        keys->current = next;
        memory_wipe(&next, sizeof(next));
}

static int key_index(void) {
        static int index = -1; /* a number OpenSSL gives out once a process */

        if (index < 0)
                index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
        return index;
}

static bool set_mac_key(EVP_MAC_CTX *mac, TicketKey *key) {
        char digest[] = "SHA256";
        OSSL_PARAM parameters[] = {
                OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac, sizeof(key->mac)),
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                OSSL_PARAM_construct_end(),
        };

        return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

/* Return, as OpenSSL wants it: -1 on failure, 0 for an unknown key, 1, or 2 to ask for a fresh
 * ticket too. */
static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
                     EVP_MAC_CTX *mac, int is_new) {
        TicketKeys *keys = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), key_index());
        TicketKey *key = &keys->current;

        if (is_new) {
                memcpy(name, key->name, sizeof(key->name));
                if (RAND_bytes(iv, 16) != 1 || !set_mac_key(mac, key))
                        return -1;
                if (EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher, iv) != 1)
                        return -1;
                return 1;
        }
        if (memcmp(name, keys->previous.name, sizeof(key->name)) == 0)
                key = &keys->previous;
        else if (memcmp(name, key->name, sizeof(key->name)) != 0)
                return 0;
        if (!set_mac_key(mac, key) ||
            EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher, iv) != 1)
                return -1;
        return key == &keys->previous || SSL_version(ssl) == TLS1_3_VERSION ? 2 : 1;
}

void ticket_keys_serve(TicketKeys *keys, SSL_CTX *context) {
        SSL_CTX_set_ex_data(context, key_index(), keys);
        SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket);
        SSL_CTX_set_num_tickets(context, 1);
}
