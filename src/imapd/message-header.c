/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a file up to its first blank line. */
#include "imapd/message-header.h"

#include <string.h>

#include "mime/header.h"

enum { PIECE_OCTETS = 8 * 1024 };

/* The end of the header behind its blank line; 0 when that has not come yet. */
static size_t find_end(const Buffer *header, size_t from) {
        const char *data = header->data, *end = header->data + header->size;
        const char *at = data + from;

        if (from == 0 && header->size > 0 && data[0] == '\n')
                return 1;
        if (from == 0 && header->size > 1 && memcmp(data, "\r\n", 2) == 0)
                return 2;
        while ((at = memchr(at, '\n', (size_t) (end - at)))) {
                at++;
                if (at < end && *at == '\n')
                        return (size_t) (at - data) + 1;
                if (end - at > 1 && at[0] == '\r' && at[1] == '\n')
                        return (size_t) (at - data) + 2;
        }
        return 0;
}

int message_header_read(Message *message, Buffer *target) {
        _cleanup_buffer_ Buffer header = { 0 };
        size_t end = 0;

        while (end == 0 && header.size < MESSAGE_HEADER_OCTETS_MAX) {
                /* A line end and CR may stand at the end of the piece before. */
                size_t from = header.size > 2 ? header.size - 2 : 0, n;
                int r;

                r = message_read_at(message, header.size, buffer_reserve(&header, PIECE_OCTETS),
                                    PIECE_OCTETS, &n);
                if (r < 0)
                        return r;
                if (n == 0)
                        break;
                buffer_commit(&header, n);
                end = find_end(&header, from);
        }
        buffer_append(target, header.data, end > 0 ? end : header.size);
        return 0;
}

char *header_first_field(const char *header, size_t size, const char *name) {
        _cleanup_buffer_ Buffer value = { 0 };
        HeaderField field;
        size_t position = 0;

        while (header_next(header, size, &position, &field))
                if (header_field_is(&field, name)) {
                        header_unfold(field.value, field.value_size, &value);
                        return buffer_take_text(&value);
                }
        return NULL;
}
