/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LF → CRLF while octets stream through; existing CRLF stays as it is. Blocks are vectors of
 * the compiler: whatever the processor has for them, and plain code where it has nothing.
 */
#include "mime/wire.h"

#include <endian.h>
#include <string.h>

#include "basic/memory.h"

enum {
        BLOCK_OCTETS = 16,
        COUNT_OCTETS = 64, /* a loop of known length, which compilers turn into vectors */
};

typedef unsigned char Block __attribute__((__vector_size__(BLOCK_OCTETS)));
typedef uint64_t Words __attribute__((__vector_size__(BLOCK_OCTETS)));

/* Which octet of the block is the first LF; BLOCK_OCTETS when there is none. */
static inline unsigned first_line_feed(Block block) {
        Words found = (Words) (block == (unsigned char) '\n');

        if (found[0] != 0)
                return (unsigned) __builtin_ctzll(le64toh(found[0])) / 8;
        if (found[1] != 0)
                return 8 + (unsigned) __builtin_ctzll(le64toh(found[1])) / 8;
        return BLOCK_OCTETS;
}

/* Copies a block without its NULs; returns how many octets come before its first LF. */
static inline unsigned copy_block(const char *data, char *target) {
        Block block, shown;

        memcpy(&block, data, sizeof(block));
        shown = block | ((Block) (block == 0) & 0x80);
        memcpy(target, &shown, sizeof(shown));
        return first_line_feed(block);
}

static inline char *put_line_end(char *target, bool has_cr) {
        *target = '\r';
        target += !has_cr;
        *target = '\n';
        return target + 1;
}

void wire_convert(WireConverter *converter, const char *data, size_t size, Buffer *out) {
        const char *at = data, *end;
        char *start, *target;

        if (size == 0)
                return;
        end = data + size;
        start = target = buffer_reserve(out, 2 * size + BLOCK_OCTETS);
        while (end - at >= BLOCK_OCTETS) {
                unsigned plain = copy_block(at, target);

                at += plain;
                target += plain;
                if (plain < BLOCK_OCTETS) {
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
                        *target++ = *at != '\0' ? *at : (char) 0x80;
        }
        converter->after_cr = end[-1] == '\r';
        buffer_commit(out, (size_t) (target - start));
}

/* data[-1] must exist. */
static void count_block(const char *data, uint64_t *n_lf, uint64_t *n_crlf) {
        unsigned char lf = 0, crlf = 0;

        for (int i = 0; i < COUNT_OCTETS; i++) {
                unsigned char is_lf = data[i] == '\n', is_behind_cr = data[i - 1] == '\r';

                lf = (unsigned char) (lf + is_lf);
                crlf = (unsigned char) (crlf + (is_lf & is_behind_cr));
        }
        *n_lf += lf;
        *n_crlf += crlf;
}

uint64_t wire_count(WireConverter *converter, const char *data, size_t size, uint64_t *n_lines) {
        uint64_t n_lf, n_crlf;
        size_t at = 1;

        if (size == 0)
                return 0;
        n_lf = data[0] == '\n';
        n_crlf = n_lf && converter->after_cr;
        for (; size - at >= COUNT_OCTETS; at += COUNT_OCTETS)
                count_block(data + at, &n_lf, &n_crlf);
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
