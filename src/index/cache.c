/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two files of a cache, mapped while somebody asks, written when somebody rests. */
#include "index/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <string.h>

#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/message-id.h"
#include "basic/text.h"
#include "index/cache-file.h"
#include "index/cache-write.h"

static const char current_name[] = "messages", old_name[] = "messages.old", lock_name[] = "lock";

struct Cache {
        int parent_fd;  /* borrowed */
        char *path;     /* owned; of the directory */
        char *name;     /* owned; of the directory in its parent */
        char *files[2]; /* owned; current and old in the parent */
        char *lock;     /* owned */
        uint64_t size_max;

        CacheFile mapped[2]; /* current and old, while somebody asks */
        bool is_mapped;
        CacheFileState broken; /* of the current file, when a look-up found it damaged */
        bool is_broken;
        CacheBatch batch;
        bool writes; /* false: could not, which was reported; not tried again */
};

Cache *cache_new(const CachePlace *place, uint64_t size_max) {
        return make(Cache, .parent_fd = place->parent_fd, .name = text_dup(place->name),
                    .path = text_printf("%s/%s", place->parent_path, place->name),
                    .files = { text_printf("%s/%s", place->name, current_name),
                               text_printf("%s/%s", place->name, old_name) },
                    .lock = text_printf("%s/%s", place->name, lock_name),
                    .size_max = size_max, .writes = true);
}

static void unmap(Cache *cache) {
        for (size_t i = 0; i < ELEMENTSOF(cache->mapped); i++)
                cache_file_close(&cache->mapped[i]);
        cache->is_mapped = false;
}

Cache *cache_free(Cache *cache) {
        if (!cache)
                return NULL;
        unmap(cache);
        cache_batch_done(&cache->batch);
        for (size_t i = 0; i < ELEMENTSOF(cache->files); i++)
                free(cache->files[i]);
        free(cache->lock);
        free(cache->name);
        free(cache->path);
        free(cache);
        return NULL;
}

/* Reports once what ends the writing for this session. */
static void stop_writing(Cache *cache, int level, const char *why) {
        log_report(level, "Message cache '%s' %s, going without.", cache->path, why);
        cache->writes = false;
        cache_batch_done(&cache->batch);
}

static void note_broken(Cache *cache) {
        cache->broken = cache_file_state(&cache->mapped[0]);
        cache->is_broken = true;
}

static void map(Cache *cache) {
        for (size_t i = 0; i < ELEMENTSOF(cache->mapped); i++)
                if (cache_file_open(&cache->mapped[i], cache->parent_fd, cache->files[i]) ==
                            CACHE_BROKEN && i == 0)
                        note_broken(cache);
        cache->is_mapped = true;
}

/* A writer may have used the pages again meanwhile: then what is there now has the answer. */
static int look(Cache *cache, size_t number, CacheKind kind, CacheKey key, Buffer *target) {
        CacheFile *file = &cache->mapped[number];
        int r = cache_file_get(file, kind, key, target);

        if (r == CACHE_DONE)
                return r;
        if (cache_file_has_moved_on(file)) {
                cache_file_close(file);
                r = cache_file_open(file, cache->parent_fd, cache->files[number]);
                if (r == CACHE_DONE)
                        r = cache_file_get(file, kind, key, target);
        }
        if (r == CACHE_BROKEN) {
                if (number == 0)
                        note_broken(cache);
                cache_file_close(file); /* no more of it until the next command */
        }
        return r;
}

bool cache_get(Cache *cache, CacheKind kind, CacheKey key, Buffer *target) {
        size_t start = target->size;

        if (!cache->is_mapped)
                map(cache);
        if (look(cache, 0, kind, key, target) == CACHE_DONE)
                return true;
        if (look(cache, 1, kind, key, target) != CACHE_DONE)
                return false;
        cache_put(cache, kind, key, target->data + start, target->size - start);
        return true;
}

