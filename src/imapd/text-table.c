/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open addressing with a hash that nobody outside can know. */
#include "imapd/text-table.h"

#include <string.h>
#include <sys/random.h>

struct TextSlot {
        const char *text; /* in the arena; NULL: free */
        uint32_t size, number;
        uint64_t hash;
};

enum { SLOTS_AT_FIRST = 64 };

void text_table_init(TextTable *table) {
        *table = (TextTable){ .slots = make_array(TextSlot, SLOTS_AT_FIRST),
                              .n_slots = SLOTS_AT_FIRST };
        (void) getrandom(table->seed, sizeof(table->seed), 0); /* without it it is only slower */
}

void text_table_done(TextTable *table) {
        free(table->slots);
        arena_done(&table->arena);
        *table = (TextTable){ 0 };
}

/* Both halves of a product of 128 bits. */
static uint64_t fold(uint64_t a, uint64_t b) {
        unsigned __int128 product = (unsigned __int128) a * b;

        return (uint64_t) product ^ (uint64_t) (product >> 64);
}

static uint64_t hash_of(const TextTable *table, const char *text, size_t size) {
        uint64_t hash = table->seed[0] ^ size;

        while (size > 0) {
                size_t n = MIN(size, sizeof(uint64_t));
                uint64_t octets = 0;

                memcpy(&octets, text, n);
                hash = fold(hash ^ octets ^ UINT64_C(0x9e3779b97f4a7c15),
                            table->seed[1] | UINT64_C(0x8000000000000001));
                text += n;
                size -= n;
        }
        return fold(hash ^ table->seed[1], UINT64_C(0xd6e8feb86659fd93));
}

static TextSlot *slot_of(const TextTable *table, uint64_t hash, const char *text, size_t size) {
        size_t i = (size_t) hash & (table->n_slots - 1);

        while (table->slots[i].text &&
               (table->slots[i].hash != hash || table->slots[i].size != size ||
                memcmp(table->slots[i].text, text, size) != 0))
                i = (i + 1) & (table->n_slots - 1);
        return &table->slots[i];
}

static void double_slots(TextTable *table) {
        TextTable larger = *table;

        larger.n_slots = table->n_slots * 2;
        larger.slots = make_array(TextSlot, larger.n_slots);
        for (size_t i = 0; i < table->n_slots; i++) {
                const TextSlot *slot = &table->slots[i];

                if (slot->text)
                        *slot_of(&larger, slot->hash, slot->text, slot->size) = *slot;
        }
        free(table->slots);
        table->slots = larger.slots;
        table->n_slots = larger.n_slots;
}

uint32_t text_table_add(TextTable *table, const char *text, size_t size) {
        uint64_t hash = hash_of(table, text, size);
        TextSlot *slot = slot_of(table, hash, text, size);

        if (slot->text)
                return slot->number;
        if (++table->n_texts * 2 > table->n_slots) {
                double_slots(table);
                slot = slot_of(table, hash, text, size);
        }
        *slot = (TextSlot){ .text = arena_copy(&table->arena, text, size),
                            .size = (uint32_t) size, .number = ++table->n_numbers, .hash = hash };
        table->size_octets += size + 3 * sizeof(TextSlot);
        return slot->number;
}

uint32_t text_table_add_nameless(TextTable *table) {
        return ++table->n_numbers;
}
