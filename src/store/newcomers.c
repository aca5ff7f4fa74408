/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that the index does not know yet, in the order in which they will be numbered. */
#include "maildir/message-name.h"
#include "store/scan.h"

void newcomers_done(Newcomers *newcomers) {
        free(newcomers->list);
        buffer_done(&newcomers->names);
        *newcomers = (Newcomers){ 0 };
}

void newcomers_add(Newcomers *newcomers, const char *name, DirectoryKind kind) {
        size_t offset = newcomers->names.size, size = strlen(name) + 1;

        if (newcomers->n == INDEX_RECORDS_MAX)
                return; /* the index takes no more either */
        buffer_append(&newcomers->names, name, size);
        while (newcomers->names.size % NEWCOMER_ALIGNMENT != 0)
                buffer_append_char(&newcomers->names, '\0');
        GROW(newcomers->list, newcomers->n, newcomers->n_allocated);
        newcomers->list[newcomers->n++] = (Newcomer){
                .number = message_name_number(name),
                .offset = (uint32_t) (offset / NEWCOMER_ALIGNMENT),
                .kind_unknown = kind == DIRECTORY_KIND_UNKNOWN,
        };
}

static int compare(const void *a, const void *b, void *userdata) {
        const Newcomers *newcomers = userdata;
        const Newcomer *left = a, *right = b;

        if ((left->uid == 0) != (right->uid == 0))
                return left->uid == 0 ? 1 : -1;
        if (left->uid != right->uid)
                return left->uid < right->uid ? -1 : 1;
        if (left->is_second != right->is_second)
                return left->is_second ? 1 : -1;
        if (left->number != right->number)
                return left->number < right->number ? -1 : 1;
        return message_name_compare(newcomer_name(newcomers, left),
                                    newcomer_name(newcomers, right));
}

void newcomers_sort(Newcomers *newcomers) {
        if (newcomers->n > 0)
                qsort_r(newcomers->list, newcomers->n, sizeof(Newcomer), compare, newcomers);
}
