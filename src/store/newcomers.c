/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gathering and sorting files that the index does not know yet. */
#include "store/newcomers.h"

#include "index/index-table.h"
#include "maildir/message-name.h"
#include "store/newcomer-runs.h"

void newcomers_done(Newcomers *newcomers) {
        free(newcomers->list);
        buffer_done(&newcomers->names);
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

static int compare_keys(const void *a, const void *b, void *names) {
        Newcomer left = at(names, a), right = at(names, b);

        return newcomer_compare(&left, &right);
}

static void sort(Newcomers *newcomers) {
        if (newcomers->n_list > 0)
                qsort_r(newcomers->list, newcomers->n_list, sizeof(NewcomerKey), compare_keys,
                        newcomers->names.data);
}

/* Where there is no room for the file, memory has to do. */
static void end_run(Newcomers *newcomers) {
        sort(newcomers);
        if (!newcomers->runs)
                newcomers->runs = newcomer_runs_new(*newcomers->spill_dir);
        if (!newcomers->runs || !newcomer_runs_add(newcomers->runs, newcomers->list,
                                                   newcomers->n_list, newcomers->names.data)) {
                newcomers->spill_dir = NULL;
                return;
        }
        newcomers->n_list = 0;
        buffer_clear(&newcomers->names);
}

void newcomers_add(Newcomers *newcomers, const char *name, uint32_t uid, DirectoryKind kind) {
        size_t offset = newcomers->names.size, size = strlen(name) + 1;

        if (newcomers->n == INDEX_RECORDS_MAX || offset > INT32_MAX - size)
                return; /* the index takes no more either; or the next scan finds them */
        buffer_append(&newcomers->names, name, size);
        GROW(newcomers->list, newcomers->n_list, newcomers->n_allocated);
        newcomers->list[newcomers->n_list++] = (NewcomerKey){
                .number = message_name_number(name), .uid = uid, .offset = (uint32_t) offset,
                .kind_unknown = kind == DIRECTORY_KIND_UNKNOWN,
        };
        newcomers->n++;
        if (newcomers->names.size >= NEWCOMERS_RUN_OCTETS && newcomers->spill_dir)
                end_run(newcomers);
}

static Newcomer first_of_list(Newcomers *newcomers) {
        if (!newcomers->is_sorted)
                sort(newcomers);
        newcomers->is_sorted = true;
        return newcomers->n_taken < newcomers->n_list
                       ? at(newcomers->names.data, &newcomers->list[newcomers->n_taken])
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
