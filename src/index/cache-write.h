/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values to be added to a cache file, and the LMDB transaction that adds them. */
#pragma once

#include "basic/buffer.h"
#include "index/cache-value.h"

typedef struct CacheEntry {
        CacheKind kind;
        uint64_t email_id;
        size_t offset, size; /* of the encoded value in the octets */
} CacheEntry;

/* What waits to be written. */
typedef struct CacheBatch {
        CacheEntry *entries; /* owned */
        size_t n_entries, n_allocated;
        Buffer octets;
} CacheBatch;

void cache_batch_add(CacheBatch *batch, CacheKind kind, CacheKey key, const void *data,
                     size_t size);

/** cache_batch_done() - forget what waits, and give the memory back */
void cache_batch_done(CacheBatch *batch);

/** cache_key_octets() - the key as it is in the file: in order of numbers */
void cache_key_octets(uint64_t email_id, unsigned char ret_key[8]);

typedef enum CacheWritten {
        CACHE_WRITTEN,
        CACHE_WRITE_FULL,     /* more than size_max */
        CACHE_WRITE_NO_SPACE, /* the disk is full, or a quota */
        CACHE_WRITE_FAILED,   /* forbidden, or an error of the machine: *ret_error */
        CACHE_WRITE_BROKEN,   /* the file is damaged */
} CacheWritten;

/**
 * cache_write() - add a batch in one transaction; values of the same key are replaced
 * @path:      created if it is not there; what its transaction touches has been checked
 * @size_max:  octets that the file may grow to
 *
 * The caller has the lock. Nothing is synced: after a crash the file is sound, or recognised
 * as damaged. Memory of a few times the batch's is taken and given back.
 */
CacheWritten cache_write(const char *path, size_t size_max, const CacheBatch *batch,
                         int *ret_error);
