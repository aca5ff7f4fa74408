/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is not closed hides what follows it, as in a browser; everything else that is wrong is
 * text. Only the entities of HTML 2 and some frequent ones have names here, the others stay.
 */
#include "mime/html-text.h"

#include <stdint.h>
#include <string.h>

#include "basic/text.h"

/* Elements that are parts of a line; all others end it. */
static const char *const inline_names[] = {
        "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "img", "ins", "label",
        "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "wbr",
};

static const char *const hidden_names[] = { "script", "style", "title" };

static const struct {
        const char *name;
        uint32_t character;
} entities[] = {
        { "amp", '&' },      { "apos", '\'' },    { "bull", 0x2022 },  { "euro", 0x20ac },
        { "gt", '>' },       { "hellip", 0x2026 }, { "ldquo", 0x201c }, { "lsquo", 0x2018 },
        { "lt", '<' },       { "mdash", 0x2014 }, { "ndash", 0x2013 }, { "quot", '"' },
        { "rdquo", 0x201d }, { "rsquo", 0x2019 }, { "trade", 0x2122 }, { "zwnj", 0x200c },
};

/* Of U+00A0 and the characters behind it. */
static const char *const latin_names[] = {
        "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",
        "uml",    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",
        "deg",    "plusmn", "sup2",   "sup3",   "acute",  "micro",  "para",   "middot",
        "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12", "frac34", "iquest",
        "Agrave", "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil",
        "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc",  "Iuml",
        "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",   "times",
        "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",  "szlig",
        "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
        "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",
        "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide",
        "oslash", "ugrave", "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml",
};

enum { LATIN_FIRST = 0xa0, HTML_CHARACTER_MAX = 0x10ffff, REPLACEMENT = 0xfffd };

static const char *find(const char *const *names, size_t n_names, const char *name) {
        for (size_t i = 0; i < n_names; i++)
                if (text_equal(names[i], name))
                        return names[i];
        return NULL;
}

/* "#8364" or "#x20ac". Return: 0 for none. */
static uint32_t numbered(const char *word) {
        bool is_hex = word[1] == 'x' || word[1] == 'X';
        uint32_t number = 0;

        for (const char *c = word + 1 + is_hex; *c != '\0'; c++) {
                char digit = char_to_lower(*c);
                bool is_letter = is_hex && digit >= 'a' && digit <= 'f';

                if (!char_is_digit(digit) && !is_letter)
                        return 0;
                number = number * (is_hex ? 16 : 10) +
                         (uint32_t) (is_letter ? digit - 'a' + 10 : digit - '0');
                if (number > HTML_CHARACTER_MAX)
                        return REPLACEMENT;
        }
        return number >= 0xd800 && number < 0xe000 ? REPLACEMENT : number;
}

static uint32_t character_of(const char *word) {
        if (word[0] == '#')
                return numbered(word);
        for (size_t i = 0; i < ELEMENTSOF(entities); i++)
                if (text_equal(entities[i].name, word))
                        return entities[i].character;
        for (size_t i = 0; i < ELEMENTSOF(latin_names); i++)
                if (text_equal(latin_names[i], word))
                        return LATIN_FIRST + (uint32_t) i;
        return 0;
}

static void begin_word(HtmlText *html, HtmlState state) {
        html->state = state;
        html->n_word = 0;
        html->word[0] = '\0';
}

static bool add_to_word(HtmlText *html, char c) {
        if (html->n_word >= HTML_WORD_MAX)
                return false;
        html->word[html->n_word++] = c;
        html->word[html->n_word] = '\0';
        return true;
}

static void give_up_entity(HtmlText *html, Buffer *target) {
        buffer_append_char(target, '&');
        buffer_append(target, html->word, html->n_word);
        html->state = HTML_IN_TEXT;
}

/* Return: c belongs to the entity. */
static bool continue_entity(HtmlText *html, char c, Buffer *target) {
        uint32_t character;

        if ((char_is_alpha(c) || char_is_digit(c) || (c == '#' && html->n_word == 0)) &&
            add_to_word(html, c))
                return true;
        character = c == ';' ? character_of(html->word) : 0;
        if (character == 0) {
                give_up_entity(html, target);
                return false;
        }
        buffer_append_utf8(target, character);
        html->state = HTML_IN_TEXT;
        return true;
}

