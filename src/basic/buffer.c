/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growable run of octets. */
#include "basic/buffer.h"

#include <stdio.h>

void buffer_done(Buffer *buffer) {
        free(buffer->data);
        *buffer = (Buffer){ 0 };
}

void buffer_make_room(Buffer *buffer, size_t size) {
        buffer->data = memory_grow(buffer->data, &buffer->n_allocated, buffer->size + size + 1, 1);
}

void buffer_append_number(Buffer *buffer, uint64_t number) {
        char digits[20];
        size_t at = sizeof(digits);

        do {
                digits[--at] = (char) ('0' + number % 10);
                number /= 10;
        } while (number > 0);
        buffer_append(buffer, digits + at, sizeof(digits) - at);
}

void buffer_printf(Buffer *buffer, const char *format, ...) {
        va_list args, again;
        int n;

        va_start(args, format);
        va_copy(again, args);
        n = vsnprintf(NULL, 0, format, args);
        va_end(args);
        if (n > 0) {
                char *room = buffer_reserve(buffer, (size_t) n);

                (void) vsnprintf(room, (size_t) n + 1, format, again); /* measured above */
                buffer_commit(buffer, (size_t) n);
        }
        va_end(again);
}

void buffer_drop_front(Buffer *buffer, size_t size) {
        if (size == 0)
                return;
        memmove(buffer->data, buffer->data + size, buffer->size - size);
        buffer->size -= size;
        buffer->data[buffer->size] = '\0';
}

void buffer_truncate(Buffer *buffer, size_t size) {
        buffer->size = size;
        if (buffer->data)
                buffer->data[size] = '\0';
}

void buffer_clear(Buffer *buffer) {
        buffer_truncate(buffer, 0);
}

char *buffer_take_text(Buffer *buffer) {
        char *text = buffer->data ? buffer->data : memory_copy("", 1);

        *buffer = (Buffer){ 0 };
        return text;
}

void buffer_append_utf8(Buffer *buffer, uint32_t c) {
        if (c < 0x80) {
                buffer_append_char(buffer, (char) c);
        } else if (c < 0x800) {
                buffer_append_char(buffer, (char) (0xc0 | c >> 6));
                buffer_append_char(buffer, (char) (0x80 | (c & 0x3f)));
        } else if (c < 0x10000) {
                buffer_append_char(buffer, (char) (0xe0 | c >> 12));
                buffer_append_char(buffer, (char) (0x80 | (c >> 6 & 0x3f)));
                buffer_append_char(buffer, (char) (0x80 | (c & 0x3f)));
        } else {
                buffer_append_char(buffer, (char) (0xf0 | c >> 18));
                buffer_append_char(buffer, (char) (0x80 | (c >> 12 & 0x3f)));
                buffer_append_char(buffer, (char) (0x80 | (c >> 6 & 0x3f)));
                buffer_append_char(buffer, (char) (0x80 | (c & 0x3f)));
        }
}
