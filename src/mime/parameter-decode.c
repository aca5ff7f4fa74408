/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameter values as text (RFC 2231, section 4). */
#include <string.h>

#include "basic/buffer.h"
#include "basic/text.h"
#include "mime/charset.h"
#include "mime/encoded-word.h"
#include "mime/parameter.h"

static int hex_digit(char c) {
        c = char_to_lower(c);
        return char_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* charset'language'text with %XX */
static void decode_extended(const char *value, Buffer *target) {
        _cleanup_buffer_ Buffer octets = { 0 };
        _cleanup_free_ char *charset = NULL;
        const char *first = strchr(value, '\''), *second = first ? strchr(first + 1, '\'') : NULL;

        if (second) {
                charset = text_dup_range(value, (size_t) (first - value));
                value = second + 1;
        }
        for (; *value; value++) {
                int high = *value == '%' ? hex_digit(value[1]) : -1;
                int low = high >= 0 ? hex_digit(value[2]) : -1;

                buffer_append_char(&octets, low >= 0 ? (char) (high << 4 | low) : *value);
                if (low >= 0)
                        value += 2;
        }
        charset_to_utf8(charset && *charset ? charset : "utf-8", octets.data, octets.size, target);
}

char *mime_params_decode(const MimeParam *params, size_t n_params, const char *name) {
        _cleanup_buffer_ Buffer text = { 0 };
        const MimeParam *plain = NULL, *extended = NULL;

        for (size_t i = 0; i < n_params; i++) {
                if (text_equal(params[i].name, name))
                        plain = params + i;
                else if (text_starts_with(params[i].name, name) &&
                         text_equal(params[i].name + strlen(name), "*"))
                        extended = params + i;
        }
        if (!plain && !extended)
                return NULL;
        if (extended)
                decode_extended(extended->value, &text);
        else
                encoded_word_decode(plain->value, strlen(plain->value), &text);
        return buffer_take_text(&text);
}
