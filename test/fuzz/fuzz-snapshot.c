/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * imapd.index, of any version, with checksums that are right: what is accepted can be walked over, and what was
 * not damaged is the same when it is written and read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "basic/fd.h"
#include "index/snapshot-header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t put_checksums(char *octets, size_t size, uint64_t at, uint64_t n_octets, size_t place) {
        for (uint64_t done = 0; done < n_octets; done += INDEX_BLOCK_OCTETS, place += 4) {
                uint64_t n = MIN(n_octets - done, (uint64_t) INDEX_BLOCK_OCTETS);
                uint32_t checksum = htole32(octets_checksum(octets + at + done, n));

                if (place + 4 > size)
                        return size;
                memcpy(octets + place, &checksum, 4);
        }
        return place;
}

/* So that the fuzzer need not find them. */
static void correct(char *octets, size_t size) {
        OctetReader reader = octet_reader(octets, size);
        IndexTable table = { 0 };
        SnapshotHeader header;
        size_t n_blocks, at;
        uint32_t checksum;

        if (!snapshot_header_take(&reader, size, &header, &table) || header.version != SNAPSHOT_VERSION ||
            header.front_octets > size)
                return;
        n_blocks = index_blocks_count(header.n_records * sizeof(IndexRecord)) +
                   index_blocks_count((uint64_t) header.n_records * header.n_words * 8) +
                   index_blocks_count(header.names_size);
        if (header.front_octets < SNAPSHOT_HEADER_OCTETS + n_blocks * 4 + 4)
                return;
        at = header.front_octets - 4 - n_blocks * 4;
        at = put_checksums(octets, size, header.records_at, header.n_records * sizeof(IndexRecord), at);
        at = put_checksums(octets, size, header.words_at, (uint64_t) header.n_records * header.n_words * 8, at);
        at = put_checksums(octets, size, header.names_at, header.names_size, at);
        checksum = htole32(octets_checksum(octets, at));
        memcpy(octets + at, &checksum, 4);
}

static int file_of(const void *data, size_t size) {
        int fd = memfd_create("fuzz", MFD_CLOEXEC);

        if (fd < 0 || fd_write_all(fd, data, size) < 0)
                abort();
        return fd;
}

static bool walk(IndexTable *table) {
        NumberSet uids = { 0 };
        size_t position;

        for (size_t i = 0; i < table->n_records; i++) {
                const char *name = index_table_name(table, i);

                if (strlen(name) > INDEX_NAME_MAX)
                        abort();
                (void) index_table_keywords(table, i);
        }
        (void) index_table_first_unseen(table, &position);
        (void) index_history_since(&table->history, 1, 0, &uids);
        number_set_done(&uids);
        return index_table_check_all(table);
}

static void write_and_read(const IndexTable *table, const SnapshotFacts *facts) {
        _cleanup_(index_table_done) IndexTable again = { 0 };
        _cleanup_close_ int fd = file_of("", 0);
        SnapshotFacts read;

        if (snapshot_write(fd, table, facts) != 0)
                return; /* a name that cannot be is found now */
        if (snapshot_load(fd, (uint64_t) lseek(fd, 0, SEEK_END), &again, &read) != SNAPSHOT_DONE ||
            again.n_records != table->n_records || read.generation != facts->generation)
                abort();
}

static void try_version_1(const uint8_t *data, size_t size) {
        _cleanup_buffer_ Buffer octets = { 0 };
        _cleanup_(index_table_done) IndexTable table = { 0 };
        SnapshotFacts facts = { 0 };

        if (size >= 4)
                size -= 4; /* a seed's own checksum */
        buffer_append(&octets, data, size);
        octets_put(&octets, octets_checksum(octets.data, octets.size), 4);
        if (snapshot_1_decode(octets.data, octets.size, &table, &facts.generation) && walk(&table))
                write_and_read(&table, &facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_free_ char *octets = memory_copy(data, size);
        _cleanup_(index_table_done) IndexTable table = { 0 };
        _cleanup_close_ int fd = -EBADF;
        SnapshotFacts facts;

        correct(octets, size);
        fd = file_of(octets, size);
        if (snapshot_load(fd, size, &table, &facts) == SNAPSHOT_DONE && walk(&table))
                write_and_read(&table, &facts);
        try_version_1(data, size);
        return 0;
}
