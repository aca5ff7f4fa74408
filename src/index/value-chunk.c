/* SPDX-License-Identifier: GPL-3.0-or-later */
/* n values (1); of each its slot (1), stamp (4), size (2); then their octets. */
#include "index/value-chunk.h"

#include "index/octets.h"

void value_chunk_done(ValueChunk *chunk) {
        buffer_done(&chunk->octets);
}

static void clear(ValueChunk *chunk) {
        for (size_t i = 0; i < VALUE_CHUNK_SLOTS; i++)
                chunk->slots[i].is_known = false;
        buffer_clear(&chunk->octets);
}

/* Return: how many octets the values have; SIZE_MAX when it is no chunk. */
static size_t read_table(ValueChunk *chunk, OctetReader *reader) {
        size_t n = octets_take(reader, 1), end = 0;

        if (n > VALUE_CHUNK_SLOTS)
                return SIZE_MAX;
        for (size_t i = 0; i < n; i++) {
                size_t slot = octets_take(reader, 1);
                uint32_t stamp = (uint32_t) octets_take(reader, 4);
                uint32_t size = (uint32_t) octets_take(reader, 2);

                if (slot >= VALUE_CHUNK_SLOTS || size > VALUE_CHUNK_VALUE_MAX)
                        return SIZE_MAX;
                chunk->slots[slot].is_known = true;
                chunk->slots[slot].stamp = stamp;
                chunk->slots[slot].offset = (uint32_t) end;
                chunk->slots[slot].size = size;
                end += size;
        }
        return reader->failed ? SIZE_MAX : end;
}

bool value_chunk_read(ValueChunk *chunk, const void *data, size_t size) {
        OctetReader reader = octet_reader(data, size);
        size_t n_octets;

        clear(chunk);
        n_octets = read_table(chunk, &reader);
        if (n_octets != reader.left) {
                clear(chunk);
                return false;
        }
        buffer_append(&chunk->octets, reader.at, reader.left);
        return true;
}

void value_chunk_append(const ValueChunk *chunk, Buffer *target) {
        size_t n = 0;

        for (size_t i = 0; i < VALUE_CHUNK_SLOTS; i++)
                n += chunk->slots[i].is_known;
        octets_put(target, n, 1);
        for (size_t i = 0; i < VALUE_CHUNK_SLOTS; i++)
                if (chunk->slots[i].is_known) {
                        octets_put(target, i, 1);
                        octets_put(target, chunk->slots[i].stamp, 4);
                        octets_put(target, chunk->slots[i].size, 2);
                }
        for (size_t i = 0; i < VALUE_CHUNK_SLOTS; i++)
                if (chunk->slots[i].is_known)
                        buffer_append(target, chunk->octets.data + chunk->slots[i].offset,
                                      chunk->slots[i].size);
}

void value_chunk_set(ValueChunk *chunk, size_t slot, uint32_t stamp, const void *data,
                     size_t size) {
        if (size > VALUE_CHUNK_VALUE_MAX)
                return;
        chunk->slots[slot].is_known = true;
        chunk->slots[slot].stamp = stamp;
        chunk->slots[slot].offset = (uint32_t) chunk->octets.size;
        chunk->slots[slot].size = (uint32_t) size;
        buffer_append(&chunk->octets, data, size);
}
