/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd.log, each record with the checksum it should have: the table stays whole whatever they say. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "basic/fd.h"
#include "index/journal.h"
#include "index/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is payloads with a length in front, so that the fuzzer need not find checksums. */
static void frame(const uint8_t *data, size_t size, Buffer *log) {
        uint32_t sequence = 0;

        while (size > 0) {
                size_t n = data[0] < size - 1 ? data[0] : size - 1;
                size_t start = log->size;
                uint32_t checksum;

                octets_put(log, n, 4);
                octets_put(log, sequence++, 4);
                checksum = octets_checksum_more(octets_checksum(log->data + start, 8), data + 1, n);
                octets_put(log, checksum, 4);
                buffer_append(log, data + 1, n);
                data += n + 1;
                size -= n + 1;
        }
}

static void check(const IndexTable *table) {
        for (size_t i = 0; i < table->n_records; i++)
                if ((i > 0 && table->records[i - 1].uid >= table->records[i].uid) ||
                    table->records[i].uid >= table->facts.uidnext || table->n_words != (table->n_keywords + 63) / 64)
                        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_close_ int fd = memfd_create("fuzz", MFD_CLOEXEC);
        _cleanup_buffer_ Buffer log = { 0 };
        SnapshotFacts facts = { .generation = 1 };
        IndexTable table = { .facts = { .uidnext = 1 } }, read = { 0 };
        JournalRecord record;
        OctetReader reader;
        uint32_t sequence = 0;

        frame(data, size, &log);
        for (reader = octet_reader(log.data, log.size); journal_next(&reader, sequence, &record); sequence++)
                if (!journal_apply(&table, &record, JOURNAL_FOREIGN))
                        break;
        check(&table);
        if (snapshot_write(fd, &table, &facts) != 0 ||
            snapshot_load(fd, (uint64_t) lseek(fd, 0, SEEK_END), &read, &facts) != SNAPSHOT_DONE ||
            !index_table_check_all(&read) || read.counts.n_messages != table.counts.n_messages)
                abort();
        check(&read);
        index_table_done(&read);
        index_table_done(&table);
        return 0;
}
