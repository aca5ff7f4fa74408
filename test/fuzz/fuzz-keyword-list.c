/* SPDX-License-Identifier: GPL-3.0-or-later */
/* courierimapkeywords/:list and an update file: names are legal, numbers in range, entries in order. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "maildir/keyword-list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const KeywordList *list) {
        for (size_t i = 0; i < list->n_entries; i++) {
                if (i > 0 && strcmp(list->entries[i - 1].base, list->entries[i].base) >= 0)
                        abort();
                for (size_t k = 0; k < list->entries[i].n_numbers; k++)
                        if (list->entries[i].numbers[k] >= list->names.n_names)
                                abort();
                if (keyword_list_find(list, list->entries[i].base) != &list->entries[i])
                        abort();
        }
        for (size_t i = 0; i < list->names.n_names; i++)
                if (list->names.names[i][strcspn(list->names.names[i], " (){%*\"\\]\n\r\t")] != '\0')
                        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_keyword_list_ KeywordList list = { 0 };
        size_t half = size / 2;

        keyword_list_parse((const char *) data, size, &list);
        check(&list);
        keyword_list_set(&list, "1.a", (const char *) data, half);
        keyword_list_set(&list, "0", (const char *) data + half, size - half);
        check(&list);
        return 0;
}
