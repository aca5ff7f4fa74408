/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes characters until there are enough of them. */
#include "mime/preview.h"

#include <string.h>

static const char signature[] = "-- ";

enum { SIGNATURE_SIZE = sizeof(signature) - 1 };

void preview_init(Preview *preview, bool is_html) {
        *preview = (Preview){ .is_html = is_html };
}

void preview_done(Preview *preview) {
        buffer_done(&preview->text);
        buffer_done(&preview->plain);
}

static bool is_space(uint32_t c) {
        return c <= ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x1680 ||
               (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
               c == 0x205f || c == 0x3000;
}

/* What newsletters fill their first line with, so that nothing of the text is in a preview. */
static bool is_invisible(uint32_t c) {
        return c == 0xad || c == 0x34f || c == 0x200b || c == 0x200c || c == 0xfeff;
}

static void add(Preview *preview, uint32_t c) {
        if (is_invisible(c))
                return;
        if (is_space(c)) {
                preview->needs_space = preview->text.size > 0;
                return;
        }
        if (preview->needs_space && preview->n_characters + 1 >= PREVIEW_CHARACTERS_MAX) {
                preview->line = PREVIEW_ENDED;
                return;
        }
        if (preview->needs_space) {
                buffer_append_char(&preview->text, ' ');
                preview->n_characters++;
        }
        preview->needs_space = false;
        buffer_append_utf8(&preview->text, c);
        if (++preview->n_characters >= PREVIEW_CHARACTERS_MAX)
                preview->line = PREVIEW_ENDED;
}

/* What was no signature. */
static void release(Preview *preview) {
        size_t n = preview->n_held;

        preview->n_held = 0;
        preview->line = PREVIEW_LINE_TEXT;
        for (size_t i = 0; i < n && preview->line != PREVIEW_ENDED; i++)
                add(preview, (uint32_t) signature[i]);
}

/* Return: the character belongs to the start of the line. */
static bool begin_line(Preview *preview, uint32_t c) {
        if (preview->n_held == SIGNATURE_SIZE && (c == '\n' || c == '\r')) {
                preview->line = PREVIEW_ENDED;
                return true;
        }
        if (preview->n_held < SIGNATURE_SIZE && c == (uint32_t) signature[preview->n_held]) {
                preview->n_held++;
                return true;
        }
        if (preview->n_held == 0 && c == '>') {
                preview->line = PREVIEW_LINE_QUOTED;
                return true;
        }
        release(preview);
        return false;
}

static void take_character(Preview *preview, uint32_t c) {
        if (preview->line == PREVIEW_LINE_START && !preview->is_html && begin_line(preview, c))
                return;
        if (preview->line == PREVIEW_ENDED)
                return;
        if (preview->line != PREVIEW_LINE_QUOTED)
                add(preview, c);
        if (c == '\n' && preview->line != PREVIEW_ENDED)
                preview->line = PREVIEW_LINE_START;
}

/* One character of well-formed UTF-8. Return: its octets. */
static size_t decode(const char *data, size_t size, uint32_t *ret_character) {
        const unsigned char *at = (const unsigned char *) data;
        size_t n = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
        uint32_t character = n == 1 ? at[0] : at[0] & (0x7fu >> n);

        n = MIN(n, size);
        for (size_t i = 1; i < n; i++)
                character = character << 6 | (at[i] & 0x3f);
        *ret_character = character;
        return n;
}

static void take_text(Preview *preview, const char *data, size_t size) {
        for (size_t at = 0; at < size && preview->line != PREVIEW_ENDED;) {
                uint32_t character;

                at += decode(data + at, size - at, &character);
                take_character(preview, character);
        }
}

bool preview_feed(Preview *preview, const char *data, size_t size) {
        if (preview->line == PREVIEW_ENDED)
                return false;
        if (preview->is_html) {
                buffer_clear(&preview->plain);
                html_text_feed(&preview->html, data, size, &preview->plain);
                take_text(preview, preview->plain.data, preview->plain.size);
        } else
                take_text(preview, data, size);
        return preview->line != PREVIEW_ENDED;
}

void preview_finish(Preview *preview) {
        if (preview->is_html && preview->line != PREVIEW_ENDED) {
                buffer_clear(&preview->plain);
                html_text_finish(&preview->html, &preview->plain);
                take_text(preview, preview->plain.data, preview->plain.size);
        }
        if (preview->line == PREVIEW_LINE_START && preview->n_held < SIGNATURE_SIZE)
                release(preview);
        preview->line = PREVIEW_ENDED;
}
