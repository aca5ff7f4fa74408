/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a client sends as DEFLATE: bounded pieces, and nothing after the first mistake; ours comes back whole. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "stream/deflate-layer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIECE = 4096, PIECES_MAX = 1000 };

static void unpack_as_it_is(const uint8_t *data, size_t size) {
        _cleanup_(deflate_layer_freep) DeflateLayer *layer = deflate_layer_new();
        ssize_t n = 1;

        deflate_layer_feed(layer, data, size);
        for (int i = 0; n > 0 && i < PIECES_MAX; i++) {
                _cleanup_buffer_ Buffer plain = { 0 };

                n = deflate_layer_unpack(layer, PIECE, &plain);
                assert(n <= PIECE && (n < 0 ? plain.size == 0 : (size_t) n == plain.size));
        }
}

static void pack_and_unpack(const uint8_t *data, size_t size) {
        _cleanup_(deflate_layer_freep) DeflateLayer *ours = deflate_layer_new(), *theirs = deflate_layer_new();
        _cleanup_buffer_ Buffer packed = { 0 }, plain = { 0 };

        deflate_layer_pack(ours, data, size / 2, false, &packed);
        deflate_layer_pack(ours, data + size / 2, size - size / 2, true, &packed);
        deflate_layer_feed(theirs, packed.data, packed.size);
        while (deflate_layer_unpack(theirs, PIECE, &plain) > 0)
                ;
        assert(plain.size == size && (size == 0 || memcmp(plain.data, data, size) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        unpack_as_it_is(data, size);
        pack_and_unpack(data, size);
        return 0;
}
