/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshot and log on disk, seen by several. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "index-text.h"
#include "index/index.h"
#include "index/journal.h"
#include "index/snapshot.h"

typedef struct Fixture {
        char path[64];
        int fd;
} Fixture;

static void fixture_init(Fixture *fixture) {
        log_set_max_level(LOG_CRIT);
        *fixture = (Fixture){ .path = "/tmp/test-index-XXXXXX" };
        CHECK(mkdtemp(fixture->path) != NULL);
        fixture->fd = open(fixture->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void fixture_done(Fixture *fixture) {
        _cleanup_close_ int tmp = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        fixture->fd = fd_close(fixture->fd);
        CHECK_NUMBER(disk_remove_tree(tmp, strrchr(fixture->path, '/') + 1), DISK_DONE);
}

#define _cleanup_fixture_ _cleanup_(fixture_done)

static uint32_t change_add(Index *index, const char *base) {
        return index_change_add(index, &(IndexMessage){ .base = base });
}

/* An index with n messages, on disk. */
static Index *make_index(const Fixture *fixture, int n) {
        Index *index = index_new(fixture->fd, 7);
        char base[16];

        for (int i = 1; i <= n; i++) {
                (void) snprintf(base, sizeof(base), "%d.m", i);
                CHECK_NUMBER(change_add(index, base), i);
        }
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        return index;
}

static uint64_t log_size(const Fixture *fixture) {
        struct stat st;

        CHECK(fstatat(fixture->fd, JOURNAL_NAME, &st, 0) == 0);
        return (uint64_t) st.st_size;
}

TEST("an index is on disk after its first commit, and read again") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;

        fixture_init(&fixture);
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_MISSING);
        index = make_index(&fixture, 2);
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
        CHECK_TABLE(index_table(other), "1 2");
        CHECK_NUMBER(index_table(other)->facts.uidvalidity, 7);
        CHECK_NUMBER(index_table(other)->facts.uidnext, 3);
}

TEST("what one writes the other reads on") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;
        uint64_t word;
        size_t keyword;

        fixture_init(&fixture);
        index = make_index(&fixture, 2);
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
        CHECK(index_change_keyword(index, "work", &keyword));
        CHECK(index_change_keyword(index, "WORK", &keyword));
        word = UINT64_C(1) << keyword;
        index_change_flags(index, &(IndexMessage){ .record = { .uid = 1, .flags = 4 }, .words = &word, .n_words = 1 });
        index_change_expunge(index, 2);
        CHECK_NUMBER(change_add(index, "3.m"), 3);
        CHECK_TABLE(index_table(index), "1 2"); /* not yet */
        CHECK_NUMBER(index_commit(index, INDEX_SYNCED), INDEX_DONE);
        CHECK_TABLE(index_table(index), "1:4+work 2- 3");
        CHECK_NUMBER(index_pull(other), INDEX_DONE);
        CHECK_TABLE(index_table(other), "1:4+work! 2- 3");
        CHECK_NUMBER(index_table(other)->facts.highest_modseq, index_table(index)->facts.highest_modseq);
}

TEST("what was dropped was never there") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL;
        size_t keyword;

        fixture_init(&fixture);
        index = make_index(&fixture, 1);
        CHECK_NUMBER(change_add(index, "x"), 2);
        CHECK(index_change_keyword(index, "work", &keyword));
        index_change_drop(index);
        CHECK_NUMBER(change_add(index, "y"), 2);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        CHECK_TABLE(index_table(index), "1 2");
        CHECK_NUMBER(index_table(index)->n_keywords, 0);
}

TEST("a torn tail is ignored by readers and cut off by the next writer") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;
        uint64_t whole;

        fixture_init(&fixture);
        index = make_index(&fixture, 1);
        CHECK_NUMBER(change_add(index, "2.m"), 2);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        whole = log_size(&fixture);
        CHECK_NUMBER(change_add(index, "3.m"), 3);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        index = index_close(index);
        for (uint64_t size = log_size(&fixture) - 1; size > whole; size--) {
                _cleanup_close_ int fd = openat(fixture.fd, JOURNAL_NAME, O_WRONLY | O_CLOEXEC);

                CHECK(ftruncate(fd, (off_t) size) == 0);
                CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
                CHECK_TABLE(index_table(other), "1 2");
                CHECK(index_is_suspect(other));
                other = index_close(other);
        }
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
        CHECK_NUMBER(change_add(other, "4.m"), 3);
        CHECK_NUMBER(index_commit(other, 0), INDEX_DONE);
        CHECK(!index_is_suspect(other));
        CHECK_NUMBER(index_open(fixture.fd, &index), INDEX_DONE);
        CHECK_TABLE(index_table(index), "1 2 3");
        CHECK(!index_is_suspect(index));
}

