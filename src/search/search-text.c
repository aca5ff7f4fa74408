/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Substring search in folded text (RFC 5051; Knuth, Morris and Pratt), one octet after the other:
 * time is linear in the text and independent of what text and needle look like.
 */
#include "search/search-text.h"

#include <unistr.h>

#include "mime/casemap.h"
#include "mime/charset-pool.h"

/* Never part of folded text, so what is broken equals nothing. One for each side. */
enum { BROKEN_IN_NEEDLE = 0xfe, BROKEN_IN_TEXT = 0xff };

struct SearchText {
        unsigned char *folded; /* owned */
        size_t size;
        uint32_t *border; /* owned; of each prefix, its longest proper border */
        CharsetPool *charsets; /* owned */
};

static bool is_space(unsigned char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
}

static unsigned char fold_ascii(unsigned char c) {
        return c >= 'a' && c <= 'z' ? (unsigned char) (c - 32) : c;
}

static void append_folded(Buffer *target, const char *text, size_t size) {
        const uint8_t *at = (const uint8_t *) text;
        unsigned char octets[CASEMAP_OCTETS_MAX];

        while (size > 0) {
                ucs4_t character;
                int n = u8_mbtoucr(&character, at, size);

                if (n < 1) {
                        buffer_append_char(target, (char) BROKEN_IN_NEEDLE);
                        n = 1;
                } else if (character < 0x80 && !is_space(*at)) {
                        buffer_append_char(target, (char) fold_ascii(*at));
                } else if (character < 0x80) {
                        if (target->size == 0 || target->data[target->size - 1] != ' ')
                                buffer_append_char(target, ' ');
                } else {
                        buffer_append(target, octets, casemap_character(character, octets));
                }
                at += n;
                size -= (size_t) n;
        }
}

static void find_borders(SearchText *needle) {
        size_t border = 0;

        needle->border = make_array(uint32_t, needle->size);
        for (size_t i = 1; i < needle->size; i++) {
                while (border > 0 && needle->folded[i] != needle->folded[border])
                        border = needle->border[border - 1];
                if (needle->folded[i] == needle->folded[border])
                        border++;
                needle->border[i] = (uint32_t) border;
        }
}

SearchText *search_text_new(const char *text, size_t size) {
        SearchText *needle = make(SearchText, .charsets = make(CharsetPool, .next = 0));
        Buffer folded = { 0 };

        append_folded(&folded, text, MIN(size, (size_t) SEARCH_TEXT_OCTETS_MAX));
        needle->size = folded.size;
        needle->folded = (unsigned char *) buffer_take_text(&folded);
        find_borders(needle);
        return needle;
}

SearchText *search_text_free(SearchText *needle) {
        if (!needle)
                return NULL;
        free(needle->folded);
        free(needle->border);
        charset_pool_done(needle->charsets);
        free(needle->charsets);
        free(needle);
        return NULL;
}

CharsetPool *search_text_charsets(const SearchText *needle) {
        return needle->charsets;
}

bool search_text_is_empty(const SearchText *needle) {
        return needle->size == 0;
}

void search_scan_init(SearchScan *scan, const SearchText *needle) {
        *scan = (SearchScan){ .needle = needle, .found = needle->size == 0 };
}

static void step(SearchScan *scan, unsigned char folded) {
        const SearchText *needle = scan->needle;

        while (scan->n_matched > 0 && needle->folded[scan->n_matched] != folded)
                scan->n_matched = needle->border[scan->n_matched - 1];
        if (needle->folded[scan->n_matched] == folded)
                scan->n_matched++;
        if (scan->n_matched == needle->size)
                scan->found = true;
}

static void step_space(SearchScan *scan) {
        if (!scan->after_space)
                step(scan, ' ');
        scan->after_space = true;
}

static void step_character(SearchScan *scan, ucs4_t character) {
        unsigned char octets[CASEMAP_OCTETS_MAX];
        size_t size = casemap_character(character, octets);

        scan->after_space = false;
        for (size_t i = 0; i < size && !scan->found; i++)
                step(scan, octets[i]);
}

static void step_broken(SearchScan *scan) {
        scan->after_space = false;
        step(scan, BROKEN_IN_TEXT);
}

/* Completes the character of which scan->held has the start; octets of the text that it took. */
static size_t complete_held(SearchScan *scan, const char *text, size_t size) {
        size_t n_taken = 0;

        while (n_taken < size && scan->n_held < sizeof(scan->held)) {
                ucs4_t character;
                int n;

                scan->held[scan->n_held++] = text[n_taken++];
                n = u8_mbtoucr(&character, (const uint8_t *) scan->held, scan->n_held);
                if (n == -2)
                        continue;
                scan->n_held = 0;
                if (n > 0) {
                        step_character(scan, character);
                        return n_taken;
                }
                step_broken(scan);
                return n_taken - 1; /* the octet that broke it may begin something */
        }
        return n_taken;
}

bool search_scan_feed(SearchScan *scan, const char *text, size_t size) {
        size_t i = scan->n_held > 0 && !scan->found ? complete_held(scan, text, size) : 0;

        while (i < size && !scan->found) {
                unsigned char c = (unsigned char) text[i];
                ucs4_t character;
                int n;

                if (is_space(c)) {
                        step_space(scan);
                        i++;
                        continue;
                }
                if (c < 0x80) {
                        scan->after_space = false;
                        step(scan, fold_ascii(c));
                        i++;
                        continue;
                }
                n = u8_mbtoucr(&character, (const uint8_t *) text + i, size - i);
                if (n == -2) {
                        scan->n_held = size - i; /* at most three octets are an incomplete start */
                        memcpy(scan->held, text + i, scan->n_held);
                        break;
                }
                if (n > 0)
                        step_character(scan, character);
                else
                        step_broken(scan);
                i += n > 0 ? (size_t) n : 1;
        }
        return scan->found;
}

bool search_text_in(const SearchText *needle, const char *text, size_t size) {
        SearchScan scan;

        search_scan_init(&scan, needle);
        return search_scan_feed(&scan, text, size) || scan.found;
}
