/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets are a chunk or none; of one every value lies within it, and it is written as read. */
#include <assert.h>
#include <stdint.h>

#include "index/value-chunk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_buffer_ Buffer octets = { 0 };
        ValueChunk chunk = { 0 }, again = { 0 };

        if (value_chunk_read(&chunk, data, size)) {
                for (size_t i = 0; i < VALUE_CHUNK_SLOTS; i++)
                        assert(!chunk.slots[i].is_known ||
                               (size_t) chunk.slots[i].offset + chunk.slots[i].size <= chunk.octets.size);
                value_chunk_append(&chunk, &octets);
                assert(value_chunk_read(&again, octets.data, octets.size));
                for (size_t i = 0; i < VALUE_CHUNK_SLOTS; i++)
                        assert(chunk.slots[i].is_known == again.slots[i].is_known);
        }
        value_chunk_done(&chunk);
        value_chunk_done(&again);
        return 0;
}
