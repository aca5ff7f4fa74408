/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index/cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "harness.h"
#include "index/cache-pages.h"

enum { SIZE_MAX_OCTETS = 64 << 20, N_MESSAGES = 120 };

typedef struct Fixture {
        char path[64];
        int fd;
        Cache *cache;
} Fixture;

static void reopen(Fixture *fixture, uint64_t size_max) {
        CachePlace place = { fixture->fd, fixture->path, "cache" };

        fixture->cache = cache_free(fixture->cache);
        fixture->cache = cache_new(&place, size_max);
}

static void fixture_init(Fixture *fixture) {
        log_set_max_level(LOG_CRIT); /* the tests make what would be reported */
        *fixture = (Fixture){ .path = "/tmp/test-cache-XXXXXX" };
        CHECK(mkdtemp(fixture->path) != NULL);
        fixture->fd = open(fixture->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        reopen(fixture, SIZE_MAX_OCTETS);
}

static void fixture_done(Fixture *fixture) {
        _cleanup_close_ int tmp = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        fixture->cache = cache_free(fixture->cache);
        fixture->fd = fd_close(fixture->fd);
        CHECK_NUMBER(disk_remove_tree(tmp, strrchr(fixture->path, '/') + 1), DISK_DONE);
}

#define _cleanup_fixture_ _cleanup_(fixture_done)

static CacheKey key_of(uint64_t number) {
        return (CacheKey){ .email_id = number * 0x10000000001, .file_size = 1000 + number };
}

/* A value that says whose it is; some are so long that they take pages of their own. */
static void value_of(CacheKind kind, uint64_t number, Buffer *target) {
        buffer_clear(target);
        for (uint64_t i = 0; i < (number % 50 == 7 ? 900 : 6 + number % 9); i++)
                buffer_printf(target, "%d of %u; ", (int) kind, (unsigned) number);
}

static void put(Fixture *fixture, CacheKind kind, uint64_t number) {
        _cleanup_buffer_ Buffer value = { 0 };

        value_of(kind, number, &value);
        cache_put(fixture->cache, kind, key_of(number), value.data, value.size);
}

/* 1: it is there; 0: it is not; what is there is right. */
static int has(Fixture *fixture, CacheKind kind, uint64_t number) {
        _cleanup_buffer_ Buffer value = { 0 }, got = { 0 };

        value_of(kind, number, &value);
        buffer_append_text(&got, "before ");
        if (!cache_get(fixture->cache, kind, key_of(number), &got)) {
                CHECK_NUMBER(got.size, 7);
                return 0;
        }
        CHECK_NUMBER(got.size, 7 + value.size);
        CHECK(got.size == 7 + value.size && memcmp(got.data + 7, value.data, value.size) == 0);
        return 1;
}

static void put_all(Fixture *fixture) {
        for (uint64_t number = 1; number <= N_MESSAGES; number++)
                for (CacheKind kind = 0; kind < _CACHE_KIND_MAX; kind++)
                        put(fixture, kind, number);
        cache_rest(fixture->cache);
}

static int count_all(Fixture *fixture) {
        int n = 0;

        for (uint64_t number = 1; number <= N_MESSAGES; number++)
                for (CacheKind kind = 0; kind < _CACHE_KIND_MAX; kind++)
                        n += has(fixture, kind, number);
        return n;
}

static char *read_all(Fixture *fixture, size_t *ret_size) {
        _cleanup_close_ int fd = openat(fixture->fd, "cache/messages", O_RDONLY | O_CLOEXEC);
        char *data = NULL;

        CHECK_NUMBER(fd_read_file(fd, 64 << 20, &data, ret_size), 0);
        return data;
}

static void write_all(Fixture *fixture, const void *data, size_t size) {
        _cleanup_close_ int fd = -EBADF;

        (void) unlinkat(fixture->fd, "cache/messages", 0);
        (void) mkdirat(fixture->fd, "cache", 0700);
        fd = openat(fixture->fd, "cache/messages", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        CHECK_NUMBER(fd_write_all(fd, data, size), 0);
}

static off_t size_of(Fixture *fixture, const char *name) {
        struct stat st;

        return fstatat(fixture->fd, name, &st, 0) == 0 ? st.st_size : 0;
}

TEST("what is put is there for the next session, and for a session that is already there") {
        _cleanup_fixture_ Fixture fixture, other = { 0 };

        fixture_init(&fixture);
        fixture_init(&other);
        CHECK_NUMBER(has(&fixture, CACHE_ENVELOPE, 1), 0);
        put_all(&fixture);
        CHECK_NUMBER(count_all(&fixture), N_MESSAGES * _CACHE_KIND_MAX);
        reopen(&fixture, SIZE_MAX_OCTETS);
        CHECK_NUMBER(count_all(&fixture), N_MESSAGES * _CACHE_KIND_MAX);
}

TEST("a file of another size is another message") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_buffer_ Buffer got = { 0 };
        CacheKey key = key_of(1);

        fixture_init(&fixture);
        put(&fixture, CACHE_ENVELOPE, 1);
        cache_rest(fixture.cache);
        key.file_size++;
        CHECK(!cache_get(fixture.cache, CACHE_ENVELOPE, key, &got));
        CHECK(!cache_get(fixture.cache, CACHE_BODY, key_of(1), &got));
        CHECK(!cache_get(fixture.cache, CACHE_ENVELOPE, key_of(2), &got));
        CHECK_NUMBER(has(&fixture, CACHE_ENVELOPE, 1), 1);
}

TEST("the directory is its owner's only, and nothing is made before there is something to keep") {
        _cleanup_fixture_ Fixture fixture;
        struct stat st;

        fixture_init(&fixture);
        CHECK_NUMBER(has(&fixture, CACHE_ENVELOPE, 1), 0);
        cache_rest(fixture.cache);
        CHECK(fstatat(fixture.fd, "cache", &st, 0) < 0);
        put_all(&fixture);
        CHECK(fstatat(fixture.fd, "cache", &st, 0) == 0);
        CHECK_NUMBER(st.st_mode & 0777, 0700);
        CHECK(fstatat(fixture.fd, "cache/messages", &st, 0) == 0);
        CHECK_NUMBER(st.st_mode & 0777, 0600);
}

TEST("a value that is too long is not kept") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *data = make_array(char, CACHE_VALUE_MAX + 1);
        _cleanup_buffer_ Buffer got = { 0 };

        fixture_init(&fixture);
        cache_put(fixture.cache, CACHE_BODY, key_of(1), data, CACHE_VALUE_MAX);
        cache_put(fixture.cache, CACHE_BODY, key_of(2), data, CACHE_VALUE_MAX + 1);
        cache_rest(fixture.cache);
        CHECK(cache_get(fixture.cache, CACHE_BODY, key_of(1), &got));
        CHECK_NUMBER(got.size, CACHE_VALUE_MAX);
        CHECK(!cache_get(fixture.cache, CACHE_BODY, key_of(2), &got));
}

