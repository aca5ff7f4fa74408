/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text that message_matches() looks for, made here for those above the store. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct SearchText SearchText;

/** search_needle_new() - @text: UTF-8; prepared once for all messages (search/search-text.h) */
SearchText *search_needle_new(const char *text, size_t size);
SearchText *search_needle_free(SearchText *needle);

/** search_needle_in_fields() - it occurs in a field of that name of some header lines */
bool search_needle_in_fields(const SearchText *needle, const char *lines, size_t size,
                             const char *field);
