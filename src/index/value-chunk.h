/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small values of neighbouring messages in one run of octets, so that a command that wants one of
 * each of 10,000 messages reads 157 times and not 10,000 times.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

enum { VALUE_CHUNK_SLOTS = 64, VALUE_CHUNK_VALUE_MAX = 16 * 1024 };

typedef struct ValueChunk {
        struct {
                bool is_known;
                uint32_t stamp;        /* of the message that it was made of */
                uint32_t offset, size; /* in octets */
        } slots[VALUE_CHUNK_SLOTS];
        Buffer octets;
} ValueChunk;

void value_chunk_done(ValueChunk *chunk);

/** value_chunk_read() - replace what is there; false when it is no chunk, and then it is empty */
bool value_chunk_read(ValueChunk *chunk, const void *data, size_t size);

/** value_chunk_append() - what value_chunk_read() reads */
void value_chunk_append(const ValueChunk *chunk, Buffer *target);

/** value_chunk_set() - at most VALUE_CHUNK_VALUE_MAX octets; what was there before is replaced */
void value_chunk_set(ValueChunk *chunk, size_t slot, uint32_t stamp, const void *data,
                     size_t size);
