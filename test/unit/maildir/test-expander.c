/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maildir/expander.h"

#include <zstd.h>

#include "basic/buffer.h"
#include "harness.h"
#include "pack-gzip.h"

static const Compression kinds[] = { COMPRESSION_GZIP, COMPRESSION_ZSTD };

static void make_text(Buffer *text) {
        for (int i = 0; i < 20000; i++)
                buffer_printf(text, "Line %d of a text %x.\n", i, (unsigned) i * 2654435761u);
}

static void pack(Compression kind, const Buffer *text, Buffer *target) {
        size_t room = ZSTD_compressBound(text->size);

        if (kind == COMPRESSION_GZIP)
                pack_gzip(text, target);
        else
                buffer_commit(target, ZSTD_compress(buffer_reserve(target, room), room, text->data,
                                                    text->size, 3));
}

/* Feeds pieces until nothing moves. */
static ExpanderOutcome expand(Expander *expander, const char *data, size_t size, size_t piece,
                              Buffer *out) {
        for (size_t at = 0;;) {
                size_t n = MIN(piece, size - at), used, given;
                ExpanderOutcome outcome = expander_feed(expander, data + at, n, &used,
                                                        buffer_reserve(out, 1000), 1000, &given);

                buffer_commit(out, given);
                at += used;
                if (outcome != EXPANDER_GOES_ON || (n == 0 && used == 0 && given == 0))
                        return outcome;
        }
}

TEST("the first octets tell how a file is compressed, and no mail starts so") {
        CHECK_NUMBER(compression_of("\x1f\x8b\x08\0", 4), COMPRESSION_GZIP);
        CHECK_NUMBER(compression_of("\x28\xb5\x2f\xfd", 4), COMPRESSION_ZSTD);
        CHECK_NUMBER(compression_of("\x1f\x8b\x07\0", 4), COMPRESSION_NONE);
        CHECK_NUMBER(compression_of("\x28\xb5\x2f\xfd", 3), COMPRESSION_NONE);
        CHECK_NUMBER(compression_of("From: a@example.com", 19), COMPRESSION_NONE);
        CHECK_NUMBER(compression_of("", 0), COMPRESSION_NONE);
}

TEST("a text comes back, whatever the pieces, and two in a row are one") {
        static const size_t pieces[] = { 1, 7, 4096, 1 << 20 };

        for (size_t k = 0; k < ELEMENTSOF(kinds); k++) {
                _cleanup_buffer_ Buffer text = { 0 }, packed = { 0 };

                make_text(&text);
                pack(kinds[k], &text, &packed);
                pack(kinds[k], &text, &packed);
                CHECK_NUMBER(compression_of(packed.data, packed.size), kinds[k]);
                for (size_t i = 0; i < ELEMENTSOF(pieces); i++) {
                        _cleanup_(expander_freep) Expander *expander = expander_new(kinds[k]);
                        _cleanup_buffer_ Buffer out = { 0 };

                        CHECK_NUMBER(expand(expander, packed.data, packed.size, pieces[i], &out),
                                     EXPANDER_GOES_ON);
                        CHECK(expander_is_whole(expander));
                        CHECK_NUMBER(out.size, 2 * text.size);
                        CHECK(memcmp(out.data, text.data, text.size) == 0);
                        CHECK(memcmp(out.data + text.size, text.data, text.size) == 0);
                }
        }
}

TEST("what is cut off gives what it has and is not whole") {
        for (size_t k = 0; k < ELEMENTSOF(kinds); k++) {
                _cleanup_(expander_freep) Expander *expander = expander_new(kinds[k]);
                _cleanup_buffer_ Buffer text = { 0 }, packed = { 0 }, out = { 0 };

                make_text(&text);
                pack(kinds[k], &text, &packed);
                CHECK_NUMBER(expand(expander, packed.data, packed.size / 2, 4096, &out), EXPANDER_GOES_ON);
                CHECK(!expander_is_whole(expander));
                CHECK(out.size > 0 && out.size < text.size);
                CHECK(memcmp(out.data, text.data, out.size) == 0);
        }
}

TEST("what is damaged says so, at once and again") {
        for (size_t k = 0; k < ELEMENTSOF(kinds); k++) {
                _cleanup_(expander_freep) Expander *expander = expander_new(kinds[k]);
                _cleanup_buffer_ Buffer text = { 0 }, packed = { 0 }, out = { 0 };

                make_text(&text);
                pack(kinds[k], &text, &packed);
                memset(packed.data + packed.size / 2, 0xff, 64);
                CHECK_NUMBER(expand(expander, packed.data, packed.size, 4096, &out), EXPANDER_BROKEN);
                CHECK(out.size < text.size);
                CHECK_NUMBER(expand(expander, packed.data, packed.size, 4096, &out), EXPANDER_BROKEN);
        }
}

TEST("what stands behind the last gzip member is not looked at") {
        _cleanup_(expander_freep) Expander *expander = expander_new(COMPRESSION_GZIP);
        _cleanup_buffer_ Buffer text = { 0 }, packed = { 0 }, out = { 0 };

        make_text(&text);
        pack_gzip(&text, &packed);
        buffer_append(&packed, "\0\0\0\0", 4);
        CHECK_NUMBER(expand(expander, packed.data, packed.size, 4096, &out), EXPANDER_ENDED);
        CHECK(expander_is_whole(expander));
        CHECK_NUMBER(out.size, text.size);
}

TEST("a Zstandard frame that wants more memory than is allowed is refused") {
        _cleanup_(expander_freep) Expander *expander = expander_new(COMPRESSION_ZSTD);
        _cleanup_buffer_ Buffer text = { 0 }, packed = { 0 }, out = { 0 };
        ZSTD_CCtx *compressor = ZSTD_createCCtx();
        ZSTD_inBuffer in;
        ZSTD_outBuffer to;

        make_text(&text);
        in = (ZSTD_inBuffer){ text.data, text.size, 0 };
        to = (ZSTD_outBuffer){ buffer_reserve(&packed, text.size + 1024), text.size + 1024, 0 };
        (void) ZSTD_CCtx_setParameter(compressor, ZSTD_c_windowLog, EXPANDER_WINDOW_LOG_MAX + 1);
        while (ZSTD_compressStream2(compressor, &to, &in, ZSTD_e_continue) != 0 && in.pos < in.size)
                ;
        CHECK_NUMBER(ZSTD_compressStream2(compressor, &to, &in, ZSTD_e_end), 0);
        ZSTD_freeCCtx(compressor);
        CHECK_NUMBER(expand(expander, packed.data, to.pos, 4096, &out), EXPANDER_BROKEN);
        CHECK_NUMBER(out.size, 0);
}

TESTS_END
