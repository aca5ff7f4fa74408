/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first words of a text, for a list of messages (RFC 8970, section 3.3). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "mime/html-text.h"

enum {
        PREVIEW_CHARACTERS_MAX = 200, /* RFC 8970: 200, and never more than 256 */
};

typedef enum PreviewLine {
        PREVIEW_LINE_START,
        PREVIEW_LINE_TEXT,
        PREVIEW_LINE_QUOTED, /* is left out */
        PREVIEW_ENDED,       /* a signature follows, or there are enough characters */
} PreviewLine;

typedef struct Preview {
        Buffer text; /* owned; UTF-8 without control characters */
        size_t n_characters;
        bool needs_space;
        PreviewLine line;
        size_t n_held; /* of "-- ", which may begin a signature */
        bool is_html;
        HtmlText html;
        Buffer plain;
} Preview;

void preview_init(Preview *preview, bool is_html);
void preview_done(Preview *preview);

/**
 * preview_feed() - the next characters
 * @data:  well-formed UTF-8, whole characters
 *
 * White space becomes one space. Of plain text, quoted lines ("> …") and what follows the line
 * "-- " (RFC 3676, section 4.3) are left out; of HTML, all that is no text.
 *
 * Return: true while more characters are wanted.
 */
bool preview_feed(Preview *preview, const char *data, size_t size);

/** preview_finish() - the text is over; what it comes to is in preview->text */
void preview_finish(Preview *preview);