/* Return: DISK_DONE with the lock, DISK_BUSY when somebody else has it. */
static int try_lock(Cache *cache, int *ret_fd) {
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
        _cleanup_close_ int fd = -EBADF;
        int r = disk_open(cache->parent_fd, cache->lock, O_RDWR | O_CREAT, 0600, &fd);

        if (r == DISK_MISSING) {
                r = disk_make_directory(cache->parent_fd, cache->name, 0700);
                if (r == DISK_DONE || r == DISK_EXISTS)
                        r = disk_open(cache->parent_fd, cache->lock, O_RDWR | O_CREAT, 0600, &fd);
        }
        if (r != DISK_DONE)
                return r;
        if (fcntl(fd, F_OFD_SETLK, &lock) < 0)
                return errno == EAGAIN || errno == EACCES ? DISK_BUSY
                                                          : disk_outcome(errno, "lock",
                                                                         cache->lock);
        *ret_fd = TAKE_FD(fd);
        return DISK_DONE;
}

static bool is_sound(const Cache *cache, const CacheFile *file) {
        return !(cache->is_broken && cache_file_is_state(file, &cache->broken)) &&
               cache_file_is_sound(file, &cache->batch);
}

/* Under the lock: what can be written to, or nothing, is there afterwards. */
static int make_ready(Cache *cache) {
        _cleanup_(cache_file_close) CacheFile file = CACHE_FILE_CLOSED;
        int r = cache_file_open(&file, cache->parent_fd, cache->files[0]);

        if (r == CACHE_BROKEN || (r == CACHE_DONE && !is_sound(cache, &file))) {
                log_report_id(LOG_WARNING, MESSAGE_ID_CACHE_DAMAGED,
                              "Message cache '%s' is damaged, starting a new one.", cache->path);
                (void) disk_unlink(cache->parent_fd, cache->files[1]); /* may not be there */
                r = disk_unlink(cache->parent_fd, cache->files[0]);
        } else if (r == CACHE_DONE && cache_file_size(&file) >= cache->size_max / 2)
                r = disk_rename(cache->parent_fd, cache->files[0], cache->parent_fd,
                                cache->files[1]);
        else
                return DISK_DONE;
        cache->is_broken = false;
        return r == DISK_MISSING ? DISK_DONE : r;
}

static void write_batch(Cache *cache) {
        _cleanup_free_ char *path = text_printf("%s/%s", cache->path, current_name);
        int error = 0;

        /* Twice the half: one batch more than the half must fit. */
        switch (cache_write(path, (size_t) cache->size_max + 16 * CACHE_BATCH_MAX, &cache->batch,
                            &error)) {
        case CACHE_WRITTEN:
                break;
        case CACHE_WRITE_FULL:
                stop_writing(cache, LOG_WARNING, "is larger than it should be");
                break;
        case CACHE_WRITE_NO_SPACE:
                stop_writing(cache, LOG_WARNING, "has no room on the disk");
                break;
        case CACHE_WRITE_FAILED:
                (void) failed(-error, "write message cache '%s'", cache->path);
                stop_writing(cache, LOG_WARNING, "cannot be written");
                break;
        case CACHE_WRITE_BROKEN:
                (void) disk_unlink(cache->parent_fd, cache->files[0]); /* or bypassed for ever */
                stop_writing(cache, LOG_WARNING, "was damaged while it was written");
                break;
        }
}

/* What is left waiting for somebody else's lock is written next time, or not at all. */
static void flush(Cache *cache) {
        _cleanup_close_ int lock_fd = -EBADF;
        int r = try_lock(cache, &lock_fd);

        if (r == DISK_DONE)
                r = make_ready(cache);
        if (r == DISK_BUSY) {
                if (cache->batch.octets.size >= CACHE_BATCH_MAX)
                        cache_batch_done(&cache->batch);
                return;
        }
        if (r == DISK_DONE)
                write_batch(cache);
        else
                stop_writing(cache, r == DISK_FORBIDDEN ? LOG_INFO : LOG_WARNING,
                             "cannot be written");
        cache_batch_done(&cache->batch);
        unmap(cache);
}

void cache_put(Cache *cache, CacheKind kind, CacheKey key, const void *data, size_t size) {
        if (!cache->writes || size > CACHE_VALUE_MAX)
                return;
        cache_batch_add(&cache->batch, kind, key, data, size);
        if (cache->batch.octets.size >= CACHE_BATCH_MAX)
                flush(cache);
}

bool cache_has_to_write(const Cache *cache) {
        return cache->writes && (cache->batch.n_entries > 0 || cache->is_broken);
}

void cache_rest(Cache *cache) {
        bool writes = cache_has_to_write(cache);

        if (writes)
                flush(cache);
        unmap(cache);
        if (writes)
                (void) malloc_trim(0); /* it says whether it could */
}
