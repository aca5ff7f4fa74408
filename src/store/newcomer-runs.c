/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sorted runs in a file: each a row of keys, each followed by its name. They are read a piece at a
 * time, so that memory is needed for a piece of each, and merged through a heap.
 */
#include "store/newcomer-runs.h"

#include <errno.h>

#include "basic/buffer.h"
#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "index/region.h"

enum { PIECE_OCTETS = 32 * 1024, ITEM_OCTETS_MAX = sizeof(NewcomerKey) + 256 };

typedef struct Run {
        uint64_t at, end; /* of the file: what is still to be read */
        char *piece;      /* owned */
        size_t taken, n_piece;
        Newcomer first;   /* of those that are left */
} Run;

struct NewcomerRuns {
        int fd;        /* owned */
        uint64_t size; /* of the file */
        Run *runs;     /* owned; those with something left, once merging a heap */
        size_t n_runs, n_allocated;
        bool is_merging;
};

NewcomerRuns *newcomer_runs_new(int dir_fd) {
        int fd = region_open_spill(dir_fd);

        return fd < 0 ? NULL : make(NewcomerRuns, .fd = fd);
}

NewcomerRuns *newcomer_runs_free(NewcomerRuns *runs) {
        if (!runs)
                return NULL;
        for (size_t i = 0; i < runs->n_runs; i++)
                free(runs->runs[i].piece);
        free(runs->runs);
        (void) fd_close(runs->fd);
        free(runs);
        return NULL;
}

bool newcomer_runs_add(NewcomerRuns *runs, const NewcomerKey *list, size_t n, const char *names) {
        _cleanup_buffer_ Buffer octets = { 0 };
        uint64_t start = runs->size;

        for (size_t i = 0; i < n; i++) {
                NewcomerKey key = list[i];
                const char *name = names + key.offset;

                key.offset = (uint32_t) strlen(name) + 1;
                buffer_append(&octets, &key, sizeof(key));
                buffer_append(&octets, name, key.offset);
                if (octets.size < PIECE_OCTETS && i + 1 < n)
                        continue;
                if (disk_write(runs->fd, octets.data, octets.size, "newcomers") != DISK_DONE)
                        return false;
                runs->size += octets.size;
                buffer_clear(&octets);
        }
        GROW(runs->runs, runs->n_runs, runs->n_allocated);
        runs->runs[runs->n_runs++] = (Run){ .at = start, .end = runs->size };
        return true;
}

static int fill(const NewcomerRuns *runs, Run *run) {
        size_t left = run->n_piece - run->taken, wanted, n;
        int r;

        if (!run->piece)
                run->piece = memory_new(1, PIECE_OCTETS);
        memmove(run->piece, run->piece + run->taken, left);
        wanted = (size_t) MIN((uint64_t) PIECE_OCTETS - left, run->end - run->at);
        r = fd_read_at(runs->fd, run->at, run->piece + left, wanted, &n);
        if (r < 0 || n < wanted)
                return failed(r < 0 ? r : -EIO, "read newcomers");
        run->at += n;
        run->n_piece = left + n;
        run->taken = 0;
        return 0;
}

/* The next one of a run becomes its first; none is left when it has no name. */
static int advance(const NewcomerRuns *runs, Run *run) {
        run->first = (Newcomer){ 0 };
        if (run->n_piece - run->taken < ITEM_OCTETS_MAX && run->at < run->end) {
                int r = fill(runs, run);

                if (r < 0)
                        return r;
        }
        if (run->taken == run->n_piece)
                return 0;
        memcpy(&run->first.key, run->piece + run->taken, sizeof(NewcomerKey));
        run->taken += sizeof(NewcomerKey);
        run->first.name = run->piece + run->taken;
        run->taken += run->first.key.offset;
        return 0;
}

static void swap(Run *a, Run *b) {
        Run kept = *a;

        *a = *b;
        *b = kept;
}

static void sift_down(NewcomerRuns *runs, size_t i) {
        for (size_t child; (child = 2 * i + 1) < runs->n_runs; i = child) {
                Run *items = runs->runs;

                if (child + 1 < runs->n_runs &&
                    newcomer_compare(&items[child + 1].first, &items[child].first) < 0)
                        child++;
                if (newcomer_compare(&items[i].first, &items[child].first) <= 0)
                        return;
                swap(&items[i], &items[child]);
        }
}

/* No run is empty at first. */
static int start_merging(NewcomerRuns *runs) {
        for (size_t i = 0; i < runs->n_runs; i++) {
                int r = advance(runs, &runs->runs[i]);

                if (r < 0)
                        return r;
        }
        for (size_t i = runs->n_runs / 2; i-- > 0;)
                sift_down(runs, i);
        runs->is_merging = true;
        return 0;
}

int newcomer_runs_first(NewcomerRuns *runs, Newcomer *ret_newcomer) {
        int r = runs->is_merging ? 0 : start_merging(runs);

        if (r < 0)
                return r;
        *ret_newcomer = runs->n_runs > 0 ? runs->runs[0].first : (Newcomer){ 0 };
        return 0;
}

int newcomer_runs_drop_first(NewcomerRuns *runs) {
        int r = advance(runs, &runs->runs[0]);

        if (r < 0)
                return r;
        if (!runs->runs[0].first.name) {
                swap(&runs->runs[0], &runs->runs[--runs->n_runs]);
                free(TAKE_PTR(runs->runs[runs->n_runs].piece));
        }
        sift_down(runs, 0);
        return 0;
}
