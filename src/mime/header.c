/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of a header, whatever it looks like. */
#include "mime/header.h"

#include <string.h>

#include "basic/text.h"

static bool is_blank(char c) {
        return c == ' ' || c == '\t';
}

/* Where the line that starts at `at` ends, with its LF. */
static size_t line_end(const char *header, size_t size, size_t at) {
        const char *lf = memchr(header + at, '\n', size - at);

        return lf ? (size_t) (lf - header) + 1 : size;
}

static size_t without_line_end(const char *header, size_t start, size_t end) {
        if (end > start && header[end - 1] == '\n') {
                end--;
                if (end > start && header[end - 1] == '\r')
                        end--;
        }
        return end;
}

bool header_next(const char *header, size_t size, size_t *position, HeaderField *ret_field) {
        size_t start = *position, first_end, end, value_end;
        const char *colon = NULL;

        if (start >= size)
                return false;
        first_end = end = line_end(header, size, start);
        if (header[end - 1] == '\n' && without_line_end(header, start, end) == start) {
                *position = end;
                return false;
        }
        while (end < size && is_blank(header[end]))
                end = line_end(header, size, end);
        value_end = without_line_end(header, start, end);

        *ret_field = (HeaderField){
                .name = header + start, .value = header + start,
                .value_size = value_end - start, .offset = start, .size = end - start,
        };
        if (!is_blank(header[start]))
                colon = memchr(header + start, ':', first_end - start);
        if (colon) {
                ret_field->value = colon + 1;
                ret_field->value_size = (size_t) (header + value_end - ret_field->value);
                while (colon > ret_field->name && is_blank(colon[-1]))
                        colon--;
                ret_field->name_size = (size_t) (colon - ret_field->name);
        }
        *position = end;
        return true;
}

bool header_field_is(const HeaderField *field, const char *name) {
        return text_equal_nocase_range(field->name, field->name_size, name);
}

static bool is_space(char c) {
        return is_blank(c) || c == '\r' || c == '\n';
}

void header_unfold(const char *value, size_t size, Buffer *target) {
        while (size > 0 && is_space(value[0]))
                value++, size--;
        while (size > 0 && is_space(value[size - 1]))
                size--;
        while (size > 0) {
                size_t end = line_end(value, size, 0), content = without_line_end(value, 0, end);
                char *start = buffer_reserve(target, content);

                for (size_t i = 0; i < content; i++)
                        start[i] = value[i] != '\0' ? value[i] : (char) 0x80;
                buffer_commit(target, content);
                value += end;
                size -= end;
        }
}
