/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Little-endian numbers in files, and a reader that cannot read too far. */
#pragma once

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "basic/buffer.h"

void octets_put(Buffer *target, uint64_t number, unsigned n_octets);

/* What is left to read. After a read too far it is empty, and stays false. */
typedef struct OctetReader {
        const unsigned char *at;
        size_t left;
        bool failed;
} OctetReader;

static inline OctetReader octet_reader(const void *data, size_t size) {
        return (OctetReader){ .at = data, .left = size };
}

/* Inline: opening a mailbox takes a dozen numbers for each message. */

/** octets_take_run() - a run of size octets, borrowed; NULL when there is not that much left */
static inline const char *octets_take_run(OctetReader *reader, size_t size) {
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

/** octets_take() - a number; 0 when there is not that much left */
static inline uint64_t octets_take(OctetReader *reader, unsigned n_octets) {
        const char *run = octets_take_run(reader, n_octets);
        uint64_t number = 0;

        if (run)
                memcpy(&number, run, n_octets);
        return le64toh(number);
}

/** octets_checksum() - CRC-32 of zlib; the other goes on from a checksum with more octets */
uint32_t octets_checksum(const void *data, size_t size);
uint32_t octets_checksum_more(uint32_t checksum, const void *data, size_t size);
