/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a snapshot, a block at a time. */
#include <errno.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/disk.h"
#include "basic/log.h"
#include "index/snapshot-header.h"

typedef struct Writer {
        int fd;
        uint64_t at;      /* where the next octet of the block goes */
        size_t n;         /* octets gathered for it */
        char *block;      /* owned; INDEX_BLOCK_OCTETS */
        Buffer checksums; /* of the blocks, as octets */
        int outcome;      /* the first that was not DISK_DONE */
} Writer;

static void writer_done(Writer *writer) {
        free(writer->block);
        buffer_done(&writer->checksums);
}

static void flush_block(Writer *writer) {
        if (writer->n > 0 && writer->outcome == DISK_DONE)
                writer->outcome = disk_write(writer->fd, writer->block, writer->n, SNAPSHOT_NAME);
        octets_put(&writer->checksums, octets_checksum(writer->block, writer->n), 4);
        writer->n = 0;
}

static void put(Writer *writer, const void *data, size_t size) {
        const char *at = data;

        while (size > 0) {
                size_t n = MIN(size, INDEX_BLOCK_OCTETS - writer->n);

                memcpy(writer->block + writer->n, at, n);
                writer->n += n;
                at += n;
                size -= n;
                if (writer->n == INDEX_BLOCK_OCTETS)
                        flush_block(writer);
        }
}

/* A section's last block is as long as it is; what is left to the next one reads as zeros. */
static void start_section(Writer *writer, uint64_t offset) {
        if (writer->outcome == DISK_DONE && lseek(writer->fd, (off_t) offset, SEEK_SET) < 0)
                writer->outcome = failed(-errno, "seek in '%s'", SNAPSHOT_NAME);
}

static void end_section(Writer *writer) {
        if (writer->n > 0)
                flush_block(writer);
}

/* On little-endian machines nothing of this does anything. */
static IndexRecord record_to_file(const IndexRecord *record, uint32_t name_offset) {
        IndexRecord stored = *record;

        stored.uid = htole32(record->uid);
        stored.name_offset = htole32(name_offset);
        stored.flags = htole16(record->flags);
        stored.state = record->state & INDEX_UNCLAIMED;
        stored.save_date_sec = htole32(record->save_date_sec);
        stored.letters = htole64(record->letters);
        stored.modseq = htole64(record->modseq);
        stored.internal_date_sec = (int64_t) htole64((uint64_t) record->internal_date_sec);
        stored.file_size = htole64(record->file_size);
        stored.wire_size = htole64(record->wire_size);
        stored.email_id = htole64(record->email_id);
        return stored;
}

static void put_records(Writer *writer, const IndexTable *table) {
        uint32_t name_offset = 0;

        for (size_t i = 0; i < table->n_records; i++) {
                const IndexRecord *record = index_table_record(table, i);
                IndexRecord stored;

                if (record->state & INDEX_GONE)
                        continue;
                stored = record_to_file(record, name_offset);
                put(writer, &stored, sizeof(stored));
                name_offset += (uint32_t) strlen(index_table_name(table, i)) + 1;
        }
        end_section(writer);
}

static void put_words(Writer *writer, const IndexTable *table) {
        for (size_t i = 0; table->n_words > 0 && i < table->n_records; i++) {
                const uint64_t *words = index_table_keywords(table, i);

                for (size_t k = 0; !(table->records[i].state & INDEX_GONE) && k < table->n_words;
                     k++)
                        put(writer, &(uint64_t){ htole64(words[k]) }, 8);
        }
        end_section(writer);
}

static void put_names(Writer *writer, const IndexTable *table) {
        for (size_t i = 0; i < table->n_records; i++) {
                const char *name = index_table_name(table, i);

                if (!(table->records[i].state & INDEX_GONE))
                        put(writer, name, strlen(name) + 1);
        }
        end_section(writer);
}

