/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sixteen octets at a time: vectors of the compiler, which become whatever the processor has for
 * them, and plain code where it has nothing.
 */
#pragma once

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { OCTET_BLOCK = 16 };

typedef unsigned char OctetBlock __attribute__((__vector_size__(OCTET_BLOCK)));
typedef uint64_t OctetBlockWords __attribute__((__vector_size__(OCTET_BLOCK)));

static inline OctetBlock octet_block_load(const char *data) {
        OctetBlock block;

        memcpy(&block, data, sizeof(block));
        return block;
}

/** octet_block_first() - the first octet that is not 0 in what a comparison gave, or OCTET_BLOCK */
static inline unsigned octet_block_first(OctetBlock found) {
        OctetBlockWords words = (OctetBlockWords) found;

        if (words[0] != 0)
                return (unsigned) __builtin_ctzll(le64toh(words[0])) / 8;
        if (words[1] != 0)
                return 8 + (unsigned) __builtin_ctzll(le64toh(words[1])) / 8;
        return OCTET_BLOCK;
}
