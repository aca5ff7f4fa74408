/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mapping a cache file; a truncation under the map reads as zeros, which are no page. */
#include "index/cache-file.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "basic/disk.h"
#include "basic/fd.h"

enum {
        WINDOW_OCTETS = 1024 * 1024, /* brought in at once */
        SINGLE_LOOKS = 16,           /* so many messages are a few, more will be a list */
};

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* Linux 5.14 */
#endif

/*
 * Lists are read from one end to the other; a page fault for each run of pages costs more than
 * all the rest of a look-up. Who looks at one message needs no more than its pages.
 */
static void bring_in(CacheFile *file, const unsigned char *data) {
        size_t window = (size_t) (data - (const unsigned char *) file->map) / WINDOW_OCTETS;
        size_t start = window * WINDOW_OCTETS;

        if (file->n_looks <= SINGLE_LOOKS)
                file->n_looks++;
        else if (window != file->window) {
                file->window = window;
                (void) madvise((char *) file->map + start, MIN(WINDOW_OCTETS, file->size - start),
                               MADV_POPULATE_READ); /* older kernels cannot */
        }
}

static int map_file(CacheFile *file, int fd) {
        struct stat st;
        void *map;

        if (fstat(fd, &st) < 0)
                return CACHE_MISSING;
        file->inode = st.st_ino;
        if (!S_ISREG(st.st_mode))
                return CACHE_BROKEN;
        if (st.st_size == 0 || (uintmax_t) st.st_size > SIZE_MAX)
                return CACHE_MISSING;
        map = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED)
                return CACHE_MISSING;
        file->map = map;
        file->size = (size_t) st.st_size;
        file->window = SIZE_MAX;
        bus_error_watch(&file->watched, map, file->size);
        return cache_pages_open(map, file->size, &file->pages);
}

int cache_file_open(CacheFile *ret_file, int dir_fd, const char *name) {
        _cleanup_close_ int fd = -EBADF;
        int r;

        *ret_file = CACHE_FILE_CLOSED;
        /* Not blocking: somebody may have put a FIFO there. */
        if (disk_open(dir_fd, name, O_RDONLY | O_NONBLOCK, 0, &fd) != DISK_DONE)
                return CACHE_MISSING;
        r = map_file(ret_file, fd);
        for (CacheKind kind = 0; kind < _CACHE_KIND_MAX; kind++)
                ret_file->trees[kind].is_there =
                        r != CACHE_DONE ? CACHE_MISSING
                                        : cache_pages_tree(&ret_file->pages,
                                                           cache_value_tree(kind),
                                                           &ret_file->trees[kind].tree);
        return r;
}

void cache_file_close(CacheFile *file) {
        if (file->map) {
                bus_error_forget(&file->watched);
                (void) munmap(file->map, file->size); /* it is our map */
        }
        *file = CACHE_FILE_CLOSED;
        for (CacheKind kind = 0; kind < _CACHE_KIND_MAX; kind++)
                file->trees[kind].is_there = CACHE_MISSING;
}

int cache_file_get(CacheFile *file, CacheKind kind, CacheKey key, Buffer *target) {
        unsigned char octets[CACHE_KEY_OCTETS];
        const unsigned char *data;
        size_t size;
        int r = file->map ? file->trees[kind].is_there : CACHE_MISSING;

        if (r != CACHE_DONE)
                return r;
        cache_key_octets(key.email_id, octets);
        r = cache_tree_find(&file->trees[kind].tree, octets, &data, &size);
        if (r != CACHE_DONE)
                return r;
        bring_in(file, data);
        switch (cache_value_decode(kind, key, data, size, target)) {
        case CACHE_VALUE_GOOD:
                return CACHE_DONE;
        case CACHE_VALUE_OTHER:
                return CACHE_MISSING;
        default:
                return CACHE_BROKEN;
        }
}

bool cache_file_has_moved_on(const CacheFile *file) {
        return file->map && !bus_error_has_failed(&file->watched) &&
               cache_pages_have_moved_on(&file->pages);
}

CacheFileState cache_file_state(const CacheFile *file) {
        return (CacheFileState){ file->inode, file->pages.transaction };
}

bool cache_file_is_state(const CacheFile *file, const CacheFileState *state) {
        return file->inode == state->inode && file->pages.transaction == state->transaction;
}

bool cache_file_is_sound(const CacheFile *file, const CacheBatch *batch) {
        if (!cache_pages_are_sound(&file->pages))
                return false;
        for (size_t i = 0; i < batch->n_entries; i++) {
                const CacheEntry *entry = &batch->entries[i];
                unsigned char key[CACHE_KEY_OCTETS];
                int is_there = file->trees[entry->kind].is_there;

                cache_key_octets(entry->email_id, key);
                if (is_there == CACHE_BROKEN ||
                    (is_there == CACHE_DONE &&
                     !cache_tree_is_sound(&file->trees[entry->kind].tree, key)))
                        return false;
        }
        return !bus_error_has_failed(&file->watched);
}

uint64_t cache_file_size(const CacheFile *file) {
        return file->pages.n_pages * file->pages.page_size;
}
