/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base64 and quoted-printable as mail really has them. */
#include "mime/transfer.h"

#include <string.h>

#include "basic/text.h"

static const char *const transfer_encoding_names[] = {
        [TRANSFER_7BIT]             = "7bit",
        [TRANSFER_8BIT]             = "8bit",
        [TRANSFER_BINARY]           = "binary",
        [TRANSFER_BASE64]           = "base64",
        [TRANSFER_QUOTED_PRINTABLE] = "quoted-printable",
};
DEFINE_NAMES(transfer_encoding, TransferEncoding, transfer_encoding_names);

void transfer_decoder_init(TransferDecoder *decoder, const char *name) {
        int encoding = name ? transfer_encoding_from_name(name) : -1;

        decoder->encoding = encoding >= 0 ? (TransferEncoding) encoding : TRANSFER_BINARY;
        decoder->bits = 0;
        decoder->n_bits = 0;
        decoder->n_held = 0;
        decoder->to_wire = false;
}

bool transfer_decoder_init_wire(TransferDecoder *decoder, const char *name) {
        transfer_decoder_init(decoder, name);
        decoder->to_wire = true;
        decoder->wire = (WireConverter){ .keeps_nuls = true };
        return transfer_encoding_from_name(name) >= 0;
}

/* Value of a digit plus 1; what is no digit is 0. */
static const unsigned char base64_digits[256] = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 0, 64,
        53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0, 0, 0, 0, 0, 0,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0, 0, 0, 0,
        0, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41,
        42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 0, 0, 0, 0, 0,
};

/* Four digits at once while there is nothing else. Return: octets taken. */
static size_t decode_quads(const unsigned char *data, size_t size, char **out) {
        size_t at = 0;

        for (; size - at >= 4; at += 4) {
                unsigned a = base64_digits[data[at]], b = base64_digits[data[at + 1]];
                unsigned c = base64_digits[data[at + 2]], d = base64_digits[data[at + 3]];
                uint32_t bits;

                if (!a || !b || !c || !d)
                        break;
                bits = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
                (*out)[0] = (char) (bits >> 16);
                (*out)[1] = (char) (bits >> 8);
                (*out)[2] = (char) bits;
                *out += 3;
        }
        return at;
}

/* Padding ends a run of digits; more of them may follow it (joined pieces do that). */
static void decode_base64(TransferDecoder *decoder, const char *data, size_t size,
                          Buffer *target) {
        const unsigned char *octets = (const unsigned char *) data;
        char *start = buffer_reserve(target, size), *out = start;

        for (size_t i = 0; i < size; i++) {
                unsigned digit;

                if (decoder->n_bits == 0)
                        i += decode_quads(octets + i, size - i, &out);
                if (i == size)
                        break;
                digit = base64_digits[octets[i]];
                if (digit == 0) {
                        if (octets[i] == '=')
                                decoder->n_bits = 0;
                        continue;
                }
                decoder->bits = decoder->bits << 6 | (digit - 1);
                decoder->n_bits += 6;
                if (decoder->n_bits >= 8) {
                        decoder->n_bits -= 8;
                        *out++ = (char) (decoder->bits >> decoder->n_bits & 0xff);
                }
        }
        buffer_commit(target, (size_t) (out - start));
}

static int hex_digit(char c) {
        c = char_to_lower(c);
        return char_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void release(TransferDecoder *decoder, Buffer *target) {
        buffer_append(target, decoder->held, decoder->n_held);
        decoder->n_held = 0;
}

static bool is_blank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
}

static void hold(TransferDecoder *decoder, char c, Buffer *target) {
        if (decoder->n_held == sizeof(decoder->held))
                release(decoder, target); /* more blanks than a line may have */
        decoder->held[decoder->n_held++] = c;
}

/* Behind "=" or "=4" or "= ". Return: c belongs to it. */
static bool continue_escape(TransferDecoder *decoder, char c, Buffer *target) {
        char *held = decoder->held;
        int high, low;

        if (decoder->n_held == 1 && hex_digit(c) >= 0) {
                hold(decoder, c, target);
                return true;
        }
        high = decoder->n_held == 2 ? hex_digit(held[1]) : -1;
        low = high >= 0 ? hex_digit(c) : -1;
        if (low >= 0) {
                buffer_append_char(target, (char) (high << 4 | low));
                decoder->n_held = 0;
                return true;
        }
        if (high < 0 && c == '\n') {
                decoder->n_held = 0; /* a soft line break */
                return true;
        }
        if (high < 0 && is_blank(c) && decoder->n_held < sizeof(decoder->held)) {
                hold(decoder, c, target);
                return true;
        }
        release(decoder, target);
        return false;
}

static void decode_quoted_octet(TransferDecoder *decoder, char c, Buffer *target) {
        if (decoder->n_held > 0 && decoder->held[0] == '=' &&
            continue_escape(decoder, c, target))
                return;
        if (is_blank(c) || (c == '=' && decoder->n_held == 0)) {
                hold(decoder, c, target);
                return;
        }
        /* Blanks before a line end were added on the way (RFC 2045, section 6.7); CR was not. */
        if (c == '\n') {
                bool has_cr = decoder->n_held > 0 && decoder->held[decoder->n_held - 1] == '\r';

                decoder->n_held = 0;
                buffer_append_text(target, has_cr || decoder->to_wire ? "\r\n" : "\n");
                return;
        }
        release(decoder, target);
        if (c == '=')
                hold(decoder, c, target);
        else
                buffer_append_char(target, c);
}

static void decode_quoted(TransferDecoder *decoder, const char *data, size_t size,
                          Buffer *target) {
        for (size_t i = 0; i < size;) {
                size_t start = i;

                while (decoder->n_held == 0 && i < size && data[i] != '=' && data[i] != '\n' &&
                       !is_blank(data[i]))
                        i++;
                buffer_append(target, data + start, i - start);
                if (i < size)
                        decode_quoted_octet(decoder, data[i++], target);
        }
}

void transfer_decode(TransferDecoder *decoder, const char *data, size_t size, Buffer *target) {
        if (decoder->encoding == TRANSFER_BASE64)
                decode_base64(decoder, data, size, target);
        else if (decoder->encoding == TRANSFER_QUOTED_PRINTABLE)
                decode_quoted(decoder, data, size, target);
        else if (decoder->to_wire)
                wire_convert(&decoder->wire, data, size, target);
        else
                buffer_append(target, data, size);
}

void transfer_decode_finish(TransferDecoder *decoder, Buffer *target) {
        bool is_break = decoder->n_held > 0 && decoder->held[0] == '=' &&
                        (decoder->n_held == 1 || is_blank(decoder->held[1]));

        if (!is_break)
                release(decoder, target);
        decoder->n_held = 0;
        decoder->n_bits = 0;
}
