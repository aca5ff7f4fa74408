/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: copying, comparing in ASCII, reading numbers. Results are owned by the caller. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

/** text_dup(), text_dup_range(), text_printf() - new NUL-terminated text; never NULL */
[[nodiscard]] char *text_dup(const char *text);
[[nodiscard]] char *text_dup_range(const char *start, size_t size);
[[nodiscard]] char *text_printf(const char *format, ...) _printf_(1, 2);
[[nodiscard]] char *text_vprintf(const char *format, va_list args) _printf_(1, 0);

/** text_set() - replace *target by a copy of text (NULL allowed) and free the old value */
void text_set(char **target, const char *text);

/** text_equal() - equal, where NULL equals only NULL */
_pure_ bool text_equal(const char *a, const char *b);

/* ASCII case folding only; never the locale's. */
_pure_ bool text_equal_nocase(const char *a, const char *b);
_pure_ bool text_equal_nocase_range(const char *a, size_t a_size, const char *b);
_pure_ bool text_starts_with(const char *text, const char *prefix);
_pure_ bool text_starts_with_nocase(const char *text, const char *prefix);
_pure_ bool text_ends_with(const char *text, const char *suffix);
_const_ char char_to_lower(char c);
_const_ char char_to_upper(char c);
static inline bool char_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool char_is_alpha(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
static inline bool char_is_control(char c) { return (unsigned char) c < 0x20 || c == 0x7f; }
void text_to_lower(char *text);
void text_to_upper(char *text);

/** text_drop_suffix() - cut off one trailing c if there is one; true if so */
bool text_drop_suffix(char *text, char c);

/**
 * text_parse_u32(), text_parse_u64() - read a decimal number that fills the whole text
 *
 * Digits only, no sign, no blanks. Return: false when it is not one or does not fit.
 */
[[nodiscard]] bool text_parse_u32(const char *text, uint32_t *ret_number);
[[nodiscard]] bool text_parse_u64(const char *text, uint64_t *ret_number);

/** text_parse_u64_prefix() - read digits at the start; *ret_end points behind them */
[[nodiscard]] bool text_parse_u64_prefix(const char *text, const char **ret_end,
                                         uint64_t *ret_number);

/**
 * text_next_line() - go over lines: `while (text_next_line(&at, end, &line, &size)) …`
 * @ret_line:  without its LF, which the last line need not have
 */
bool text_next_line(const char **at, const char *end, const char **ret_line, size_t *ret_size);

/** text_is_utf8() - well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates */
_pure_ bool text_is_utf8(const char *text, size_t size);

/** text_for_log() - at most limit octets, control characters and broken UTF-8 shown as '?' */
[[nodiscard]] char *text_for_log(const char *text, size_t limit);