static uint64_t next_random(uint64_t *state) {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return *state >> 33;
}

/* Bits, octets that look like small numbers, whole runs; at the ends and in the middle. */
static void damage(char *data, size_t *size, uint64_t *random) {
        size_t n = 1 + next_random(random) % 12, at;

        for (size_t i = 0; i < n; i++) {
                /* Often where the metas, the trees and the list of free pages are. */
                at = next_random(random) % 4 == 0 ? next_random(random) % 200
                                                  : next_random(random) % *size;
                switch (next_random(random) % 8) {
                case 0:
                        data[at] = (char) next_random(random);
                        break;
                case 1:
                        memset(data + at, (int) next_random(random) % 3 - 1, MIN((size_t) 64, *size - at));
                        break;
                case 2: /* one page in place of another */
                        memmove(data + at / 4096 * 4096, data + next_random(random) % *size / 4096 * 4096,
                                4096);
                        break;
                case 3:
                        data[at / 4096 * 4096 + next_random(random) % 64] ^= (char) (1 << next_random(random) % 8);
                        break;
                default:
                        data[at] ^= (char) (1 << next_random(random) % 8);
                }
        }
        if (next_random(random) % 16 == 0)
                *size = next_random(random) % *size;
}

TEST("a file that was damaged anywhere answers right or not at all, and can be written again") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *sound = NULL, *data = NULL;
        uint64_t random = 42;
        size_t size;
        int n_damaged = 0;

        fixture_init(&fixture);
        put_all(&fixture);
        put_all(&fixture); /* again, so that there are free pages */
        sound = read_all(&fixture, &size);
        for (int round = 0; round < 25; round++) {
                size_t n = size;

                free(data);
                data = memory_copy(sound, size);
                damage(data, &n, &random);
                write_all(&fixture, data, n);
                reopen(&fixture, SIZE_MAX_OCTETS);
                n_damaged += count_all(&fixture) < N_MESSAGES * _CACHE_KIND_MAX;
                for (uint64_t number = 110; number <= 130; number++)
                        put(&fixture, (CacheKind) (number % _CACHE_KIND_MAX), number);
                cache_rest(fixture.cache);
                (void) count_all(&fixture);
                for (uint64_t number = 100; number <= 220; number++)
                        put(&fixture, (CacheKind) (number % _CACHE_KIND_MAX), number);
                cache_rest(fixture.cache);
                (void) count_all(&fixture);
        }
        CHECK(n_damaged > 8);
}

