/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed messages: no input crashes, and pieces give what the whole gives. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/buffer.h"
#include "maildir/expander.h"

enum { OUT_MAX = 1 << 20, ROOM = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expand(Compression compression, const char *data, size_t size, size_t piece, Buffer *out) {
        _cleanup_(expander_freep) Expander *expander = expander_new(compression);

        for (size_t at = 0; out->size < OUT_MAX;) {
                size_t n = MIN(piece, size - at), used, given;
                ExpanderOutcome outcome = expander_feed(expander, data + at, n, &used,
                                                        buffer_reserve(out, ROOM), ROOM, &given);

                if (used > n || given > ROOM)
                        abort();
                buffer_commit(out, given);
                at += used;
                if (outcome != EXPANDER_GOES_ON || (n == 0 && used == 0 && given == 0))
                        break;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_buffer_ Buffer whole = { 0 }, pieces = { 0 };
        Compression compression = compression_of((const char *) data, size);

        if (compression == COMPRESSION_NONE)
                return 0;
        expand(compression, (const char *) data, size, size, &whole);
        expand(compression, (const char *) data, size, data[size - 1] % 97 + 1, &pieces);
        /* Of what is damaged one may give a little more than the other. */
        if (memcmp(whole.data, pieces.data, MIN(whole.size, pieces.size)) != 0)
                abort();
        return 0;
}
