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
}

static int base64_digit(char c) {
        if (c >= 'A' && c <= 'Z')
                return c - 'A';
        if (c >= 'a' && c <= 'z')
                return c - 'a' + 26;
        if (c >= '0' && c <= '9')
                return c - '0' + 52;
        return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Padding ends a run of digits; more of them may follow it (joined pieces do that). */
static void decode_base64(TransferDecoder *decoder, const char *data, size_t size,
                          Buffer *target) {
        char *start = buffer_reserve(target, size), *out = start;

        for (size_t i = 0; i < size; i++) {
                int digit = base64_digit(data[i]);

                if (digit < 0) {
                        if (data[i] == '=')
                                decoder->n_bits = 0;
                        continue;
                }
                decoder->bits = decoder->bits << 6 | (uint32_t) digit;
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
                buffer_append_text(target, has_cr ? "\r\n" : "\n");
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
