/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "<local@domain>", where the local part may be quoted. */
#include "mime/message-id.h"

#include <string.h>

static bool is_space(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Behind the quoted string that begins at @at; size when it does not end. */
static size_t take_quoted(const char *value, size_t size, size_t at, Buffer *id) {
        for (at++; at < size && value[at] != '"'; at++) {
                if (value[at] == '\\' && at + 1 < size)
                        at++;
                buffer_append_char(id, value[at]);
        }
        return at < size ? at + 1 : size;
}

/* What stands behind '<'. Return: its end, at '>' or where it broke off. */
static size_t take_inside(const char *value, size_t size, size_t at, Buffer *id) {
        while (at < size && value[at] != '>' && value[at] != '<') {
                if (value[at] == '"') {
                        at = take_quoted(value, size, at, id);
                        continue;
                }
                if (!is_space(value[at]))
                        buffer_append_char(id, value[at]);
                at++;
        }
        return at;
}

static bool has_both_sides(const Buffer *id) {
        const char *at = id->size > 0 ? memrchr(id->data, '@', id->size) : NULL;

        return at && at > id->data && at + 1 < id->data + id->size;
}

bool message_id_next(const char *value, size_t size, size_t *position, Buffer *ret_id) {
        size_t at = *position;

        while (at < size) {
                const char *open = memchr(value + at, '<', size - at);

                if (!open)
                        break;
                buffer_clear(ret_id);
                at = take_inside(value, size, (size_t) (open - value) + 1, ret_id);
                if (at < size && value[at] == '>' && has_both_sides(ret_id)) {
                        *position = at + 1;
                        return true;
                }
        }
        *position = size;
        return false;
}
