/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of an HTML text, streaming: enough for a preview or a search, no browser. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"

enum { HTML_WORD_MAX = 15 };

typedef enum HtmlState {
        HTML_IN_TEXT,
        HTML_BEHIND_LESS,    /* "<" */
        HTML_IN_NAME,        /* "<div", "</div" */
        HTML_IN_TAG,         /* behind the name */
        HTML_IN_QUOTES,      /* of an attribute */
        HTML_IN_DECLARATION, /* "<!", perhaps of a comment */
        HTML_IN_COMMENT,
        HTML_IN_ENTITY,      /* "&am" */
} HtmlState;

/* Zero at the start of a text. */
typedef struct HtmlText {
        HtmlState state;
        char word[HTML_WORD_MAX + 1]; /* of a tag, lower case, or of an entity */
        size_t n_word;
        const char *hidden;           /* static; the element whose content is no text */
        size_t n_dashes;
        bool behind_equals;           /* what follows may be in quotes */
        char quote;
} HtmlText;

/**
 * html_text_feed() - append the text of the next octets
 * @data:  UTF-8, whole characters
 *
 * Tags and comments are left out, and so is what is in script, style and title; what is no part
 * of a line (br, p, td, …) becomes a line end. Entities are decoded. @target grows by at most
 * size plus HTML_WORD_MAX + 1.
 */
void html_text_feed(HtmlText *html, const char *data, size_t size, Buffer *target);

/** html_text_finish() - the text is over: append what turned out to be no tag and no entity */
void html_text_finish(HtmlText *html, Buffer *target);
