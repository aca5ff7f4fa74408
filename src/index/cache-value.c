/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Head of a value: checksum (8 octets), file size (8). */
#include "index/cache-value.h"

#include <endian.h>
#include <string.h>

#include "index/octets.h"

/* A new form of what is kept gets a new name; what has the old one ages out. */
static const char *const trees[_CACHE_KIND_MAX] = {
        [CACHE_ENVELOPE]      = "envelope1",
        [CACHE_BODY]          = "body1",
        [CACHE_BODYSTRUCTURE] = "bodystructure1",
        [CACHE_HEADER]        = "header1",
        [CACHE_SIZE]          = "size1",
        [CACHE_VALUES]        = "values1",
        [CACHE_PARTS]         = "parts1",
        [CACHE_PREVIEW]       = "preview1",
};

const char *cache_value_tree(CacheKind kind) {
        return trees[kind];
}

static uint64_t mix(uint64_t lane, uint64_t word) {
        lane = (lane ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        return lane ^ lane >> 29;
}

static uint64_t word_at(const char *data) {
        uint64_t word;

        memcpy(&word, data, sizeof(word));
        return le64toh(word);
}

/* CRC-32 of zlib takes longer than copying the value; this takes a tenth of that. Accidents are
 * to be found, not forgeries: whoever can write here owns the mail. */
static uint64_t checksum(CacheKind kind, CacheKey key, const char *data, size_t size) {
        uint64_t lanes[4] = { key.email_id, key.file_size, size, (uint64_t) kind };
        uint64_t sum = 0;
        char rest[32] = { 0 };

        for (; size >= sizeof(rest); data += sizeof(rest), size -= sizeof(rest))
                for (size_t i = 0; i < 4; i++)
                        lanes[i] = mix(lanes[i], word_at(data + 8 * i));
        if (size > 0)
                memcpy(rest, data, size);
        for (size_t i = 0; i < 4; i++) {
                lanes[i] = mix(lanes[i], word_at(rest + 8 * i));
                sum = mix(sum, lanes[i]);
        }
        return mix(sum, 0);
}

void cache_value_encode(CacheKind kind, CacheKey key, const void *data, size_t size,
                        Buffer *target) {
        octets_put(target, checksum(kind, key, data, size), 8);
        octets_put(target, key.file_size, 8);
        buffer_append(target, data, size);
}

CacheValueFound cache_value_decode(CacheKind kind, CacheKey key, const void *data, size_t size,
                                   Buffer *target) {
        const char *value = data;
        uint64_t sum;
        char *copy;

        if (size < CACHE_VALUE_HEAD || size > CACHE_VALUE_HEAD + CACHE_VALUE_MAX)
                return CACHE_VALUE_BROKEN;
        sum = word_at(value);
        if (word_at(value + 8) != key.file_size)
                return CACHE_VALUE_OTHER;
        size -= CACHE_VALUE_HEAD;
        copy = buffer_reserve(target, size);
        memcpy(copy, value + CACHE_VALUE_HEAD, size);
        if (checksum(kind, key, copy, size) != sum)
                return CACHE_VALUE_BROKEN;
        buffer_commit(target, size);
        return CACHE_VALUE_GOOD;
}
