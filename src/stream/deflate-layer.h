/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw DEFLATE in both directions of one connection (RFC 1951; RFC 4978). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"

typedef struct DeflateLayer DeflateLayer;

enum {
        /* Less than zlib's own 15 and 8: 128 KiB a session instead of 256. */
        DEFLATE_WINDOW_BITS = 14,
        DEFLATE_MEMORY_LEVEL = 7,
        DEFLATE_LEVEL = 3, /* twice as fast as the usual 6, and nearly as small for mail */
};

DeflateLayer *deflate_layer_new(void);
DeflateLayer *deflate_layer_free(DeflateLayer *layer);
DEFINE_CLEANUP(DeflateLayer *, deflate_layer_free);

/**
 * deflate_layer_pack() - compress data to the end of target
 * @all:  so that the other side can read every octet of it; otherwise some may be kept back
 */
void deflate_layer_pack(DeflateLayer *layer, const void *data, size_t size, bool all,
                        Buffer *target);

/** deflate_layer_feed() - octets that the other side has compressed; copied */
void deflate_layer_feed(DeflateLayer *layer, const void *data, size_t size);

/**
 * deflate_layer_unpack() - append at most wanted octets of what was fed to target
 *
 * Return: 0 (it needs more), the number of octets, -EBADMSG when it is no DEFLATE, or its end.
 */
[[nodiscard]] ssize_t deflate_layer_unpack(DeflateLayer *layer, size_t wanted, Buffer *target);
