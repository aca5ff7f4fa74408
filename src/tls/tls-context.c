/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How OpenSSL is set up. Sessions are kept by the clients (tickets), nothing is stored here. */
#include "tls/tls-context.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "basic/log.h"
#include "basic/text.h"
#include "tls/self-signed.h"
#include "tls/tls-error.h"
#include "tls/warm-up.h"

static const char default_ciphers[] = "HIGH:!aNULL:!eNULL:!PSK:!SRP:!kRSA:!aDSS:!CAMELLIA:!ARIA";
static const char session_id_context[] = "courier-imapd";

/* Called when the client's hello has been read, so its server name is known. */
static int on_certificate(SSL *ssl, void *argument) {
        const TlsHandshake *handshake = SSL_get_app_data(ssl);
        const Certificate *certificate = certificate_table_find(handshake->context->certificates,
                SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name), handshake->local);

        return certificate && certificate_use(certificate, ssl) ? 1 : 0;
}

static int on_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_size,
                   const unsigned char *in, unsigned in_size, void *argument) {
        const TlsSettings *settings = argument;
        unsigned char *chosen;

        if (SSL_select_next_proto(&chosen, out_size, settings->alpn, (unsigned) settings->n_alpn,
                                  in, in_size) != OPENSSL_NPN_NEGOTIATED)
                return SSL_TLSEXT_ERR_ALERT_FATAL; /* no_application_protocol (RFC 7301) */
        *out = chosen;
        return SSL_TLSEXT_ERR_OK;
}

/* An end of the stream without a close_notify reads as an end (SSL_OP_IGNORE_UNEXPECTED_EOF), but
 * is worth a line in the log. */
static void on_info(const SSL *ssl, int where, int value) {
        TlsHandshake *handshake = SSL_get_app_data(ssl);

        if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT &&
            (value & 0xff) == SSL_AD_CLOSE_NOTIFY)
                handshake->has_said_goodbye = true;
}

static void set_ciphers(SSL_CTX *ctx, const TlsSettings *settings) {
        if (settings->cipher_list && SSL_CTX_set_cipher_list(ctx, settings->cipher_list) == 1)
                return;
        if (settings->cipher_list)
                log_report(LOG_WARNING, "OpenSSL refuses TLS_CIPHER_LIST='%s', using '%s'.",
                           settings->cipher_list, default_ciphers);
        (void) SSL_CTX_set_cipher_list(ctx, default_ciphers); /* a constant OpenSSL knows */
        ERR_clear_error();
}

static void set_versions(SSL_CTX *ctx, const TlsVersions *versions) {
        SSL_CTX_set_min_proto_version(ctx, versions->minimum);
        if (versions->minimum < TLS1_2_VERSION)
                SSL_CTX_set_security_level(ctx, 0); /* their SHA-1 is refused above */
        if (versions->server_preference)
                SSL_CTX_set_options(ctx, SSL_OP_CIPHER_SERVER_PREFERENCE);
}

/* Reads the directory's hash links at once: a worker cannot open files later. */
static void trust_directory(X509_STORE *store, const char *path) {
        DIR *directory = opendir(path);

        if (!directory) {
                log_report(LOG_WARNING, "Cannot read TLS_TRUSTCERTS='%s': %s", path,
                           strerrordesc_np(errno));
                return;
        }
        for (struct dirent *d; (d = readdir(directory));) {
                const char *dot = strrchr(d->d_name, '.');
                _cleanup_free_ char *file = text_printf("%s/%s", path, d->d_name);

                if (dot && dot[1] && strspn(dot + 1, "0123456789") == strlen(dot + 1))
                        (void) X509_STORE_load_file(store, file); /* reported by the count, below */
        }
        closedir(directory);
        ERR_clear_error();
}

static void send_ca_names(SSL_CTX *ctx, X509_STORE *store) {
        STACK_OF(X509) *all = X509_STORE_get1_all_certs(store);

        for (int i = 0; i < sk_X509_num(all); i++)
                SSL_CTX_add_client_CA(ctx, sk_X509_value(all, i));
        if (sk_X509_num(all) <= 0)
                log_report(LOG_WARNING, "No certificate of an authority is trusted: no client's"
                           " certificate can be verified. See TLS_TRUSTCERTS.");
        sk_X509_pop_free(all, X509_free);
}

