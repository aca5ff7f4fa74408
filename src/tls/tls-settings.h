/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The TLS_… settings with Courier's names and meaning: imapd-tls(8), section ENVIRONMENT. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "basic/memory.h"

typedef enum VerifyPeer {
        VERIFY_NONE,    /* no certificate asked for */
        VERIFY_PEER,    /* asked for; one that is given must be good */
        VERIFY_REQUIRE, /* and one must be given */
} VerifyPeer;

/* What a setting like TLS_PROTOCOL asks for. */
typedef struct TlsVersions {
        int minimum; /* TLS1_2_VERSION, … */
        bool server_preference;
} TlsVersions;

enum { ALPN_WIRE_MAX = 256 };

typedef struct TlsSettings {
        char *certificate_file;      /* names with ".<server name>" behind it are looked for */
        char *key_file;              /* NULL: in the certificate's file */
        char *fallback_file;         /* the self-signed one */
        char *trust_path;            /* file or directory; NULL: OpenSSL's defaults */
        char *cipher_list;           /* TLS 1.2 and older; NULL: ours */
        VerifyPeer verify_peer;
        TlsVersions implicit, starttls;
        unsigned char alpn[ALPN_WIRE_MAX]; /* as on the wire: octet of length, name, … */
        size_t n_alpn;               /* 0: whatever the client offers is ignored */
        bool is_shared;              /* TLS_ISOLATION=shared */
        uid_t worker_uid;            /* whom a worker becomes when the service is root */
        gid_t worker_gid;
} TlsSettings;

/** tls_settings_read() - from the environment; what cannot be used is reported and replaced */
TlsSettings *tls_settings_read(void);

TlsSettings *tls_settings_free(TlsSettings *settings);
DEFINE_CLEANUP(TlsSettings *, tls_settings_free);

/**
 * tls_versions_from_text() - what TLS_PROTOCOL=text means; NULL and "" are the default
 *
 * Return: false when the text was not understood; @ret_versions is TLS 1.2 or later then.
 */
bool tls_versions_from_text(const char *text, TlsVersions *ret_versions);

/** alpn_from_text() - "imap,imap4" as on the wire; names with '@' in front are left out */
size_t alpn_from_text(const char *text, unsigned char ret_wire[ALPN_WIRE_MAX]);
