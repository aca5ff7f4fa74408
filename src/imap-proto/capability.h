/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one list of what this server can do (RFC 9051, section 7.2.2), for the greeting, the
 * CAPABILITY command and the LOGIN answer. A word stands here when it is whole, not before.
 */
#pragma once

#include <stdbool.h>

typedef struct CapabilityFacts {
        const char *configured; /* setting IMAP_CAPABILITY or IMAP_CAPABILITY_TLS; NULL if unset */
        bool authenticated;
        bool tls;            /* the connection is encrypted already */
        bool tls_offered;    /* STARTTLS would work now */
        bool login_disabled; /* no passwords on this connection as it is */
} CapabilityFacts;

/**
 * imap_capability_text() - the words behind "CAPABILITY ", "IMAP4rev1 IMAP4rev2 …"
 *
 * A configured text chooses among our words and sets their order; words that are not
 * implemented, or are of no use in this state, are left out. ID, ENABLE, UTF8=ACCEPT and the
 * words of the state (STARTTLS, LOGINDISABLED, AUTH=) are added when they are missing, as
 * Courier does.
 * Return: owned by the caller.
 */
[[nodiscard]] char *imap_capability_text(const CapabilityFacts *facts);

/**
 * imap_capability_setting() - the setting that holds the configured text
 *
 * IMAP_CAPABILITY_TLS on an encrypted connection when it is not empty, else IMAP_CAPABILITY.
 * Return: owned by the caller, NULL when neither is set.
 */
[[nodiscard]] char *imap_capability_setting(bool tls);