static void set_verification(SSL_CTX *ctx, const TlsSettings *settings) {
        X509_STORE *store;
        const char *path = settings->trust_path;
        int mode = SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE;
        struct stat st;

        if (settings->verify_peer == VERIFY_NONE)
                return;
        store = X509_STORE_new();
        if (!path) {
                (void) X509_STORE_load_file(store, X509_get_default_cert_file());
                trust_directory(store, X509_get_default_cert_dir());
        } else if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
                trust_directory(store, path);
        } else if (X509_STORE_load_file(store, path) != 1) {
                _cleanup_free_ char *text = tls_error_text();

                log_report(LOG_ERR, "Cannot read TLS_TRUSTCERTS='%s': %s", path, text);
        }
        ERR_clear_error();
        SSL_CTX_set_cert_store(ctx, store);
        if (path)
                send_ca_names(ctx, store);
        if (settings->verify_peer == VERIFY_REQUIRE)
                mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
        SSL_CTX_set_verify(ctx, mode, NULL);
}

static SSL_CTX *make_openssl_context(const TlsContext *context, const TlsVersions *versions) {
        const TlsSettings *settings = context->settings;
        SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

        if (!ctx)
                return NULL;
        SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                 SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_PRIORITIZE_CHACHA);
        SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_session_id_context(ctx, (const unsigned char *) session_id_context,
                                       sizeof(session_id_context) - 1);
        SSL_CTX_set_dh_auto(ctx, 1);
        set_versions(ctx, versions);
        set_ciphers(ctx, settings);
        set_verification(ctx, settings);
        if (settings->n_alpn > 0)
                SSL_CTX_set_alpn_select_cb(ctx, on_alpn, (void *) settings);
        SSL_CTX_set_cert_cb(ctx, on_certificate, NULL);
        SSL_CTX_set_info_callback(ctx, on_info);
        ticket_keys_serve(context->tickets, ctx);
        return ctx;
}

static bool make_openssl_contexts(TlsContext *context) {
        SSL_CTX *implicit = make_openssl_context(context, &context->settings->implicit);
        SSL_CTX *starttls = make_openssl_context(context, &context->settings->starttls);

        if (!implicit || !starttls) {
                _cleanup_free_ char *text = tls_error_text();

                log_report(LOG_ERR, "Cannot set OpenSSL up: %s", text);
                SSL_CTX_free(implicit);
                SSL_CTX_free(starttls);
                return false;
        }
        SSL_CTX_free(context->implicit);
        SSL_CTX_free(context->starttls);
        context->implicit = implicit;
        context->starttls = starttls;
        return true;
}

static void *map_scratch(void) {
        void *memory = mmap(NULL, PUMP_SCRATCH_OCTETS, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        return memory == MAP_FAILED ? NULL : memory;
}

static void refresh_certificates(TlsContext *context) {
        certificate_table_refresh(context->certificates);
        if (certificate_table_default(context->certificates))
                return;
        if (self_signed_ensure(context->settings->fallback_file) == 0)
                certificate_table_refresh(context->certificates);
}

TlsContext *tls_context_new(const TlsSettings *settings) {
        _cleanup_(tls_context_freep) TlsContext *context = make(TlsContext, .settings = settings);

        context->certificates = certificate_table_new(settings->certificate_file,
                                                      settings->key_file, settings->fallback_file);
        context->tickets = ticket_keys_new();
        context->scratch = map_scratch();
        if (!context->tickets || !context->scratch)
                return NULL;
        refresh_certificates(context);
        if (!certificate_table_find(context->certificates, NULL, NULL)) {
                log_report(LOG_ERR, "There is no certificate, and none could be made.");
                return NULL;
        }
        if (!make_openssl_contexts(context))
                return NULL;
        warm_up(context);
        return TAKE_PTR(context);
}

TlsContext *tls_context_free(TlsContext *context) {
        if (!context)
                return NULL;
        SSL_CTX_free(context->implicit);
        SSL_CTX_free(context->starttls);
        certificate_table_free(context->certificates);
        ticket_keys_free(context->tickets);
        if (context->scratch)
                (void) munmap(context->scratch, PUMP_SCRATCH_OCTETS); /* our own mapping */
        free(context);
        return NULL;
}

void tls_context_refresh(TlsContext *context) {
        certificate_table_refresh(context->certificates);
}

void tls_context_tend(TlsContext *context) {
        ticket_keys_rotate(context->tickets);
        refresh_certificates(context);
}

void tls_context_reload(TlsContext *context) {
        certificate_table_forget(context->certificates);
        refresh_certificates(context);
        /* Twice: no ticket outlives the trust in the certificate it was given for. */
        ticket_keys_rotate(context->tickets);
        ticket_keys_rotate(context->tickets);
        (void) make_openssl_contexts(context); /* reported; the old ones stay */
}

SSL *tls_context_accept(const TlsContext *context, bool starttls, TlsHandshake *handshake, int fd) {
        SSL *ssl = SSL_new(starttls ? context->starttls : context->implicit);

        if (!ssl || SSL_set_fd(ssl, fd) != 1) {
                SSL_free(ssl);
                return NULL;
        }
        SSL_set_app_data(ssl, handshake);
        SSL_set_accept_state(ssl);
        return ssl;
}
