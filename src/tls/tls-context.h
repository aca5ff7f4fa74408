/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything a handshake needs, loaded once: OpenSSL's contexts, certificates, ticket keys. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>

#include "basic/memory.h"
#include "tls/certificate-table.h"
#include "tls/ticket-keys.h"
#include "tls/tls-settings.h"

enum { PUMP_SCRATCH_OCTETS = 64 * 1024 };

typedef struct TlsContext {
        const TlsSettings *settings; /* borrowed */
        CertificateTable *certificates;
        TicketKeys *tickets;
        SSL_CTX *implicit, *starttls;
        char *scratch; /* PUMP_SCRATCH_OCTETS; empty whenever a connection waits */
} TlsContext;

/* What belongs to one handshake; SSL_set_app_data() of its SSL. */
typedef struct TlsHandshake {
        const TlsContext *context;
        const char *local;     /* borrowed; the address the client came to, or NULL */
        bool has_said_goodbye; /* a close_notify came, not only the end of the stream */
} TlsHandshake;

/**
 * tls_context_new() - read certificates, make a self-signed one if there is none, warm OpenSSL up
 * @settings:  borrowed, outlives the context
 *
 * Return: NULL when TLS cannot work with these settings, reported.
 */
TlsContext *tls_context_new(const TlsSettings *settings);

TlsContext *tls_context_free(TlsContext *context);
DEFINE_CLEANUP(TlsContext *, tls_context_free);

/** tls_context_refresh() - before a connection: read changed certificate files */
void tls_context_refresh(TlsContext *context);

/** tls_context_tend() - every TICKET_KEY_USEC: new ticket key, a self-signed certificate renewed */
void tls_context_tend(TlsContext *context);

/** tls_context_reload() - read all files again, the trusted certificates too */
void tls_context_reload(TlsContext *context);

/**
 * tls_context_accept() - the server's side of a new connection
 * @handshake:  becomes the connection's; outlives the returned object
 * @fd:         non-blocking, stays the caller's
 */
SSL *tls_context_accept(const TlsContext *context, bool starttls, TlsHandshake *handshake, int fd);
