/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Octets between a TLS connection and a plaintext socket, both ways, without ever blocking. What
 * one side cannot take yet is kept, at most PUMP_SCRATCH_OCTETS a direction, and nothing more is
 * read for it meanwhile: a slow reader slows the writer.
 *
 * The end of one direction becomes the end of the same direction on the other side: a close_notify
 * becomes shutdown(SHUT_WR) and the reverse, while the other direction goes on.
 */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>

#include "basic/buffer.h"

typedef struct Pump {
        SSL *ssl;      /* borrowed, as are the descriptors and the scratch */
        int client_fd;
        int plain_fd;
        char *scratch;

        Buffer to_client, to_plain;
        short read_event, write_event; /* what SSL_read() and SSL_write() wait for, POLL… */
        bool client_ended; /* the client sends no more */
        bool client_gone;  /* and takes no more */
        bool plain_ended;  /* the session sends no more */
        bool plain_gone;   /* and takes no more */
        bool end_told_to_client, end_told_to_plain;
        char *complaint;   /* owned: what ended the client's side, if not a decent end */
} Pump;

typedef enum PumpOutcome {
        PUMP_WAITS, /* for one of pump_client_events(), pump_plain_events() */
        PUMP_BUSY,  /* there is more to do; it only lets others have their turn */
        PUMP_DONE,
} PumpOutcome;

void pump_init(Pump *pump, SSL *ssl, int client_fd, int plain_fd, char *scratch);
void pump_done(Pump *pump);

/** pump_step() - move what can be moved now */
PumpOutcome pump_step(Pump *pump);

/* What to wait for, for poll(). 0 means: do not even look, its hang-up is known or no matter. */
short pump_client_events(const Pump *pump);
short pump_plain_events(const Pump *pump);

/** pump_is_lingering() - the session is gone: what is left should take no longer than a moment */
bool pump_is_lingering(const Pump *pump);
