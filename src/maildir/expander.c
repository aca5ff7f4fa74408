/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zlib and libzstd behind one door. */
#include "maildir/expander.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { GZIP_WINDOW_BITS = 16 + MAX_WBITS }; /* gzip's header, not zlib's */

struct Expander {
        Compression compression;
        z_stream gzip;
        ZSTD_DStream *zstd; /* owned; NULL for gzip */
        bool is_whole;
        bool is_broken;
};

Compression compression_of(const char *data, size_t size) {
        if (size >= 3 && memcmp(data, "\x1f\x8b\x08", 3) == 0)
                return COMPRESSION_GZIP;
        if (size >= 4 && memcmp(data, "\x28\xb5\x2f\xfd", 4) == 0)
                return COMPRESSION_ZSTD;
        return COMPRESSION_NONE;
}

static bool start_zstd(Expander *expander) {
        expander->zstd = ZSTD_createDStream();
        return expander->zstd &&
               !ZSTD_isError(ZSTD_DCtx_setParameter(expander->zstd, ZSTD_d_windowLogMax,
                                                    EXPANDER_WINDOW_LOG_MAX));
}

Expander *expander_new(Compression compression) {
        Expander *expander = make(Expander, .compression = compression);

        if (compression == COMPRESSION_GZIP)
                expander->is_broken = inflateInit2(&expander->gzip, GZIP_WINDOW_BITS) != Z_OK;
        else
                expander->is_broken = !start_zstd(expander);
        return expander;
}

Expander *expander_free(Expander *expander) {
        if (!expander)
                return NULL;
        if (expander->compression == COMPRESSION_GZIP)
                (void) inflateEnd(&expander->gzip); /* one that never started is refused */
        (void) ZSTD_freeDStream(expander->zstd); /* NULL is allowed */
        free(expander);
        return NULL;
}

bool expander_is_whole(const Expander *expander) {
        return expander->is_whole;
}

/* Behind a member comes another, or whatever programs pad files with. */
static bool begins_member(Expander *expander, char first) {
        if (first != '\x1f')
                return false;
        expander->is_whole = false;
        expander->is_broken = inflateReset(&expander->gzip) != Z_OK;
        return true;
}

static ExpanderOutcome feed_gzip(Expander *expander, const char *data, size_t size,
                                 size_t *ret_used, char *target, size_t room, size_t *ret_given) {
        uInt n_in = (uInt) MIN(size, (size_t) INT_MAX), n_out = (uInt) MIN(room, (size_t) INT_MAX);
        int r;

        if (expander->is_whole && size > 0 && !begins_member(expander, *data))
                return EXPANDER_ENDED;
        if (expander->is_whole)
                return EXPANDER_GOES_ON;
        expander->gzip.next_in = (Bytef *) data; /* zlib does not write to it */
        expander->gzip.avail_in = n_in;
        expander->gzip.next_out = (Bytef *) target;
        expander->gzip.avail_out = n_out;
        r = inflate(&expander->gzip, Z_NO_FLUSH);
        *ret_used = n_in - expander->gzip.avail_in;
        *ret_given = n_out - expander->gzip.avail_out;
        expander->is_whole = r == Z_STREAM_END;
        if (r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR) /* the last: nothing to do */
                return EXPANDER_GOES_ON;
        expander->is_broken = true;
        return EXPANDER_BROKEN;
}

static ExpanderOutcome feed_zstd(Expander *expander, const char *data, size_t size,
                                 size_t *ret_used, char *target, size_t room, size_t *ret_given) {
        ZSTD_inBuffer in = { data, size, 0 };
        ZSTD_outBuffer out = { target, room, 0 };
        size_t r;

        if (expander->is_whole && size == 0)
                return EXPANDER_GOES_ON;
        r = ZSTD_decompressStream(expander->zstd, &out, &in);
        *ret_used = in.pos;
        *ret_given = out.pos;
        expander->is_whole = r == 0;
        expander->is_broken = ZSTD_isError(r);
        return expander->is_broken ? EXPANDER_BROKEN : EXPANDER_GOES_ON;
}

ExpanderOutcome expander_feed(Expander *expander, const char *data, size_t size, size_t *ret_used,
                              char *target, size_t room, size_t *ret_given) {
        *ret_used = *ret_given = 0;
        if (expander->is_broken)
                return EXPANDER_BROKEN;
        return expander->compression == COMPRESSION_GZIP
                       ? feed_gzip(expander, data, size, ret_used, target, room, ret_given)
                       : feed_zstd(expander, data, size, ret_used, target, room, ret_given);
}
