/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which certificate a client gets: by the name it asks for (RFC 6066, section 3), by the address it
 * came to, or the default one. Files are named as Courier's are: "imapd.pem.mail.example.com".
 */
#pragma once

#include "tls/certificate.h"

typedef struct CertificateTable CertificateTable;

enum { CERTIFICATES_MAX = 4096, SERVER_NAME_MAX = 255 };

/**
 * certificate_table_new() - all texts are copied; nothing is read yet
 * @file:           the default certificate's file; "<file>.<name>" are the others
 * @key_file:       NULL, or where keys are: "<key_file>.<name>" for "<file>.<name>"
 * @fallback_file:  the default while @file cannot be used
 */
CertificateTable *certificate_table_new(const char *file, const char *key_file,
                                        const char *fallback_file);

CertificateTable *certificate_table_free(CertificateTable *table);
DEFINE_CLEANUP(CertificateTable *, certificate_table_free);

/**
 * certificate_table_refresh() - read what is new or changed (device, inode, size, times)
 *
 * One stat() a file when nothing changed. A file that became unreadable or broken is reported once,
 * and what it held before stays in use. So does a default that was removed; another name that was
 * removed is forgotten.
 */
void certificate_table_refresh(CertificateTable *table);

/** certificate_table_forget() - the next refresh reads every file again */
void certificate_table_forget(CertificateTable *table);

/**
 * certificate_table_find() - for the name a client asks for, or the address it came to
 * @server_name:  as sent, or NULL; ASCII case is ignored, its leftmost labels are dropped until a
 *                file fits
 * @local:        address as text, or NULL; "::ffff:" in front of an IPv4 one is ignored
 *
 * Return: borrowed until the next refresh; NULL when there is not even a default.
 */
const Certificate *certificate_table_find(const CertificateTable *table, const char *server_name,
                                          const char *local);

/** certificate_table_default() - is there a default certificate besides the fallback? */
const Certificate *certificate_table_default(const CertificateTable *table);
