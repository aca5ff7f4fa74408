/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first line is the needle, the rest the text: in one piece and octet by octet it is the same. */
#include <assert.h>

#include "search/search-text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        const char *text = (const char *) data;
        const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
        size_t needle_size = end ? (size_t) (end - text) : size;
        _cleanup_(search_text_freep) SearchText *needle = search_text_new(text, needle_size);
        const char *rest = text + needle_size;
        size_t rest_size = size - needle_size;
        SearchScan scan;

        search_scan_init(&scan, needle);
        for (size_t i = 0; i < rest_size; i++)
                search_scan_feed(&scan, rest + i, 1);
        assert(scan.found == search_text_in(needle, rest, rest_size));
        return 0;
}
