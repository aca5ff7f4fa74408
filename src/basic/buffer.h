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
void buffer_append(Buffer *buffer, const void *data, size_t size);
void buffer_append_text(Buffer *buffer, const char *text);
void buffer_append_char(Buffer *buffer, char c);
void buffer_append_number(Buffer *buffer, uint64_t number);
void buffer_printf(Buffer *buffer, const char *format, ...) _printf_(2, 3);

/** buffer_reserve() - room for size more octets; buffer_commit() makes them count */
char *buffer_reserve(Buffer *buffer, size_t size);
void buffer_commit(Buffer *buffer, size_t size);

/** buffer_drop_front() - remove size octets from the start */
void buffer_drop_front(Buffer *buffer, size_t size);

/** buffer_truncate() - forget what is behind the first size octets */
void buffer_truncate(Buffer *buffer, size_t size);

/** buffer_clear() - empty it, keep the memory */
void buffer_clear(Buffer *buffer);

/** buffer_take_text() - give the octets away as NUL-terminated text; the buffer is empty then */
[[nodiscard]] char *buffer_take_text(Buffer *buffer);
