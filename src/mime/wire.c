/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LF → CRLF while octets stream through; existing CRLF stays as it is. */
#include "mime/wire.h"

#include "basic/memory.h"
#include "basic/octet-block.h"

enum { COUNTED_BLOCKS_MAX = 255 }; /* counts of one octet cannot overflow */

/* What a NUL becomes. */
static unsigned char shown_nul(const WireConverter *converter) {
        return converter->keeps_nuls ? 0 : 0x80;
}

/* Copies a block; returns how many octets come before its first LF. */
static inline unsigned copy_block(const char *data, unsigned char nul, char *target) {
        OctetBlock block = octet_block_load(data);
        OctetBlock shown = block | ((OctetBlock) (block == 0) & nul);

        memcpy(target, &shown, sizeof(shown));
        return octet_block_first((OctetBlock) (block == '\n'));
}

static inline char *put_line_end(char *target, bool has_cr) {
        *target = '\r';
        target += !has_cr;
        *target = '\n';
        return target + 1;
}

void wire_convert(WireConverter *converter, const char *data, size_t size, Buffer *out) {
        unsigned char nul = shown_nul(converter);
        const char *at = data, *end;
        char *start, *target;

        if (size == 0)
                return;
        end = data + size;
        start = target = buffer_reserve(out, 2 * size + OCTET_BLOCK);
        while (end - at >= OCTET_BLOCK) {
                unsigned plain = copy_block(at, nul, target);

                at += plain;
                target += plain;
                if (plain < OCTET_BLOCK) {
                        target = put_line_end(target, at > data ? at[-1] == '\r'
                                                                : converter->after_cr);
                        at++;
                }
        }
        for (; at < end; at++) {
                if (*at == '\n')
                        target = put_line_end(target, at > data ? at[-1] == '\r'
                                                                : converter->after_cr);
                else
                        *target++ = *at != '\0' ? *at : (char) nul;
        }
        converter->after_cr = end[-1] == '\r';
        buffer_commit(out, (size_t) (target - start));
}

static unsigned add_up(OctetBlock counts) {
        unsigned sum = 0;

        for (int i = 0; i < OCTET_BLOCK; i++)
                sum += counts[i];
        return sum;
}

/* Counts in n_blocks, at most COUNTED_BLOCKS_MAX, from data on; data[-1] must exist. */
static void count_blocks(const char *data, size_t n_blocks, uint64_t *n_lf, uint64_t *n_crlf) {
        OctetBlock lf = { 0 }, crlf = { 0 };

        for (size_t i = 0; i < n_blocks; i++, data += OCTET_BLOCK) {
                OctetBlock is_lf = (OctetBlock) (octet_block_load(data) == '\n');
                OctetBlock is_behind_cr = (OctetBlock) (octet_block_load(data - 1) == '\r');

                lf -= is_lf; /* what is true is -1 */
                crlf -= is_lf & is_behind_cr;
        }
        *n_lf += add_up(lf);
        *n_crlf += add_up(crlf);
}

uint64_t wire_count(WireConverter *converter, const char *data, size_t size, uint64_t *n_lines) {
        uint64_t n_lf, n_crlf;
        size_t at = 1;

        if (size == 0)
                return 0;
        n_lf = data[0] == '\n';
        n_crlf = n_lf && converter->after_cr;
        while (size - at >= OCTET_BLOCK) {
                size_t n_blocks = MIN((size - at) / OCTET_BLOCK, (size_t) COUNTED_BLOCKS_MAX);

                count_blocks(data + at, n_blocks, &n_lf, &n_crlf);
                at += n_blocks * OCTET_BLOCK;
        }
        for (; at < size; at++) {
                n_lf += data[at] == '\n';
                n_crlf += data[at] == '\n' && data[at - 1] == '\r';
        }
        converter->after_cr = data[size - 1] == '\r';
        if (n_lines)
                *n_lines += n_lf;
        return size + n_lf - n_crlf;
}

/* All of the octets, of which it is known that they are not too many. */
static uint64_t give(WireConverter *converter, const char *data, size_t size, Buffer *out) {
        size_t before;

        if (!out)
                return wire_count(converter, data, size, NULL);
        before = out->size;
        wire_convert(converter, data, size, out);
        return out->size - before;
}

size_t wire_take(WireConverter *converter, const char *data, size_t size, uint64_t *left,
                 Buffer *out) {
        size_t done = 0;

        /* An octet becomes two at most, so half of what is left always fits. */
        while (done < size && *left > 1) {
                size_t n = (size_t) MIN((uint64_t) (size - done), *left / 2);

                *left -= give(converter, data + done, n, out);
                done += n;
        }
        if (done == size || *left == 0)
                return done;
        *left = 0;
        if (data[done] != '\n' || converter->after_cr) {
                (void) give(converter, data + done, 1, out); /* it is one octet */
                return done + 1;
        }
        if (out)
                buffer_append_char(out, '\r');
        converter->after_cr = true; /* what comes next is the LF alone */
        return done;
}
