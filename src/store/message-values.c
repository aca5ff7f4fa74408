/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chunks of 64 UIDs, one at a time in memory. */
#include "store/message-values.h"

#include "index/cache.h"
#include "index/value-chunk.h"
#include "store/message-cache.h"
#include "store/store-private.h"

struct MessageValues {
        Mailbox *box; /* borrowed */
        MessageValueKind kind;
        uint64_t number;  /* of the chunk that is here, from 1; 0: none is */
        bool has_changed;
        ValueChunk chunk;
        Buffer octets; /* as the cache has them */
};

static uint64_t mix(uint64_t sum, uint64_t word) {
        sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        return sum ^ sum >> 29;
}

/* Both words say which chunk of which mailbox it is. */
static CacheKey key_of(const MessageValues *values) {
        const IndexTable *table = index_table(values->box->index);
        uint64_t halves[2], what = mix(mix(0, values->number), (uint64_t) values->kind);

        memcpy(halves, table->object_id, sizeof(halves));
        what = mix(what, table->facts.uidvalidity);
        return (CacheKey){ mix(mix(what, halves[0]), halves[1]),
                           mix(mix(halves[1], what), halves[0]) };
}

static void hand_over(MessageValues *values) {
        Cache *cache = values->has_changed ? message_cache_of(values->box) : NULL;

        if (cache) {
                buffer_clear(&values->octets);
                value_chunk_append(&values->chunk, &values->octets);
                cache_put(cache, CACHE_VALUES, key_of(values), values->octets.data,
                          values->octets.size);
        }
        values->has_changed = false;
}

static void load(MessageValues *values, uint64_t number) {
        Cache *cache = message_cache_of(values->box);

        hand_over(values);
        values->number = number;
        buffer_clear(&values->octets);
        if (cache)
                (void) cache_get(cache, CACHE_VALUES, key_of(values), &values->octets);
        /* What is not there, or no chunk, is an empty one. */
        (void) value_chunk_read(&values->chunk, values->octets.data, values->octets.size);
}

MessageValues *message_values_new(Mailbox *box, MessageValueKind kind) {
        return make(MessageValues, .box = box, .kind = kind);
}

MessageValues *message_values_free(MessageValues *values) {
        if (!values)
                return NULL;
        hand_over(values);
        value_chunk_done(&values->chunk);
        buffer_done(&values->octets);
        free(values);
        return NULL;
}

/* Another file under the same UID has another one. */
static bool find_stamp(Mailbox *box, size_t position, uint32_t *ret_stamp) {
        CacheKey key;

        if (!message_cache_key(box, position, &key))
                return false;
        *ret_stamp = (uint32_t) (mix(key.email_id, key.file_size) >> 20);
        return true;
}

static size_t slot_of(Mailbox *box, size_t position) {
        return index_table(box->index)->records[position].uid % VALUE_CHUNK_SLOTS;
}

bool message_values_get(MessageValues *values, size_t position, const char **ret_data,
                        size_t *ret_size) {
        uint64_t number = index_table(values->box->index)->records[position].uid /
                                  VALUE_CHUNK_SLOTS + 1;
        size_t slot = slot_of(values->box, position);
        uint32_t stamp;

        if (number != values->number)
                load(values, number);
        if (!values->chunk.slots[slot].is_known || !find_stamp(values->box, position, &stamp) ||
            values->chunk.slots[slot].stamp != stamp)
                return false;
        *ret_data = values->chunk.octets.data + values->chunk.slots[slot].offset;
        *ret_size = values->chunk.slots[slot].size;
        return true;
}

void message_values_put(MessageValues *values, size_t position, const void *data, size_t size) {
        uint32_t stamp;

        if (size > VALUE_CHUNK_VALUE_MAX || !find_stamp(values->box, position, &stamp))
                return;
        value_chunk_set(&values->chunk, slot_of(values->box, position), stamp, data, size);
        values->has_changed = true;
}