TEST("a file that is truncated while it is mapped ends nothing") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *path = NULL;

        fixture_init(&fixture);
        put_all(&fixture);
        CHECK_NUMBER(has(&fixture, CACHE_ENVELOPE, 1), 1);
        path = text_printf("%s/cache/messages", fixture.path);
        CHECK(truncate(path, 8192) == 0);
        CHECK(count_all(&fixture) < N_MESSAGES * _CACHE_KIND_MAX);
        cache_rest(fixture.cache);
        CHECK_NUMBER(count_all(&fixture), 0);
        put_all(&fixture);
        CHECK_NUMBER(count_all(&fixture), N_MESSAGES * _CACHE_KIND_MAX);
}

TEST("garbage is replaced; a directory or a FIFO in its place is left alone") {
        _cleanup_fixture_ Fixture fixture;
        struct stat st;

        fixture_init(&fixture);
        for (int kind = 0; kind < 5; kind++) {
                (void) unlinkat(fixture.fd, "cache/messages", 0);
                if (kind == 0)
                        write_all(&fixture, "garbage", 7);
                else if (kind == 1)
                        write_all(&fixture, "", 0);
                else if (kind == 2) {
                        _cleanup_free_ char *zeros = make_array(char, 100000);

                        write_all(&fixture, zeros, 100000);
                } else if (kind == 3)
                        CHECK(mkfifoat(fixture.fd, "cache/messages", 0600) == 0);
                else
                        CHECK(mkdirat(fixture.fd, "cache/messages", 0700) == 0);
                reopen(&fixture, SIZE_MAX_OCTETS);
                CHECK_NUMBER(count_all(&fixture), 0);
                put_all(&fixture);
                CHECK_NUMBER(count_all(&fixture), kind < 4 ? N_MESSAGES * _CACHE_KIND_MAX : 0);
        }
        CHECK(fstatat(fixture.fd, "cache/messages", &st, 0) == 0 && S_ISDIR(st.st_mode));
}

TEST("who cannot have the lock at once goes on, and writes later") {
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
        _cleanup_fixture_ Fixture fixture;
        _cleanup_close_ int fd = -EBADF;

        fixture_init(&fixture);
        put(&fixture, CACHE_BODY, 1);
        cache_rest(fixture.cache);
        fd = openat(fixture.fd, "cache/lock", O_RDWR | O_CLOEXEC);
        CHECK(fcntl(fd, F_OFD_SETLK, &lock) == 0);
        put(&fixture, CACHE_BODY, 2);
        cache_rest(fixture.cache);
        CHECK_NUMBER(has(&fixture, CACHE_BODY, 1), 1);
        CHECK_NUMBER(has(&fixture, CACHE_BODY, 2), 0);
        fd = fd_close(fd);
        cache_rest(fixture.cache);
        CHECK_NUMBER(has(&fixture, CACHE_BODY, 2), 1);
}

TEST("it stays below its size, and what is asked for stays longest") {
        enum { LIMIT = 8 << 20, OCTETS = 20000 };
        _cleanup_free_ char *data = make_array(char, OCTETS);
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        reopen(&fixture, LIMIT);
        put(&fixture, CACHE_ENVELOPE, 1);
        put(&fixture, CACHE_ENVELOPE, 2);
        cache_rest(fixture.cache);
        for (uint64_t number = 100; number < 1600; number++) { /* 30 MB */
                cache_put(fixture.cache, CACHE_BODY, key_of(number), data, OCTETS);
                if (number % 50 == 0) {
                        cache_rest(fixture.cache);
                        CHECK_NUMBER(has(&fixture, CACHE_ENVELOPE, 1), 1);
                }
        }
        cache_rest(fixture.cache);
        CHECK(size_of(&fixture, "cache/messages") > 0);
        CHECK(size_of(&fixture, "cache/messages.old") > 0);
        /* A batch more than half, each. */
        CHECK(size_of(&fixture, "cache/messages") + size_of(&fixture, "cache/messages.old") <
              LIMIT + 8 * CACHE_BATCH_MAX);
        CHECK_NUMBER(has(&fixture, CACHE_ENVELOPE, 2), 0);
}

TEST("a reader whose pages a writer has used again finds them in the newer state") {
        _cleanup_fixture_ Fixture fixture;
        Fixture other;

        fixture_init(&fixture);
        put_all(&fixture);
        other = fixture;
        other.cache = NULL;
        reopen(&other, SIZE_MAX_OCTETS);
        CHECK_NUMBER(has(&other, CACHE_ENVELOPE, 1), 1); /* and stays mapped */
        for (int i = 0; i < 5; i++)
                put_all(&fixture);
        CHECK(count_all(&other) > N_MESSAGES); /* never a wrong one */
        cache_rest(other.cache);
        CHECK_NUMBER(count_all(&other), N_MESSAGES * _CACHE_KIND_MAX);
        other.cache = cache_free(other.cache);
}

TESTS_END
