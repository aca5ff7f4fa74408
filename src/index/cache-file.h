/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file of the cache, mapped for reading. */
#pragma once

#include <sys/types.h>

#include "basic/bus-error.h"
#include "index/cache-pages.h"
#include "index/cache-value.h"
#include "index/cache-write.h"

typedef struct CacheFile {
        void *map;   /* owned; NULL when there is no such file */
        size_t size;
        ino_t inode;
        size_t n_looks, window; /* the part that was brought in last */
        BusErrorRange watched;
        CachePages pages;
        struct {
                CacheTree tree;
                int is_there; /* CACHE_DONE, CACHE_MISSING, CACHE_BROKEN */
        } trees[_CACHE_KIND_MAX];
} CacheFile;

#define CACHE_FILE_CLOSED ((CacheFile){ 0 })

/* Which state of which file it was. */
typedef struct CacheFileState {
        ino_t inode;
        uint64_t transaction;
} CacheFileState;

/**
 * cache_file_open() - map a file
 * @ret_file:  stays where it is until cache_file_close(), also when it is broken
 *
 * Return: CACHE_DONE, CACHE_MISSING (also when it may not be read), CACHE_BROKEN.
 */
[[nodiscard]] int cache_file_open(CacheFile *ret_file, int dir_fd, const char *name);
void cache_file_close(CacheFile *file);

/** cache_file_get() - Return: CACHE_DONE, CACHE_MISSING, CACHE_BROKEN */
[[nodiscard]] int cache_file_get(CacheFile *file, CacheKind kind, CacheKey key, Buffer *target);

/** cache_file_has_moved_on() - somebody has written since it was opened */
bool cache_file_has_moved_on(const CacheFile *file);

CacheFileState cache_file_state(const CacheFile *file);
bool cache_file_is_state(const CacheFile *file, const CacheFileState *state);

/** cache_file_is_sound() - LMDB may be let near it to write a batch */
bool cache_file_is_sound(const CacheFile *file, const CacheBatch *batch);

/** cache_file_size() - octets that are used */
uint64_t cache_file_size(const CacheFile *file);
