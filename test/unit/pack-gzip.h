/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gzip makes of a text, for tests of what reads it. */
#pragma once

#include <zlib.h>

#include "basic/buffer.h"
#include "harness.h"

static inline void pack_gzip(const Buffer *text, Buffer *target) {
        z_stream stream = { 0 };
        size_t room = text->size + 1024;

        CHECK_NUMBER(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
        stream.next_in = (Bytef *) text->data;
        stream.avail_in = (uInt) text->size;
        stream.next_out = (Bytef *) buffer_reserve(target, room);
        stream.avail_out = (uInt) room;
        CHECK_NUMBER(deflate(&stream, Z_FINISH), Z_STREAM_END);
        buffer_commit(target, room - stream.avail_out);
        (void) deflateEnd(&stream);
}
