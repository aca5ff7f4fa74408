/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Field values to UTF-8, and the same octets as a body in the charset that their first line names. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/text.h"
#include "mime/charset.h"
#include "mime/encoded-word.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode_in_pieces(const char *charset, const char *data, size_t size) {
        _cleanup_(charset_decoder_freep) CharsetDecoder *decoder = charset_decoder_new(charset);
        _cleanup_buffer_ Buffer whole = { 0 }, pieces = { 0 };
        size_t piece = size % 7 + 1;

        charset_to_utf8(charset, data, size, &whole);
        for (size_t at = 0; at < size; at += piece)
                charset_decode(decoder, data + at, MIN(piece, size - at), &pieces);
        charset_decode_finish(decoder, &pieces);
        if (!text_is_utf8(whole.data, whole.size) || !text_is_utf8(pieces.data, pieces.size))
                abort();
        if (text_equal_nocase(charset, "utf-8") &&
            (whole.size != pieces.size || memcmp(whole.data, pieces.data, whole.size) != 0))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        const char *text = (const char *) data, *end = size > 0 ? memchr(text, '\n', size) : NULL;
        _cleanup_buffer_ Buffer out = { 0 };

        encoded_word_decode(text, size, &out);
        if (out.size > 0 && !text_is_utf8(out.data, out.size))
                abort();
        if (end) {
                _cleanup_free_ char *charset = text_dup_range(text, (size_t) (end - text));

                if (end + 1 < text + size)
                        decode_in_pieces(charset, end + 1, (size_t) (text + size - end) - 1);
        }
        return 0;
}
