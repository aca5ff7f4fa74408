/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text a SEARCH looks for, prepared once for all messages.
 *
 * Compared as i;unicode-casemap does (RFC 5051): titlecase and decomposition, so that case does
 * not matter and accents do. A run of white space equals one space.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/memory.h"

typedef struct CharsetPool CharsetPool;
typedef struct SearchText SearchText;

enum { SEARCH_TEXT_OCTETS_MAX = 64 * 1024 };

/**
 * search_text_new() - @text: UTF-8; broken octets match nothing
 *
 * Of a longer one than SEARCH_TEXT_OCTETS_MAX the rest is ignored.
 */
SearchText *search_text_new(const char *text, size_t size);
SearchText *search_text_free(SearchText *needle);
DEFINE_CLEANUP(SearchText *, search_text_free);

/** search_text_is_empty() - it occurs everywhere */
_pure_ bool search_text_is_empty(const SearchText *needle);

/** search_text_charsets() - decoders that stay open as long as somebody looks for this text */
CharsetPool *search_text_charsets(const SearchText *needle);

/* One run of text that streams through; zero but for the needle at its start. */
typedef struct SearchScan {
        const SearchText *needle; /* borrowed */
        size_t n_matched;         /* octets of the folded needle */
        bool after_space;
        bool found;
        char held[4]; /* a character that is not complete yet */
        size_t n_held;
} SearchScan;

/** search_scan_init() - start at the first octet of a text; nothing matches over its ends */
void search_scan_init(SearchScan *scan, const SearchText *needle);

/** search_scan_feed() - the next octets of UTF-8. Return: true when it has been found. Linear */
bool search_scan_feed(SearchScan *scan, const char *text, size_t size);

/** search_text_in() - the needle occurs in this text */
bool search_text_in(const SearchText *needle, const char *text, size_t size);
