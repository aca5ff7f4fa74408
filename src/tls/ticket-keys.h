/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys of session tickets (RFC 5077; RFC 8446, section 4.6.1): a client resumes without anything
 * stored here. They live in memory only and are replaced regularly, so that who takes them can
 * read back hours, not months.
 */
#pragma once

#include <openssl/ssl.h>
#include <stdint.h>

#include "basic/clock.h"
#include "basic/memory.h"

typedef struct TicketKeys TicketKeys;

#define TICKET_KEY_USEC (UINT64_C(6) * 3600 * USEC_PER_SEC)

/** ticket_keys_new() - NULL when OpenSSL has no randomness */
TicketKeys *ticket_keys_new(void);

TicketKeys *ticket_keys_free(TicketKeys *keys);
DEFINE_CLEANUP(TicketKeys *, ticket_keys_free);

/** ticket_keys_rotate() - a new key for new tickets; the one before still opens old ones */
void ticket_keys_rotate(TicketKeys *keys);

/** ticket_keys_serve() - let @context make and open its tickets with @keys, which outlive it */
void ticket_keys_serve(TicketKeys *keys, SSL_CTX *context);
