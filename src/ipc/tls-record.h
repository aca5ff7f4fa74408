/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the TLS service is asked and what it answers, as structs and as one JSON packet each:
 * imapd-tls(8).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/memory.h"
#include "ipc/json-record.h"

enum {
        TLS_REQUEST_MAX = 4096,        /* octets of a packet */
        TLS_ANSWER_MAX = 16 * 1024,
        TLS_SUBJECT_FIELDS_MAX = 32,
};

/* All borrowed. */
typedef struct TlsRequest {
        const char *service; /* "imap" */
        bool starttls;       /* the client spoke clear text before */
        const char *local;   /* the address the client connected to: chooses a certificate */
        const char *remote;  /* the client's, for log lines */
} TlsRequest;

typedef struct TlsSubjectField {
        char *name, *value; /* "CN", "emailAddress", …: OpenSSL's short names */
} TlsSubjectField;

typedef struct TlsRecord {
        char *protocol;    /* "TLSv1.3" */
        char *cipher;      /* "TLS_AES_256_GCM_SHA384" */
        unsigned bits;
        char *server_name; /* NULL when the client named none */
        char *alpn;        /* NULL when none was agreed on */
        TlsSubjectField subject[TLS_SUBJECT_FIELDS_MAX]; /* of a verified client certificate */
        size_t n_subject;
        char *message;     /* of a failure: why */
} TlsRecord;

#define _cleanup_tls_record_ _cleanup_(tls_record_done)

void tls_record_done(TlsRecord *record);

/** tls_record_add_subject() - the last of a name wins; over TLS_SUBJECT_FIELDS_MAX is left out */
void tls_record_add_subject(TlsRecord *record, const char *name, const char *value);

/** tls_request_write() - append the packet. Return: false when it is over TLS_REQUEST_MAX */
[[nodiscard]] bool tls_request_write(const TlsRequest *request, Buffer *target);

/** tls_request_read() - @ret_record owns the texts of the request */
[[nodiscard]] bool tls_request_read(const char *packet, size_t size, JsonRecord **ret_record,
                                    TlsRequest *ret_request);

/** tls_record_write() - append the packet: a failure when there is a message, else a success */
void tls_record_write(const TlsRecord *record, Buffer *target);

/** tls_record_read() - a failure has a message, a success none */
[[nodiscard]] bool tls_record_read(const char *packet, size_t size, TlsRecord *ret_record);
