/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in ASCII and UTF-8, without the locale. */
#include "basic/text.h"

#include <stdio.h>

char *text_dup(const char *text) {
        return memory_copy(text, strlen(text) + 1);
}

char *text_dup_range(const char *start, size_t size) {
        char *copy = make_array(char, size + 1);

        if (size > 0)
                memcpy(copy, start, size);
        return copy;
}

char *text_vprintf(const char *format, va_list args) {
        char *text = NULL;

        if (vasprintf(&text, format, args) < 0)
                return memory_copy("", 1);
        return text;
}

char *text_printf(const char *format, ...) {
        va_list args;
        char *text;

        va_start(args, format);
        text = text_vprintf(format, args);
        va_end(args);
        return text;
}

void text_set(char **target, const char *text) {
        char *copy = text ? text_dup(text) : NULL;

        free(*target);
        *target = copy;
}

bool text_equal(const char *a, const char *b) {
        if (!a || !b)
                return a == b;
        return strcmp(a, b) == 0;
}

char char_to_lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
}

char char_to_upper(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
}

bool text_equal_nocase_range(const char *a, size_t a_size, const char *b) {
        for (size_t i = 0; i < a_size; i++)
                if (b[i] == '\0' || char_to_lower(a[i]) != char_to_lower(b[i]))
                        return false;
        return b[a_size] == '\0';
}

bool text_equal_nocase(const char *a, const char *b) {
        return text_equal_nocase_range(a, strlen(a), b);
}

bool text_starts_with(const char *text, const char *prefix) {
        return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_starts_with_nocase(const char *text, const char *prefix) {
        for (; *prefix; text++, prefix++)
                if (char_to_lower(*text) != char_to_lower(*prefix))
                        return false;
        return true;
}

bool text_ends_with(const char *text, const char *suffix) {
        size_t text_size = strlen(text), suffix_size = strlen(suffix);

        return text_size >= suffix_size && strcmp(text + text_size - suffix_size, suffix) == 0;
}

void text_to_lower(char *text) {
        for (; *text; text++)
                *text = char_to_lower(*text);
}

void text_to_upper(char *text) {
        for (; *text; text++)
                *text = char_to_upper(*text);
}

bool text_drop_suffix(char *text, char c) {
        size_t size = strlen(text);

        if (size == 0 || text[size - 1] != c)
                return false;
        text[size - 1] = '\0';
        return true;
}

bool text_parse_u64_prefix(const char *text, const char **ret_end, uint64_t *ret_number) {
        uint64_t number = 0;

        if (!char_is_digit(*text))
                return false;
        for (; char_is_digit(*text); text++) {
                if (__builtin_mul_overflow(number, 10, &number) ||
                    __builtin_add_overflow(number, (uint64_t) (*text - '0'), &number))
                        return false;
        }
        *ret_end = text;
        *ret_number = number;
        return true;
}

bool text_parse_u64(const char *text, uint64_t *ret_number) {
        const char *end;
        uint64_t number;

        if (!text_parse_u64_prefix(text, &end, &number) || *end != '\0')
                return false;
        *ret_number = number;
        return true;
}

bool text_parse_u32(const char *text, uint32_t *ret_number) {
        uint64_t number;

        if (!text_parse_u64(text, &number) || number > UINT32_MAX)
                return false;
        *ret_number = (uint32_t) number;
        return true;
}

/* Octets of the sequence that starts at `at`, 0 when it is malformed (RFC 3629, section 4). */
static size_t utf8_sequence(const unsigned char *at, size_t left) {
        size_t n;

        if (at[0] < 0x80)
                return 1;
        if (at[0] >= 0xc2 && at[0] <= 0xdf)
                n = 2;
        else if (at[0] >= 0xe0 && at[0] <= 0xef)
                n = 3;
        else if (at[0] >= 0xf0 && at[0] <= 0xf4)
                n = 4;
        else
                return 0;
        if (left < n)
                return 0;
        for (size_t i = 1; i < n; i++)
                if ((at[i] & 0xc0) != 0x80)
                        return 0;
        if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
            (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
                return 0;
        return n;
}

bool text_next_line(const char **at, const char *end, const char **ret_line, size_t *ret_size) {
        const char *line_feed;

        if (*at >= end)
                return false;
        line_feed = memchr(*at, '\n', (size_t) (end - *at));
        *ret_line = *at;
        *ret_size = (size_t) ((line_feed ? line_feed : end) - *at);
        *at = line_feed ? line_feed + 1 : end;
        return true;
}

bool text_is_utf8(const char *text, size_t size) {
        const unsigned char *at = (const unsigned char *) text;

        while (size > 0) {
                size_t n = utf8_sequence(at, size);

                if (n == 0)
                        return false;
                at += n;
                size -= n;
        }
        return true;
}

char *text_for_log(const char *text, size_t limit) {
        const unsigned char *at = (const unsigned char *) text;
        size_t left = strlen(text), used = 0;
        char *shown = make_array(char, MIN(left, limit) + 1);

        while (left > 0 && used < limit) {
                size_t n = utf8_sequence(at, left);

                if (n == 0 || char_is_control((char) *at)) {
                        shown[used++] = '?';
                        n = 1;
                } else if (used + n > limit) {
                        break;
                } else {
                        memcpy(shown + used, at, n);
                        used += n;
                }
                at += n;
                left -= n;
        }
        return shown;
}
