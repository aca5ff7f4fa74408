/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The blocks of a section of a snapshot: each is compared with its checksum when it is first
 * looked at, and never again, because what is in memory may be changed from then on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INDEX_BLOCK_OCTETS = 64 * 1024 };

typedef enum IndexBlockState {
        INDEX_BLOCK_UNCHECKED = 0,
        INDEX_BLOCK_GOOD,
        INDEX_BLOCK_DAMAGED,
} IndexBlockState;

typedef struct IndexBlocks {
        size_t n_octets; /* of the section as it was written */
        size_t n_blocks, n_unchecked;
        bool is_damaged; /* one of them is */
        uint32_t *checksums;   /* owned */
        unsigned char *states; /* owned; IndexBlockState */
} IndexBlocks;

static inline size_t index_blocks_count(uint64_t n_octets) {
        return (size_t) ((n_octets + INDEX_BLOCK_OCTETS - 1) / INDEX_BLOCK_OCTETS);
}

/** index_blocks_new() - @checksums: index_blocks_count() little-endian numbers; NULL for none */
IndexBlocks *index_blocks_new(size_t n_octets, const char *checksums);
IndexBlocks *index_blocks_free(IndexBlocks *blocks);

/** index_blocks_need_check() - nobody has looked at the block of this octet yet */
static inline bool index_blocks_need_check(const IndexBlocks *blocks, size_t offset) {
        return blocks && blocks->n_unchecked > 0 && offset < blocks->n_octets &&
               blocks->states[offset / INDEX_BLOCK_OCTETS] == INDEX_BLOCK_UNCHECKED;
}

/**
 * index_blocks_check() - look at one block of the section that starts at data
 *
 * Return: its state, INDEX_BLOCK_GOOD for what is not in the section.
 */
IndexBlockState index_blocks_check(IndexBlocks *blocks, const char *data, size_t block);

/** index_blocks_set_damaged() - what is in it cannot be, in spite of its checksum */
void index_blocks_set_damaged(IndexBlocks *blocks, size_t block);
