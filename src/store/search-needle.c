/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to search/ for those above the store. */
#include "store/search-needle.h"

#include "search/search-text.h"

SearchText *search_needle_new(const char *text, size_t size) {
        return search_text_new(text, size);
}

SearchText *search_needle_free(SearchText *needle) {
        return search_text_free(needle);
}
