/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers for texts: the same number for the same text, from 1 on. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "mime/arena.h"

typedef struct TextSlot TextSlot;

typedef struct TextTable {
        TextSlot *slots; /* owned; a power of two of them, at most half of them used */
        size_t n_slots, n_texts;
        Arena arena;      /* the texts */
        uint64_t seed[2]; /* of the hash: strangers choose the texts */
        uint32_t n_numbers;
        size_t size_octets; /* that it holds, roughly */
} TextTable;

void text_table_init(TextTable *table);
void text_table_done(TextTable *table);

/** text_table_add() - the number of a text, a new one if it was not there. Constant on average */
uint32_t text_table_add(TextTable *table, const char *text, size_t size);

/** text_table_add_nameless() - a number that no text has */
uint32_t text_table_add_nameless(TextTable *table);
