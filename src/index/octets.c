/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in files. */
#include "index/octets.h"

#include <zlib.h>

void octets_put(Buffer *target, uint64_t number, unsigned n_octets) {
        number = htole64(number);
        buffer_append(target, &number, n_octets);
}

uint32_t octets_checksum_more(uint32_t checksum, const void *data, size_t size) {
        return (uint32_t) crc32_z(checksum, data, size);
}

uint32_t octets_checksum(const void *data, size_t size) {
        return octets_checksum_more((uint32_t) crc32_z(0, NULL, 0), data, size);
}
