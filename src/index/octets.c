/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in files. */
#include "index/octets.h"

#include <zlib.h>

void octets_put(Buffer *target, uint64_t number, unsigned n_octets) {
        char octets[8];

        for (unsigned i = 0; i < n_octets; i++)
                octets[i] = (char) (number >> (8 * i) & 0xff);
        buffer_append(target, octets, n_octets);
}

const char *octets_take_run(OctetReader *reader, size_t size) {
        const char *run = (const char *) reader->at;

        if (reader->failed || size > reader->left) {
                reader->failed = true;
                reader->left = 0;
                return NULL;
        }
        reader->at += size;
        reader->left -= size;
        return run;
}

uint64_t octets_take(OctetReader *reader, unsigned n_octets) {
        const unsigned char *octets = (const void *) octets_take_run(reader, n_octets);
        uint64_t number = 0;

        for (unsigned i = 0; octets && i < n_octets; i++)
                number |= (uint64_t) octets[i] << (8 * i);
        return number;
}

uint32_t octets_checksum_more(uint32_t checksum, const void *data, size_t size) {
        return (uint32_t) crc32_z(checksum, data, size);
}

uint32_t octets_checksum(const void *data, size_t size) {
        return octets_checksum_more((uint32_t) crc32_z(0, NULL, 0), data, size);
}
