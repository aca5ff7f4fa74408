/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A client and a server joined by two memory buffers. */
#include "tls/warm-up.h"

#include <openssl/err.h>

#include "basic/log.h"
#include "tls/tls-context.h"

enum { ROUNDS_MAX = 16 };

static bool shake_hands(SSL *client, SSL *server) {
        char data[64];

        for (int i = 0; i < ROUNDS_MAX; i++) {
                int client_done = SSL_do_handshake(client), server_done = SSL_do_handshake(server);

                if (client_done == 1 && server_done == 1) {
                        /* Whether it arrives is no matter. */
                        (void) SSL_write(server, "* OK\r\n", 6);
                        (void) SSL_read(client, data, sizeof(data));
                        (void) SSL_write(client, "a\r\n", 3);
                        (void) SSL_read(server, data, sizeof(data));
                        return true;
                }
        }
        return false;
}

static bool meet(const TlsContext *context, SSL_CTX *server_context, SSL_CTX *client_context) {
        TlsHandshake handshake = { .context = context };
        SSL *server = SSL_new(server_context), *client = SSL_new(client_context);
        BIO *server_bio = NULL, *client_bio = NULL;
        bool done = false;

        if (server && client && BIO_new_bio_pair(&server_bio, 0, &client_bio, 0) == 1) {
                SSL_set_app_data(server, &handshake);
                SSL_set_bio(server, server_bio, server_bio);
                SSL_set_bio(client, client_bio, client_bio);
                SSL_set_accept_state(server);
                SSL_set_connect_state(client);
                done = shake_hands(client, server);
        }
        SSL_free(server);
        SSL_free(client);
        return done;
}

void warm_up(const TlsContext *context) {
        static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
        SSL_CTX *client = SSL_CTX_new(TLS_client_method());

        for (size_t i = 0; client && i < ELEMENTSOF(versions); i++) {
                SSL_CTX_set_max_proto_version(client, versions[i]);
                if (!meet(context, context->starttls, client))
                        log_report(LOG_DEBUG, "No handshake with ourselves for version %x of TLS.",
                                   (unsigned) versions[i]);
        }
        SSL_CTX_free(client);
        ERR_clear_error();
}
