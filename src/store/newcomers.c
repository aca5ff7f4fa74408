/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gathering and sorting files that the index does not know yet. */
#include "store/newcomers.h"

#include "index/index-table.h"
#include "maildir/message-name.h"
#include "store/newcomer-runs.h"

void newcomers_done(Newcomers *newcomers) {
        region_done(&newcomers->keys);
        region_done(&newcomers->names);
        newcomers->runs = newcomer_runs_free(newcomers->runs);
        *newcomers = (Newcomers){ 0 };
}

int newcomer_compare(const Newcomer *left, const Newcomer *right) {
        const NewcomerKey *a = &left->key, *b = &right->key;

        if ((a->uid == 0) != (b->uid == 0))
                return a->uid == 0 ? 1 : -1;
        if (a->uid != b->uid)
                return a->uid < b->uid ? -1 : 1;
        if (a->number != b->number)
                return a->number < b->number ? -1 : 1;
        return message_name_compare(left->name, right->name);
}

static Newcomer at(const char *names, const NewcomerKey *key) {
        return (Newcomer){ .key = *key, .name = names + key->offset };
}

static void swap(Region *a, Region *b) {
        Region kept = *a;

        *a = *b;
        *b = kept;
}

static NewcomerKey *keys_of(const Region *region) {
        return (NewcomerKey *) (void *) region->data;
}

static bool is_behind(const char *names, const NewcomerKey *a, const NewcomerKey *b) {
        Newcomer left = at(names, a), right = at(names, b);

        return newcomer_compare(&left, &right) > 0;
}

/* Two sorted neighbours, from low and from middle on, become one at the same place in target. */
static void merge(const char *names, const NewcomerKey *source, size_t low, size_t middle,
                  size_t high, NewcomerKey *target) {
        for (size_t left = low, right = middle, to = low; to < high; to++) {
                bool from_right = left == middle ||
                                  (right < high && is_behind(names, &source[left],
                                                             &source[right]));

                target[to] = from_right ? source[right++] : source[left++];
        }
}

/* qsort() would take its room from the heap, page by page. */
static void sort(Newcomers *newcomers) {
        size_t n = newcomers->n_list;
        Region spare = { 0 };

        region_reserve(&spare, n * sizeof(NewcomerKey), NULL);
        for (size_t width = 1; width < n; width *= 2) {
                for (size_t low = 0; low < n; low += 2 * width)
                        merge(newcomers->names.data, keys_of(&newcomers->keys), low,
                              MIN(low + width, n), MIN(low + 2 * width, n), keys_of(&spare));
                swap(&newcomers->keys, &spare);
        }
        newcomers->keys.size = n * sizeof(NewcomerKey);
        region_done(&spare);
}

/* Where there is no room for the file, memory has to do. */
static void end_run(Newcomers *newcomers) {
        sort(newcomers);
        if (!newcomers->runs)
                newcomers->runs = newcomer_runs_new(*newcomers->spill_dir);
        if (!newcomers->runs || !newcomer_runs_add(newcomers->runs, keys_of(&newcomers->keys),
                                                   newcomers->n_list, newcomers->names.data)) {
                newcomers->spill_dir = NULL;
                return;
        }
        newcomers->n_list = newcomers->names.size = 0;
}

/* Few take no more than they need; many, as many as they may become, which costs nothing yet. */
static void reserve(Newcomers *newcomers, size_t names_size) {
        size_t keys_size = (newcomers->n_list + 1) * sizeof(NewcomerKey);
        bool many = names_size > NEWCOMERS_FEW_OCTETS && newcomers->spill_dir;

        if (names_size > newcomers->names.n_room)
                region_reserve(&newcomers->names, many ? NEWCOMERS_RUN_OCTETS
                                                       : MAX(names_size, 1024), NULL);
        if (keys_size > newcomers->keys.n_room)
                region_reserve(&newcomers->keys, many ? NEWCOMERS_RUN_OCTETS / 2
                                                      : MAX(keys_size, 256), NULL);
}

static bool is_run_full(const Newcomers *newcomers) {
        return newcomers->names.size + 2 * newcomers->n_list * sizeof(NewcomerKey) >=
               NEWCOMERS_RUN_OCTETS;
}

void newcomers_add(Newcomers *newcomers, const char *name, uint32_t uid, DirectoryKind kind) {
        size_t offset = newcomers->names.size, size = strlen(name) + 1;

        if (newcomers->n == INDEX_RECORDS_MAX || offset > INT32_MAX - size)
                return; /* the index takes no more either; or the next scan finds them */
        reserve(newcomers, offset + size);
        memcpy(newcomers->names.data + offset, name, size);
        newcomers->names.size += size;
        keys_of(&newcomers->keys)[newcomers->n_list++] = (NewcomerKey){
                .number = message_name_number(name), .uid = uid, .offset = (uint32_t) offset,
                .kind_unknown = kind == DIRECTORY_KIND_UNKNOWN,
        };
        newcomers->keys.size = newcomers->n_list * sizeof(NewcomerKey);
        newcomers->n++;
        newcomers->names_size += size;
        if (newcomers->spill_dir && is_run_full(newcomers))
                end_run(newcomers);
}

static Newcomer first_of_list(Newcomers *newcomers) {
        if (!newcomers->is_sorted)
                sort(newcomers);
        newcomers->is_sorted = true;
        return newcomers->n_taken < newcomers->n_list
                       ? at(newcomers->names.data, &keys_of(&newcomers->keys)[newcomers->n_taken])
                       : (Newcomer){ 0 };
}

int newcomers_take(Newcomers *newcomers, Newcomer *ret_newcomer) {
        Newcomer ours, first = { 0 };
        int r = newcomers->was_of_runs ? newcomer_runs_drop_first(newcomers->runs) : 0;

        newcomers->was_of_runs = false;
        if (r == 0 && newcomers->runs)
                r = newcomer_runs_first(newcomers->runs, &first);
        if (r < 0)
                return r;
        ours = first_of_list(newcomers);
        newcomers->was_of_runs = first.name &&
                                 (!ours.name || newcomer_compare(&first, &ours) < 0);
        *ret_newcomer = newcomers->was_of_runs ? first : ours;
        newcomers->n_taken += ours.name && !newcomers->was_of_runs;
        return 0;
}
