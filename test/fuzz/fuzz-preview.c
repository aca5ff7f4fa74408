/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Previews of any text: short, well-formed, without control characters, the same in pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/text.h"
#include "mime/charset.h"
#include "mime/preview.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
        if (!condition)
                abort();
}

static void check(const Buffer *text, size_t n_characters) {
        size_t n = 0;

        require(n_characters <= PREVIEW_CHARACTERS_MAX && text->size <= 4 * PREVIEW_CHARACTERS_MAX);
        require(text->size == 0 || text_is_utf8(text->data, text->size));
        for (size_t i = 0; i < text->size; i++) {
                require((unsigned char) text->data[i] >= ' ' && text->data[i] != 0x7f);
                require(text->data[i] != ' ' || (i > 0 && i + 1 < text->size && text->data[i + 1] != ' '));
                n += (text->data[i] & 0xc0) != 0x80;
        }
        require(n == n_characters);
}

/* Where the piece that begins at first ends: behind whole characters. */
static size_t end_of(const Buffer *text, size_t first, size_t piece) {
        size_t end = MIN(first + piece, text->size);

        while (end < text->size && (text->data[end] & 0xc0) == 0x80)
                end++;
        return end;
}

static void preview(const Buffer *text, bool is_html, size_t piece, Preview *ret_preview) {
        preview_init(ret_preview, is_html);
        for (size_t at = 0, end; at < text->size; at = end) {
                end = end_of(text, at, piece);
                if (!preview_feed(ret_preview, text->data + at, end - at))
                        break;
        }
        preview_finish(ret_preview);
        check(&ret_preview->text, ret_preview->n_characters);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_buffer_ Buffer text = { 0 };

        charset_to_utf8("utf-8", (const char *) data, size, &text);
        for (int is_html = 0; is_html < 2; is_html++) {
                Preview whole, pieces;

                preview(&text, is_html, text.size + 1, &whole);
                preview(&text, is_html, size > 0 ? data[0] % 31 + 1 : 1, &pieces);
                require(whole.text.size == pieces.text.size);
                require(whole.text.size == 0 || memcmp(whole.text.data, pieces.text.data, whole.text.size) == 0);
                preview_done(&whole);
                preview_done(&pieces);
        }
        return 0;
}
