/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Modified UTF-7: UTF-16 in base64 with ',' for '/', between '&' and '-'. */
#include "basic/modified-utf7.h"

#include <stdint.h>

enum { REPLACEMENT = 0xfffd };

static const char alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static bool stands_for_itself(char c) {
        return c >= ' ' && c < 0x7f && c != '&';
}

static int digit_value(char c) {
        const char *found = c != '\0' ? strchr(alphabet, c) : NULL;

        return found ? (int) (found - alphabet) : -1;
}

/* One run of base64 while it is decoded. */
typedef struct Run {
        uint32_t bits;
        unsigned n_bits;
        uint32_t high; /* surrogate that waits for its low half; 0 for none */
} Run;

static bool take_unit(Run *run, uint32_t unit, Buffer *target) {
        if (run->high != 0) {
                if (unit < 0xdc00 || unit > 0xdfff)
                        return false;
                buffer_append_utf8(target, 0x10000 + ((run->high - 0xd800) << 10) +
                                                   (unit - 0xdc00));
                run->high = 0;
                return true;
        }
        if (unit >= 0xd800 && unit <= 0xdbff) {
                run->high = unit;
                return true;
        }
        if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff) || (unit >= ' ' && unit < 0x7f))
                return false;
        buffer_append_utf8(target, unit);
        return true;
}

/* From behind '&' up to and with '-'. The bits left over are at most six, all zero. */
static bool decode_run(const char **at, const char *end, Buffer *target) {
        const char *start = *at;
        Run run = { 0 };

        for (; *at < end && **at != '-'; (*at)++) {
                int digit = digit_value(**at);

                if (digit < 0)
                        return false;
                run.bits = run.bits << 6 | (uint32_t) digit;
                run.n_bits += 6;
                if (run.n_bits >= 16) {
                        run.n_bits -= 16;
                        if (!take_unit(&run, run.bits >> run.n_bits & 0xffff, target))
                                return false;
                        run.bits &= (UINT32_C(1) << run.n_bits) - 1;
                }
        }
        if (*at == end || *at - start < 3 || run.n_bits >= 6 || run.bits != 0 || run.high != 0)
                return false;
        (*at)++;
        /* Two runs in a row must be one: "-&" may only go on as "&-". */
        return !(end - *at >= 2 && (*at)[0] == '&' && (*at)[1] != '-');
}

bool modified_utf7_decode(const char *text, size_t size, Buffer *target) {
        const char *at = text, *end = size > 0 ? text + size : text; /* an empty Buffer has NULL */

        while (at < end) {
                if (stands_for_itself(*at)) {
                        buffer_append_char(target, *at++);
                } else if (*at != '&') {
                        return false;
                } else if (++at < end && *at == '-') {
                        buffer_append_char(target, '&');
                        at++;
                } else if (!decode_run(&at, end, target)) {
                        return false;
                }
        }
        return true;
}

/* How many octets a character has that starts with this one; 0 when none does. */
static unsigned sequence_size(unsigned char first) {
        if (first < 0x80)
                return 1;
        if (first < 0xc2)
                return 0;
        return first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

/* The next character; broken octets are taken one by one as U+FFFD. */
static uint32_t next_character(const unsigned char **at, const unsigned char *end) {
        static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
        const unsigned char *c = *at;
        unsigned n = sequence_size(*c);
        uint32_t value = n == 1 ? *c : *c & (0x7fu >> n);

        (*at)++;
        if (n == 0 || end - c < (ptrdiff_t) n)
                return REPLACEMENT;
        for (unsigned i = 1; i < n; i++) {
                if ((c[i] & 0xc0) != 0x80)
                        return REPLACEMENT;
                value = value << 6 | (c[i] & 0x3f);
        }
        if (value < smallest[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
                return REPLACEMENT;
        *at = c + n;
        return value;
}

static void put_unit(Run *run, uint32_t unit, Buffer *target) {
        run->bits = run->bits << 16 | unit;
        run->n_bits += 16;
        for (; run->n_bits >= 6; run->n_bits -= 6)
                buffer_append_char(target, alphabet[run->bits >> (run->n_bits - 6) & 0x3f]);
        run->bits &= (UINT32_C(1) << run->n_bits) - 1;
}

static void encode_run(const unsigned char **at, const unsigned char *end, Buffer *target) {
        Run run = { 0 };

        buffer_append_char(target, '&');
        while (*at < end && !stands_for_itself((char) **at) && **at != '&') {
                uint32_t c = next_character(at, end);

                if (c >= 0x10000) {
                        put_unit(&run, 0xd800 + ((c - 0x10000) >> 10), target);
                        c = 0xdc00 + ((c - 0x10000) & 0x3ff);
                }
                put_unit(&run, c, target);
        }
        if (run.n_bits > 0)
                buffer_append_char(target, alphabet[run.bits << (6 - run.n_bits) & 0x3f]);
        buffer_append_char(target, '-');
}

void modified_utf7_encode(const char *utf8, size_t size, Buffer *target) {
        const unsigned char *at = (const unsigned char *) utf8, *end = at + size;

        while (at < end) {
                if (stands_for_itself((char) *at)) {
                        buffer_append_char(target, (char) *at++);
                } else if (*at == '&') {
                        buffer_append_text(target, "&-");
                        at++;
                } else {
                        encode_run(&at, end, target);
                }
        }
}
