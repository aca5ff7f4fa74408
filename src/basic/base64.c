/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base64 (RFC 4648, section 4), strict. */
#include "basic/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_append(Buffer *target, const void *data, size_t size) {
        const unsigned char *at = data;

        while (size > 0) {
                size_t n = MIN(size, 3U);
                uint32_t bits = (uint32_t) at[0] << 16 | (n > 1 ? (uint32_t) at[1] << 8 : 0) |
                                (n > 2 ? at[2] : 0);
                char quad[4] = {
                        alphabet[bits >> 18],
                        alphabet[bits >> 12 & 63],
                        n > 1 ? alphabet[bits >> 6 & 63] : '=',
                        n > 2 ? alphabet[bits & 63] : '=',
                };

                buffer_append(target, quad, sizeof(quad));
                at += n;
                size -= n;
        }
}

static int digit_value(char c) {
        const char *at = c ? strchr(alphabet, c) : NULL;

        return at ? (int) (at - alphabet) : -1;
}

bool base64_decode(const char *text, size_t size, Buffer *target) {
        if (size % 4 != 0)
                return false;
        for (size_t i = 0; i < size; i += 4) {
                size_t n_padding = 0;
                uint32_t bits = 0;

                if (i + 4 == size)
                        n_padding = text[i + 3] != '=' ? 0 : text[i + 2] != '=' ? 1 : 2;
                for (size_t k = 0; k < 4 - n_padding; k++) {
                        int value = digit_value(text[i + k]);

                        if (value < 0)
                                return false;
                        bits |= (uint32_t) value << (18 - 6 * k);
                }
                /* Bits behind the data must be zero, or two texts would mean the same. */
                if (bits & (n_padding == 2 ? 0xffffU : n_padding == 1 ? 0xffU : 0))
                        return false;
                char octets[3] = { (char) (bits >> 16), (char) (bits >> 8), (char) bits };
                buffer_append(target, octets, 3 - n_padding);
        }
        return true;
}
