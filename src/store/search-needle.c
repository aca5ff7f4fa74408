/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to search/ for those above the store. */
#include "store/search-needle.h"

#include "search/search-message.h"
#include "search/search-text.h"

SearchText *search_needle_new(const char *text, size_t size) {
        return search_text_new(text, size);
}

SearchText *search_needle_free(SearchText *needle) {
        return search_text_free(needle);
}

bool search_needle_in_fields(const SearchText *needle, const char *lines, size_t size,
                             const char *field) {
        return search_header(lines, size, field, needle);
}