/* The name of a tag is complete. */
static void on_tag(HtmlText *html, Buffer *target) {
        bool closes = html->word[0] == '/';
        const char *name = html->word + closes;

        html->state = HTML_IN_TAG;
        html->behind_equals = false;
        if (html->hidden && (!closes || !text_equal(name, html->hidden))) {
                html->state = HTML_IN_TEXT; /* such as "a<b" in a script */
                return;
        }
        html->hidden = closes ? NULL : find(hidden_names, ELEMENTSOF(hidden_names), name);
        if (!find(inline_names, ELEMENTSOF(inline_names), name))
                buffer_append_char(target, '\n');
}

/* Return: c belongs to the name. */
static bool continue_name(HtmlText *html, char c, Buffer *target) {
        if (char_is_alpha(c) || char_is_digit(c)) {
                (void) add_to_word(html, char_to_lower(c)); /* longer ones are none of ours */
                return true;
        }
        on_tag(html, target);
        return false;
}

/* Return: c belongs to the tag. */
static bool begin_tag(HtmlText *html, char c, Buffer *target) {
        if (char_is_alpha(c) || c == '/') {
                begin_word(html, HTML_IN_NAME);
                return add_to_word(html, char_to_lower(c));
        }
        if (!html->hidden && (c == '!' || c == '?')) {
                html->state = c == '!' ? HTML_IN_DECLARATION : HTML_IN_TAG;
                html->n_dashes = 0;
                html->behind_equals = false;
                return true;
        }
        if (!html->hidden)
                buffer_append_char(target, '<');
        html->state = HTML_IN_TEXT;
        return false;
}

static void continue_tag(HtmlText *html, char c) {
        if (c == '>') {
                html->state = HTML_IN_TEXT;
        } else if (html->behind_equals && (c == '"' || c == '\'')) {
                html->state = HTML_IN_QUOTES;
                html->quote = c;
        }
        html->behind_equals = c == '=' || (html->behind_equals && (c == ' ' || c == '\n'));
}

/* Return: c belongs to the start of a comment. */
static bool continue_declaration(HtmlText *html, char c) {
        if (c == '-' && ++html->n_dashes < 2)
                return true;
        html->state = c == '-' ? HTML_IN_COMMENT : HTML_IN_TAG;
        return c == '-';
}

static void continue_comment(HtmlText *html, char c) {
        if (c == '>' && html->n_dashes >= 2)
                html->state = HTML_IN_TEXT;
        html->n_dashes = c == '-' ? html->n_dashes + 1 : 0;
}

static void take_text(HtmlText *html, char c, Buffer *target) {
        if (c == '<')
                html->state = HTML_BEHIND_LESS;
        else if (c == '&' && !html->hidden)
                begin_word(html, HTML_IN_ENTITY);
        else if (!html->hidden)
                buffer_append_char(target, c);
}

/* Return: false when c has to be looked at again, in the state that it led to. */
static bool take(HtmlText *html, char c, Buffer *target) {
        switch (html->state) {
        case HTML_IN_TEXT:
                take_text(html, c, target);
                return true;
        case HTML_BEHIND_LESS:
                return begin_tag(html, c, target);
        case HTML_IN_NAME:
                return continue_name(html, c, target);
        case HTML_IN_TAG:
                continue_tag(html, c);
                return true;
        case HTML_IN_QUOTES:
                html->state = c == html->quote ? HTML_IN_TAG : HTML_IN_QUOTES;
                return true;
        case HTML_IN_DECLARATION:
                return continue_declaration(html, c);
        case HTML_IN_COMMENT:
                continue_comment(html, c);
                return true;
        case HTML_IN_ENTITY:
                return continue_entity(html, c, target);
        }
        return true;
}

void html_text_feed(HtmlText *html, const char *data, size_t size, Buffer *target) {
        for (size_t i = 0; i < size;)
                if (take(html, data[i], target))
                        i++;
}

void html_text_finish(HtmlText *html, Buffer *target) {
        if (html->state == HTML_BEHIND_LESS && !html->hidden)
                buffer_append_char(target, '<');
        else if (html->state == HTML_IN_ENTITY)
                give_up_entity(html, target);
        *html = (HtmlText){ 0 };
}
