/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw DEFLATE through zlib. */
#include "stream/deflate-layer.h"

#include <assert.h>
#include <errno.h>
#include <sys/types.h>
#include <zlib.h>

#include "basic/memory.h"

enum {
        PACKED_OCTETS = 16 * 1024, /* room that is made for compressed octets at once */
        WINDOW_BITS_MAX = 15,      /* of the other side: what DEFLATE allows */
};

struct DeflateLayer {
        z_stream packing, unpacking;
        Buffer fed;    /* compressed, not yet unpacked */
        size_t fed_at;
};

/* There is memory, or the process ends: as everywhere. */
static voidpf allocate(_unused_ voidpf opaque, uInt n_items, uInt item_size) {
        return memory_new(n_items, item_size);
}

static void release(_unused_ voidpf opaque, voidpf data) {
        free(data);
}

DeflateLayer *deflate_layer_new(void) {
        z_stream fresh = { .zalloc = allocate, .zfree = release };
        DeflateLayer *layer = make(DeflateLayer, .packing = fresh, .unpacking = fresh);
        int packs = deflateInit2(&layer->packing, DEFLATE_LEVEL, Z_DEFLATED, -DEFLATE_WINDOW_BITS,
                                 DEFLATE_MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
        int unpacks = inflateInit2(&layer->unpacking, -WINDOW_BITS_MAX);

        assert(packs == Z_OK && unpacks == Z_OK);
        return layer;
}

DeflateLayer *deflate_layer_free(DeflateLayer *layer) {
        if (layer) {
                (void) deflateEnd(&layer->packing); /* Z_DATA_ERROR: octets were kept back */
                (void) inflateEnd(&layer->unpacking);
                buffer_done(&layer->fed);
                free(layer);
        }
        return NULL;
}

void deflate_layer_pack(DeflateLayer *layer, const void *data, size_t size, bool all,
                        Buffer *target) {
        z_stream *packing = &layer->packing;

        packing->next_in = (Bytef *) (uintptr_t) data; /* zlib only reads it */
        packing->avail_in = (uInt) size;
        do {
                packing->next_out = (Bytef *) buffer_reserve(target, PACKED_OCTETS);
                packing->avail_out = PACKED_OCTETS;
                (void) deflate(packing, all ? Z_SYNC_FLUSH : Z_NO_FLUSH); /* Z_BUF_ERROR: it had
                                                                           * nothing to do */
                buffer_commit(target, PACKED_OCTETS - packing->avail_out);
        } while (packing->avail_out == 0 || packing->avail_in > 0);
}

void deflate_layer_feed(DeflateLayer *layer, const void *data, size_t size) {
        if (layer->fed_at == layer->fed.size) {
                buffer_clear(&layer->fed);
                layer->fed_at = 0;
        }
        buffer_append(&layer->fed, data, size);
}

ssize_t deflate_layer_unpack(DeflateLayer *layer, size_t wanted, Buffer *target) {
        z_stream *unpacking = &layer->unpacking;
        size_t n_fed = layer->fed.size - layer->fed_at, n;
        int r;

        unpacking->next_in = (Bytef *) (layer->fed.data ? layer->fed.data + layer->fed_at : "");
        unpacking->avail_in = (uInt) n_fed;
        unpacking->next_out = (Bytef *) buffer_reserve(target, wanted);
        unpacking->avail_out = (uInt) wanted;
        r = inflate(unpacking, Z_SYNC_FLUSH);
        layer->fed_at += n_fed - unpacking->avail_in;
        n = wanted - unpacking->avail_out;
        buffer_commit(target, n);
        if (n > 0 || r == Z_OK || r == Z_BUF_ERROR)
                return (ssize_t) n;
        return -EBADMSG;
}
