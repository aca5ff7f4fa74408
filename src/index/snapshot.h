/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd.index: a whole table as octets, with a checksum (doc/formats.md). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

typedef struct IndexTable IndexTable;

#define SNAPSHOT_NAME "imapd.index"

/** snapshot_encode() - what is gone is left out */
void snapshot_encode(const IndexTable *table, uint64_t generation, Buffer *target);

/**
 * snapshot_decode() - the opposite
 * @ret_table:  owned by the caller
 *
 * Return: false for anything that snapshot_encode() would not have written.
 */
[[nodiscard]] bool snapshot_decode(const void *data, size_t size, IndexTable *ret_table,
                                   uint64_t *ret_generation);
