/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growable run of octets. The one who appends foreign octets bounds them first. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

typedef struct Buffer {
        char *data; /* owned; NUL-terminated behind size after every append */
        size_t size;
        size_t n_allocated;
} Buffer;

#define _cleanup_buffer_ _cleanup_(buffer_done)

void buffer_done(Buffer *buffer);
void buffer_append_number(Buffer *buffer, uint64_t number);

/** buffer_append_utf8() - @c: a character of Unicode, at most 0x10ffff */
void buffer_append_utf8(Buffer *buffer, uint32_t c);
void buffer_printf(Buffer *buffer, const char *format, ...) _printf_(2, 3);

/** buffer_make_room() - what buffer_reserve() does when there is too little */
void buffer_make_room(Buffer *buffer, size_t size);

/** buffer_reserve() - room for size more octets; buffer_commit() makes them count */
static inline char *buffer_reserve(Buffer *buffer, size_t size) {
        if (buffer->n_allocated - buffer->size <= size)
                buffer_make_room(buffer, size);
        return buffer->data + buffer->size;
}

static inline void buffer_commit(Buffer *buffer, size_t size) {
        buffer->size += size;
        buffer->data[buffer->size] = '\0';
}

static inline void buffer_append(Buffer *buffer, const void *data, size_t size) {
        char *room = buffer_reserve(buffer, size);

        if (size > 0)
                memcpy(room, data, size);
        buffer_commit(buffer, size);
}

static inline void buffer_append_text(Buffer *buffer, const char *text) {
        buffer_append(buffer, text, strlen(text));
}

static inline void buffer_append_char(Buffer *buffer, char c) {
        *buffer_reserve(buffer, 1) = c;
        buffer_commit(buffer, 1);
}

/** buffer_drop_front() - remove size octets from the start */
void buffer_drop_front(Buffer *buffer, size_t size);

/** buffer_truncate() - forget what is behind the first size octets */
void buffer_truncate(Buffer *buffer, size_t size);

/** buffer_clear() - empty it, keep the memory */
void buffer_clear(Buffer *buffer);

/** buffer_take_text() - give the octets away as NUL-terminated text; the buffer is empty then */
[[nodiscard]] char *buffer_take_text(Buffer *buffer);