static uint32_t put_history(Writer *writer, const IndexExpunge *items, size_t n_items) {
        _cleanup_buffer_ Buffer octets = { 0 };
        uint32_t checksum;

        for (size_t i = 0; i < n_items; i++) {
                octets_put(&octets, items[i].first_uid, 4);
                octets_put(&octets, items[i].last_uid, 4);
                octets_put(&octets, items[i].modseq, 8);
                octets_put(&octets, items[i].sec, 4);
                octets_put(&octets, 0, 4);
        }
        checksum = octets_checksum(octets.data, octets.size);
        if (writer->outcome == DISK_DONE && octets.size > 0)
                writer->outcome = disk_write(writer->fd, octets.data, octets.size, SNAPSHOT_NAME);
        return checksum;
}

static size_t keyword_octets(const IndexTable *table) {
        size_t size = 0;

        for (size_t i = 0; i < table->n_keywords; i++)
                size += strlen(table->keywords[i]) + 1;
        return size;
}

static uint64_t align(uint64_t offset, uint64_t alignment) {
        return (offset + alignment - 1) / alignment * alignment;
}

/* Everything has its place before the first octet is written. */
static void lay_out(SnapshotHeader *header, const IndexTable *table) {
        uint64_t records = (uint64_t) header->n_records * sizeof(IndexRecord);
        uint64_t words = (uint64_t) header->n_records * header->n_words * 8;
        size_t n_blocks = index_blocks_count(records) + index_blocks_count(words) +
                          index_blocks_count(header->names_size);
        uint64_t page = (uint64_t) MAX(sysconf(_SC_PAGESIZE), (long) SNAPSHOT_PAGE_OCTETS);

        if (records + words + header->names_size < SNAPSHOT_MAPPED_OCTETS)
                page = 8;
        header->front_octets = (uint32_t) (SNAPSHOT_HEADER_OCTETS + keyword_octets(table) +
                                           n_blocks * 4 + 4);
        header->records_at = align(header->front_octets, page);
        header->words_at = align(header->records_at + records, page);
        header->names_at = align(header->words_at + words, page);
        header->history_at = align(header->names_at + header->names_size, 8);
}

static void put_front(Writer *writer, const SnapshotHeader *header, const IndexTable *table) {
        _cleanup_buffer_ Buffer front = { 0 };

        snapshot_header_put(&front, header, table);
        for (size_t i = 0; i < table->n_keywords; i++)
                buffer_append(&front, table->keywords[i], strlen(table->keywords[i]) + 1);
        buffer_append(&front, writer->checksums.data, writer->checksums.size);
        octets_put(&front, octets_checksum(front.data, front.size), 4);
        start_section(writer, 0);
        if (writer->outcome == DISK_DONE)
                writer->outcome = disk_write(writer->fd, front.data, front.size, SNAPSHOT_NAME);
}

int snapshot_write(int fd, const IndexTable *table, const SnapshotFacts *facts) {
        _cleanup_(writer_done) Writer writer = { .fd = fd,
                                                 .block = memory_new(1, INDEX_BLOCK_OCTETS) };
        SnapshotHeader header = { .facts = *facts, .n_words = (uint32_t) table->n_words,
                                  .n_keywords = (uint32_t) table->n_keywords };
        IndexTable as_written = *table;
        const IndexExpunge *items;
        size_t n_items, start;

        for (size_t i = 0; i < table->n_records; i++)
                if (!(index_table_record(table, i)->state & INDEX_GONE)) {
                        header.n_records++;
                        header.names_size += strlen(index_table_name(table, i)) + 1;
                }
        items = index_history_items(&as_written.history, table->facts.highest_modseq, &n_items);
        start = index_history_start(items, n_items,
                                    (int64_t) (clock_realtime_usec() / USEC_PER_SEC),
                                    &as_written.history.floor);
        header.n_history = (uint32_t) (n_items - start);
        lay_out(&header, table);
        start_section(&writer, header.records_at);
        put_records(&writer, table);
        start_section(&writer, header.words_at);
        put_words(&writer, table);
        start_section(&writer, header.names_at);
        put_names(&writer, table);
        start_section(&writer, header.history_at);
        header.history_checksum = put_history(&writer, start > 0 ? items + start : items,
                                              n_items - start);
        put_front(&writer, &header, &as_written);
        return index_table_is_damaged(table) && writer.outcome == DISK_DONE ? DISK_NOT_THAT_KIND
                                                                            : writer.outcome;
}
