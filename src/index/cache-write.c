/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LMDB without its lock file: who may write is settled by ours, and readers need no lock
 * (cache-pages.h). An environment lives for one transaction, so that an idle session holds
 * neither memory nor a map of it.
 */
#include "index/cache-write.h"

#include <endian.h>
#include <errno.h>
#include <lmdb.h>
#include <string.h>
#include <sys/vfs.h>

#include "index/cache-guard.h"

void cache_key_octets(uint64_t email_id, unsigned char ret_key[8]) {
        email_id = htobe64(email_id);
        memcpy(ret_key, &email_id, sizeof(email_id));
}

void cache_batch_add(CacheBatch *batch, CacheKind kind, CacheKey key, const void *data,
                     size_t size) {
        size_t offset = batch->octets.size;

        cache_value_encode(kind, key, data, size, &batch->octets);
        GROW(batch->entries, batch->n_entries, batch->n_allocated);
        batch->entries[batch->n_entries++] = (CacheEntry){
                .kind = kind, .email_id = key.email_id, .offset = offset,
                .size = batch->octets.size - offset,
        };
}

void cache_batch_done(CacheBatch *batch) {
        free(batch->entries);
        buffer_done(&batch->octets);
        *batch = (CacheBatch){ 0 };
}

typedef struct Writing {
        const char *path;
        size_t size_max;
        const CacheBatch *batch;
        int result; /* of LMDB: 0, an errno or MDB_… */
} Writing;

static void on_assertion(MDB_env *env, const char *text) {
        (void) env, (void) text; /* the file is damaged, whatever it was that showed it */
        cache_guard_break_off();
}

static int put_all(MDB_txn *txn, const CacheBatch *batch) {
        MDB_dbi trees[_CACHE_KIND_MAX];
        bool is_open[_CACHE_KIND_MAX] = { false };

        for (size_t i = 0; i < batch->n_entries; i++) {
                const CacheEntry *entry = &batch->entries[i];
                MDB_dbi *tree = &trees[entry->kind];
                unsigned char octets[8];
                MDB_val key = { sizeof(octets), octets };
                MDB_val value = { entry->size, batch->octets.data + entry->offset };
                int r = 0;

                if (!is_open[entry->kind])
                        r = mdb_dbi_open(txn, cache_value_tree(entry->kind), MDB_CREATE, tree);
                is_open[entry->kind] = r == 0;
                cache_key_octets(entry->email_id, octets);
                if (r == 0)
                        r = mdb_put(txn, *tree, &key, &value, 0);
                if (r != 0)
                        return r;
        }
        return 0;
}

static int transact(MDB_env *env, const CacheBatch *batch) {
        MDB_txn *txn;
        int r = mdb_txn_begin(env, NULL, 0, &txn);

        if (r != 0)
                return r;
        r = put_all(txn, batch);
        if (r == 0)
                return mdb_txn_commit(txn);
        mdb_txn_abort(txn);
        return r;
}

static int open_env(const Writing *writing, MDB_env *env) {
        int r = mdb_env_set_assert(env, on_assertion);

        if (r == 0)
                r = mdb_env_set_mapsize(env, writing->size_max);
        if (r == 0)
                r = mdb_env_set_maxdbs(env, _CACHE_KIND_MAX);
        if (r == 0)
                r = mdb_env_open(env, writing->path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0600);
        return r;
}

static void run(void *userdata) {
        Writing *writing = userdata;
        MDB_env *env;

        writing->result = mdb_env_create(&env);
        if (writing->result != 0)
                return;
        writing->result = open_env(writing, env);
        if (writing->result == 0)
                writing->result = transact(env, writing->batch);
        mdb_env_close(env);
}

/* A write of which the disk took only some is EIO for LMDB, as if the disk were broken. */
static bool has_no_room(const Writing *writing) {
        struct statfs fs;

        return statfs(writing->path, &fs) == 0 &&
               (uint64_t) fs.f_bavail * (uint64_t) fs.f_bsize < writing->batch->octets.size;
}

static CacheWritten outcome_of(const Writing *writing, int *ret_error) {
        int result = writing->result;

        if (result == EIO && has_no_room(writing))
                return CACHE_WRITE_NO_SPACE;
        switch (result) {
        case 0:
                return CACHE_WRITTEN;
        case MDB_MAP_FULL:
                return CACHE_WRITE_FULL;
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
                return CACHE_WRITE_NO_SPACE;
        default:
                *ret_error = result;
                return result > 0 ? CACHE_WRITE_FAILED : CACHE_WRITE_BROKEN;
        }
}

CacheWritten cache_write(const char *path, size_t size_max, const CacheBatch *batch,
                         int *ret_error) {
        Writing writing = { .path = path, .size_max = size_max, .batch = batch };

        if (!cache_guard_run(run, &writing))
                return CACHE_WRITE_BROKEN;
        return outcome_of(&writing, ret_error);
}
