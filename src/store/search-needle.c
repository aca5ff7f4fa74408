/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands out prepared texts, so that programs need not include search/. */
#include "store/search-needle.h"

#include "search/search-text.h"

SearchText *search_needle_new(const char *text, size_t size) {
        return search_text_new(text, size);
}

SearchText *search_needle_free(SearchText *needle) {
        return search_text_free(needle);
}
