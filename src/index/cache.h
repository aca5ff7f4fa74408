/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was worked out of messages once, for all mailboxes of an account: derived data only.
 *
 * It may be deleted or damaged at any time, also under a running session; it never fails, it
 * only knows less. Readers take no lock; who cannot have the writers' lock at once writes
 * nothing. Two files: when the current one has half of the allowed size it becomes the old one,
 * and what is still asked for is copied back.
 */
#pragma once

#include "index/cache-value.h"

typedef struct Cache Cache;

/* Octets gathered before they are written. */
enum { CACHE_BATCH_MAX = 1024 * 1024 };

typedef struct CachePlace {
        int parent_fd;           /* borrowed; directory that the cache's own directory is in */
        const char *parent_path; /* of the same: LMDB opens by path; copied */
        const char *name;        /* of the cache's directory; made at the first write; copied */
} CachePlace;

/** cache_new() - touches nothing yet. @size_max: octets of both files together */
Cache *cache_new(const CachePlace *place, uint64_t size_max);

/** cache_free() - cache_rest() first, or what waits is lost */
Cache *cache_free(Cache *cache);
DEFINE_CLEANUP(Cache *, cache_free);

/** cache_get() - append what is kept of a message; false when there is nothing */
[[nodiscard]] bool cache_get(Cache *cache, CacheKind kind, CacheKey key, Buffer *target);

/** cache_put() - keep something; written with much else, later. Too long values are not kept */
void cache_put(Cache *cache, CacheKind kind, CacheKey key, const void *data, size_t size);

/** cache_has_to_write() - something waits */
bool cache_has_to_write(const Cache *cache);

/** cache_rest() - write what waits and hold nothing open; the next cache_get() opens again */
void cache_rest(Cache *cache);
