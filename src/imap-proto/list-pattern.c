/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns of LIST: all places where the pattern may stand, kept side by side. */
#include "imap-proto/list-pattern.h"

#include <stdint.h>

#include "basic/modified-utf7.h"
#include "basic/text.h"
#include "imap-proto/imap-limits.h"

void list_pattern_done(ListPattern *pattern) {
        free(pattern->text);
        *pattern = (ListPattern){ 0 };
}

static void combine(const char *reference, const char *pattern, Buffer *target) {
        size_t size = strlen(reference);

        if (size > 0 && reference[size - 1] == '.')
                size--;
        buffer_append(target, reference, size);
        if (size > 0 && *pattern != '\0')
                buffer_append_char(target, '.');
        buffer_append_text(target, pattern);
        if (target->size > 1 && target->data[target->size - 1] == '.')
                target->data[--target->size] = '\0';
}

static bool decode(const Buffer *wire, bool utf8, Buffer *target) {
        if (!utf8)
                return modified_utf7_decode(wire->data, wire->size, target);
        for (size_t i = 0; i < wire->size; i++)
                if (char_is_control(wire->data[i]))
                        return false;
        buffer_append(target, wire->data, wire->size);
        return text_is_utf8(wire->data, wire->size);
}

/* '.' becomes '/', and several wildcards in a row become the one that matches most. */
static int normalize(const Buffer *text, Buffer *target, size_t *ret_n_wildcards) {
        size_t n_wildcards = 0;
        char last = '.';

        for (size_t i = 0; i < text->size; i++) {
                char c = text->data[i];

                if (c == '/' || (c == '.' && last == '.'))
                        return LIST_PATTERN_NOTHING;
                if ((c == '%' || c == '*') && (last == '%' || last == '*')) {
                        if (c == '*')
                                target->data[target->size - 1] = last = c;
                        continue;
                }
                n_wildcards += c == '%' || c == '*';
                buffer_append_char(target, c == '.' ? '/' : c);
                last = c;
        }
        *ret_n_wildcards = n_wildcards;
        return LIST_PATTERN_DONE;
}

int list_pattern_init(const char *reference, const char *pattern, bool utf8,
                      ListPattern *ret_pattern) {
        _cleanup_buffer_ Buffer wire = { 0 }, text = { 0 }, normal = { 0 };
        size_t n_wildcards;
        int r;

        combine(reference, pattern, &wire);
        if (!decode(&wire, utf8, &text))
                return LIST_PATTERN_BROKEN;
        r = normalize(&text, &normal, &n_wildcards);
        if (r != LIST_PATTERN_DONE)
                return r;
        if (n_wildcards > IMAP_LIST_WILDCARDS_MAX)
                return LIST_PATTERN_TOO_MANY;
        if (normal.size > IMAP_MAILBOX_NAME_MAX)
                return LIST_PATTERN_NOTHING;
        ret_pattern->size = normal.size;
        ret_pattern->text = buffer_take_text(&normal);
        return LIST_PATTERN_DONE;
}

/* Places in the pattern, each once, in the order of their discovery. */
typedef struct Places {
        uint16_t at[IMAP_MAILBOX_NAME_MAX + 1];
        size_t n;
        bool has[IMAP_MAILBOX_NAME_MAX + 1];
} Places;

static void places_clear(Places *places) {
        for (size_t i = 0; i < places->n; i++)
                places->has[places->at[i]] = false;
        places->n = 0;
}

/* A wildcard may also match nothing, so the place behind it comes with it. */
static void places_add(Places *places, const ListPattern *pattern, size_t at) {
        for (bool goes_on = true; goes_on && !places->has[at]; at++) {
                places->has[at] = true;
                places->at[places->n++] = (uint16_t) at;
                goes_on = at < pattern->size && strchr("%*", pattern->text[at]);
        }
}

static bool is_inbox(const char *name) {
        return text_starts_with(name, "INBOX") && (name[5] == '\0' || name[5] == '/');
}

static void step(const ListPattern *pattern, const Places *now, char c, bool ignores_case,
                 Places *next) {
        for (size_t i = 0; i < now->n; i++) {
                size_t at = now->at[i];
                char p = at < pattern->size ? pattern->text[at] : '\0';

                if (p == '*' || (p == '%' && c != '/'))
                        places_add(next, pattern, at);
                else if (p == c || (ignores_case && char_to_lower(p) == char_to_lower(c)))
                        places_add(next, pattern, at + 1);
        }
}

bool list_pattern_matches(const ListPattern *pattern, const char *name) {
        Places places[2] = { { .n = 0 } }, *now = &places[0], *next = &places[1];
        bool inbox = is_inbox(name);

        places_add(now, pattern, 0);
        for (size_t i = 0; name[i] != '\0' && now->n > 0; i++) {
                Places *spare = now;

                step(pattern, now, name[i], inbox && i < strlen("INBOX"), next);
                now = next;
                next = spare;
                places_clear(next);
        }
        return now->has[pattern->size];
}