TEST("a large log is folded, under the feet of readers and other writers") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;
        struct stat before, after;

        fixture_init(&fixture);
        index = make_index(&fixture, 3);
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
        CHECK(fstatat(fixture.fd, SNAPSHOT_NAME, &before, 0) == 0);
        for (unsigned i = 0; i < 3000; i++) {
                index_change_flags(index, &(IndexMessage){ .record = { .uid = 1, .flags = (uint16_t) (i & 1) } });
                CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        }
        index_change_expunge(index, 2);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        CHECK(fstatat(fixture.fd, SNAPSHOT_NAME, &after, 0) == 0);
        CHECK(before.st_ino != after.st_ino || before.st_mtim.tv_nsec != after.st_mtim.tv_nsec);
        CHECK(log_size(&fixture) < 70000);
        CHECK_NUMBER(index_pull(other), INDEX_DONE);
        CHECK_TABLE(index_table(other), "1:1! 2- 3");
        CHECK_NUMBER(change_add(other, "4.m"), 4);
        CHECK_NUMBER(index_commit(other, 0), INDEX_DONE);
        CHECK_NUMBER(index_pull(index), INDEX_DONE);
        CHECK_TABLE(index_table(index), "1:1 2- 3 4");
}

TEST("a snapshot whose log was not replaced yet contains it") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;
        _cleanup_close_ int old = -EBADF, new = -EBADF;
        _cleanup_table_ IndexTable table = { 0 };
        SnapshotFacts facts;

        fixture_init(&fixture);
        index = make_index(&fixture, 1);
        CHECK_NUMBER(change_add(index, "2.m"), 2);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        /* What a crash between the two renames of a fold leaves. */
        CHECK_NUMBER(disk_open(fixture.fd, SNAPSHOT_NAME, O_RDONLY, 0, &old), DISK_DONE);
        CHECK_NUMBER(load_snapshot(old, &table, &facts), SNAPSHOT_DONE);
        facts.generation++;
        CHECK_NUMBER(disk_open(fixture.fd, "x", O_RDWR | O_CREAT, 0644, &new), DISK_DONE);
        CHECK_NUMBER(snapshot_write(new, index_table(index), &facts), DISK_DONE);
        CHECK_NUMBER(disk_rename(fixture.fd, "x", fixture.fd, SNAPSHOT_NAME), DISK_DONE);

        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
        CHECK_TABLE(index_table(other), "1 2");
        CHECK_NUMBER(index_pull(index), INDEX_DONE);
        CHECK_NUMBER(change_add(index, "3.m"), 3);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        CHECK_NUMBER(index_pull(other), INDEX_DONE);
        CHECK_TABLE(index_table(other), "1 2 3");
}

TEST("a damaged snapshot is broken, another UIDVALIDITY replaces") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;

        fixture_init(&fixture);
        index = make_index(&fixture, 2);
        CHECK_NUMBER(disk_replace(&(DiskFile){ fixture.fd, "x", fixture.fd, SNAPSHOT_NAME, 0644, 0 }, "rubbish", 7), 0);
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_BROKEN);
        CHECK_NUMBER(index_pull(index), INDEX_REPLACED);
        other = index_new(fixture.fd, 8);
        CHECK_NUMBER(index_commit(other, 0), INDEX_DONE);
        CHECK_NUMBER(index_pull(index), INDEX_REPLACED);
}

TEST("a log that cannot be written changes nothing") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(index_closep) Index *index = NULL, *other = NULL;

        fixture_init(&fixture);
        index = make_index(&fixture, 1);
        index_keep_in_memory(index);
        CHECK_NUMBER(change_add(index, "2.m"), 2);
        CHECK_NUMBER(index_commit(index, 0), INDEX_DONE);
        CHECK_TABLE(index_table(index), "1 2");
        CHECK_NUMBER(index_open(fixture.fd, &other), INDEX_DONE);
        CHECK_TABLE(index_table(other), "1");
}

TESTS_END
