/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks and their checksums. */
#include "index/index-blocks.h"

#include "basic/memory.h"
#include "index/octets.h"

IndexBlocks *index_blocks_new(size_t n_octets, const char *checksums) {
        size_t n = index_blocks_count(n_octets);
        OctetReader reader = octet_reader(checksums, n * 4);
        IndexBlocks *blocks;

        if (n == 0)
                return NULL;
        blocks = make(IndexBlocks, .n_octets = n_octets, .n_blocks = n, .n_unchecked = n,
                      .checksums = make_array(uint32_t, n),
                      .states = make_array(unsigned char, n));
        for (size_t i = 0; i < n; i++)
                blocks->checksums[i] = (uint32_t) octets_take(&reader, 4);
        return blocks;
}

IndexBlocks *index_blocks_free(IndexBlocks *blocks) {
        if (!blocks)
                return NULL;
        free(blocks->checksums);
        free(blocks->states);
        free(blocks);
        return NULL;
}

void index_blocks_set_damaged(IndexBlocks *blocks, size_t block) {
        blocks->states[block] = INDEX_BLOCK_DAMAGED;
        blocks->is_damaged = true;
}

IndexBlockState index_blocks_check(IndexBlocks *blocks, const char *data, size_t block) {
        size_t start = block * INDEX_BLOCK_OCTETS;

        if (!blocks || block >= blocks->n_blocks)
                return INDEX_BLOCK_GOOD;
        if (blocks->states[block] != INDEX_BLOCK_UNCHECKED)
                return blocks->states[block];
        blocks->n_unchecked--;
        if (octets_checksum(data + start, MIN((size_t) INDEX_BLOCK_OCTETS,
                                              blocks->n_octets - start)) ==
            blocks->checksums[block])
                blocks->states[block] = INDEX_BLOCK_GOOD;
        else
                index_blocks_set_damaged(blocks, block);
        return blocks->states[block];
}
