/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd.index with a checksum that is right: what is accepted is written again as the same octets. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "index/index-table.h"
#include "index/octets.h"
#include "index/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_buffer_ Buffer octets = { 0 }, again = { 0 };
        IndexTable table = { 0 };
        uint64_t generation;

        if (size >= 4)
                size -= 4; /* a seed's own checksum */
        buffer_append(&octets, data, size);
        octets_put(&octets, octets_checksum(octets.data, octets.size), 4);
        if (!snapshot_decode(octets.data, octets.size, &table, &generation))
                return 0;
        snapshot_encode(&table, generation, &again);
        if (again.size != octets.size)
                abort();
        for (size_t i = 0; i < table.n_records; i++)
                if (strlen(index_table_name(&table, i)) > INDEX_NAME_MAX)
                        abort();
        index_table_done(&table);
        return 0;
}
