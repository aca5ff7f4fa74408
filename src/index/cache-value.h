/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One value of the message cache: a head that proves what it is, then the octets.
 *
 * The checksum covers key, kind and file size too, so that a value that ended up in the wrong
 * place, after a crash or a damaged page, is not taken for that of another message.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

/* What is kept of a message, each kind in a tree of its own so that a command reads few pages. */
typedef enum CacheKind {
        CACHE_ENVELOPE,      /* as a response has it */
        CACHE_BODY,
        CACHE_BODYSTRUCTURE,
        CACHE_HEADER,        /* header-block.h */
        CACHE_SIZE,          /* size on the wire: 8 octets, little-endian */
        CACHE_VALUES,        /* value-chunk.h, of many messages; its key is none of theirs */
        CACHE_PARTS,         /* mime/part-places.h */
        CACHE_PREVIEW,       /* as an IMAP string */
        _CACHE_KIND_MAX,
} CacheKind;

typedef struct CacheKey {
        uint64_t email_id;  /* of the message; its copies have the same */
        uint64_t file_size; /* octets of its file: another size is another message */
} CacheKey;

enum {
        CACHE_VALUE_HEAD = 16,
        CACHE_VALUE_MAX = 64 * 1024, /* octets; longer ones are not kept */
};

/** cache_value_tree() - the name of a kind's tree; it ends in the version of what is in it */
_const_ const char *cache_value_tree(CacheKind kind);

/** cache_value_encode() - append head and octets */
void cache_value_encode(CacheKind kind, CacheKey key, const void *data, size_t size,
                        Buffer *target);

typedef enum CacheValueFound {
        CACHE_VALUE_GOOD,
        CACHE_VALUE_OTHER,  /* of a file of another size */
        CACHE_VALUE_BROKEN,
} CacheValueFound;

/**
 * cache_value_decode() - append the octets of a value
 * @data:  may change while it is read; it is the copy that is checked
 */
CacheValueFound cache_value_decode(CacheKind kind, CacheKey key, const void *data, size_t size,
                                   Buffer *target);
