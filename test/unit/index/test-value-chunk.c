/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "index/value-chunk.h"

static bool has(const ValueChunk *chunk, size_t slot, uint32_t stamp, const char *text) {
        return chunk->slots[slot].is_known && chunk->slots[slot].stamp == stamp &&
               chunk->slots[slot].size == strlen(text) &&
               memcmp(chunk->octets.data + chunk->slots[slot].offset, text, strlen(text)) == 0;
}

TEST("values are read as they were set, the last one of a slot") {
        ValueChunk chunk = { 0 }, read = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };

        value_chunk_set(&chunk, 63, 7, "old", 3);
        value_chunk_set(&chunk, 0, 1, "first", 5);
        value_chunk_set(&chunk, 63, 0xffffffff, "last", 4);
        value_chunk_set(&chunk, 9, 2, NULL, 0);
        value_chunk_append(&chunk, &octets);
        CHECK(value_chunk_read(&read, octets.data, octets.size));
        CHECK(has(&read, 0, 1, "first") && has(&read, 9, 2, "") && has(&read, 63, 0xffffffff, "last"));
        CHECK(!read.slots[1].is_known);
        CHECK_NUMBER(read.octets.size, 9);
        value_chunk_done(&chunk);
        value_chunk_done(&read);
}

TEST("a value that is too long is not kept") {
        char *large = memory_new(1, VALUE_CHUNK_VALUE_MAX + 1);
        ValueChunk chunk = { 0 };

        value_chunk_set(&chunk, 1, 1, large, VALUE_CHUNK_VALUE_MAX + 1);
        CHECK(!chunk.slots[1].is_known);
        value_chunk_set(&chunk, 1, 1, large, VALUE_CHUNK_VALUE_MAX);
        CHECK(chunk.slots[1].is_known);
        value_chunk_done(&chunk);
        free(large);
}

TEST("what is no chunk leaves an empty one") {
        ValueChunk chunk = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };

        value_chunk_set(&chunk, 5, 1, "value", 5);
        value_chunk_append(&chunk, &octets);
        for (size_t size = 0; size < octets.size; size++)
                CHECK(!value_chunk_read(&chunk, octets.data, size) && !chunk.slots[5].is_known);
        buffer_append_char(&octets, 'x');
        CHECK(!value_chunk_read(&chunk, octets.data, octets.size));
        octets.data[1] = 64;
        CHECK(!value_chunk_read(&chunk, octets.data, octets.size - 1));
        octets.data[0] = 65;
        CHECK(!value_chunk_read(&chunk, octets.data, octets.size - 1));
        value_chunk_done(&chunk);
}

TESTS_END
