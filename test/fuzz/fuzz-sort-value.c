/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any header has a value for every field, and ranks are in order. */
#include <assert.h>
#include <stdint.h>

#include "imapd/sort-value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        Buffer texts[_SORT_FIELD_MAX] = { 0 };
        SortValue values[_SORT_FIELD_MAX];
        uint32_t ranks[_SORT_FIELD_MAX], rows[_SORT_FIELD_MAX];
        _cleanup_arena_ Arena arena = { 0 };

        for (unsigned i = 0; i < _SORT_FIELD_MAX; i++) {
                if (sort_field_header((SortField) i) && i != SORT_DATE)
                        sort_field_append((SortField) i, (const char *) data, size, &texts[i]);
                values[i] = sort_value_text(texts[i].data, texts[i].size, &arena);
                values[i].row = rows[i] = i;
        }
        sort_rank(values, _SORT_FIELD_MAX, ranks);
        sort_order_by(rows, _SORT_FIELD_MAX, ranks, false);
        for (unsigned i = 1; i < _SORT_FIELD_MAX; i++)
                assert(ranks[rows[i - 1]] <= ranks[rows[i]]);
        for (unsigned i = 0; i < _SORT_FIELD_MAX; i++)
                buffer_done(&texts[i]);
        return 0;
}
