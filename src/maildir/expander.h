/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages that somebody compressed, as Dovecot's zlib plugin does: gzip (RFC 1952) and
 * Zstandard (RFC 8878), octets in, octets out. Several gzip members or frames in a row are one
 * message.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/memory.h"

typedef enum Compression {
        COMPRESSION_NONE,
        COMPRESSION_GZIP,
        COMPRESSION_ZSTD,
} Compression;

enum {
        COMPRESSION_MAGIC_SIZE = 4,
        EXPANDER_WINDOW_LOG_MAX = 23, /* Zstandard: 8 MiB of memory, what level 19 asks for */
};

/** compression_of() - by the first COMPRESSION_MAGIC_SIZE, which no mail header starts with */
_pure_ Compression compression_of(const char *data, size_t size);

typedef struct Expander Expander;

Expander *expander_new(Compression compression);
Expander *expander_free(Expander *expander);
DEFINE_CLEANUP(Expander *, expander_free);

typedef enum ExpanderOutcome {
        EXPANDER_GOES_ON, /* it wants more octets, or more room */
        EXPANDER_ENDED,   /* what follows the last member is none */
        EXPANDER_BROKEN,  /* these octets were not compressed so, or want too much memory */
} ExpanderOutcome;

/**
 * expander_feed() - expand the next octets
 * @ret_used:   octets of data that are done with
 * @ret_given:  octets written to target; also when the outcome is EXPANDER_BROKEN
 *
 * To be called with what is left until it neither uses nor gives anything.
 */
ExpanderOutcome expander_feed(Expander *expander, const char *data, size_t size, size_t *ret_used,
                              char *target, size_t room, size_t *ret_given);

/** expander_is_whole() - the octets so far may be all: no member or frame is open */
bool expander_is_whole(const Expander *expander);
