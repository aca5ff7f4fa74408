/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a snapshot: the front is read, the sections are mapped, or read where they are small. */
#include "basic/fd.h"
#include "basic/log.h"
#include "index/snapshot-header.h"

enum { FIRST_READ_OCTETS = 8 * 1024 };

/* A piece of the file in memory. */
static int read_at(int fd, uint64_t offset, char *data, size_t size, size_t *ret_size) {
        int r = fd_read_at(fd, offset, data, size, ret_size);

        return r < 0 ? failed(r, "read '%s'", SNAPSHOT_NAME) : 0;
}

static bool take_keywords(OctetReader *reader, const SnapshotHeader *header, IndexTable *table) {
        for (size_t i = 0; i < header->n_keywords; i++) {
                const char *name = (const char *) reader->at;
                const char *nul = reader->left > 0 ? memchr(name, '\0', reader->left) : NULL;

                if (!nul || !index_table_add_keyword(table, name, (size_t) (nul - name)))
                        return false;
                (void) octets_take_run(reader, (size_t) (nul - name) + 1);
        }
        return true;
}

static bool take_blocks(OctetReader *reader, size_t size, IndexBlocks **ret_blocks) {
        const char *checksums = octets_take_run(reader, index_blocks_count(size) * 4);

        if (checksums)
                *ret_blocks = index_blocks_new(size, checksums);
        return checksums;
}

/* The checksum is the last of the front. */
static bool take_front(const char *front, const SnapshotHeader *header, IndexTable *table) {
        size_t size = header->front_octets - 4, n = header->n_records;
        OctetReader checksum = octet_reader(front + size, 4);
        OctetReader reader = octet_reader(front, size);

        if (octets_take(&checksum, 4) != octets_checksum(front, size))
                return false;
        (void) octets_take_run(&reader, SNAPSHOT_HEADER_OCTETS);
        return take_keywords(&reader, header, table) && table->n_words == header->n_words &&
               take_blocks(&reader, n * sizeof(IndexRecord), &table->record_blocks) &&
               take_blocks(&reader, n * header->n_words * 8, &table->word_blocks) &&
               take_blocks(&reader, header->names_size, &table->name_blocks) && reader.left == 0;
}

static int load_sections(int fd, const SnapshotHeader *header, IndexTable *table) {
        size_t n = header->n_records;
        int r = region_load(&table->record_region, fd, header->records_at,
                            n * sizeof(IndexRecord));

        region_done(&table->word_region);
        if (r == 0)
                r = region_load(&table->word_region, fd, header->words_at,
                                n * header->n_words * 8);
        if (r == 0)
                r = region_load(&table->names, fd, header->names_at, header->names_size);
        if (r == 0)
                r = region_load(&table->history.region, fd, header->history_at,
                                header->n_history * sizeof(IndexExpunge));
        table->records = (IndexRecord *) (void *) table->record_region.data;
        table->keyword_words = (uint64_t *) (void *) table->word_region.data;
        table->n_records = n;
        table->history.n_items = table->history.n_unchecked = header->n_history;
        table->history.checksum = header->history_checksum;
        return r;
}

static void to_host(IndexRecord *record) {
        record->uid = le32toh(record->uid);
        record->name_offset = le32toh(record->name_offset);
        record->flags = le16toh(record->flags);
        record->save_date_sec = le32toh(record->save_date_sec);
        record->letters = le64toh(record->letters);
        record->modseq = le64toh(record->modseq);
        record->internal_date_sec = (int64_t) le64toh((uint64_t) record->internal_date_sec);
        record->file_size = le64toh(record->file_size);
        record->wire_size = le64toh(record->wire_size);
        record->email_id = le64toh(record->email_id);
}

/* On a big-endian machine everything is looked at, and turned round, at once. */
static bool convert(IndexTable *table) {
        IndexExpunge *expunge = (IndexExpunge *) (void *) table->history.region.data;
        size_t n;

        if (BYTE_ORDER == LITTLE_ENDIAN)
                return true;
        for (size_t i = 0; table->record_blocks && i < table->record_blocks->n_blocks; i++)
                (void) index_blocks_check(table->record_blocks, table->record_region.data, i);
        (void) index_history_items(&table->history, table->facts.highest_modseq, &n);
        if (!index_table_check_all(table))
                return false;
        for (size_t i = 0; i < table->n_records; i++)
                to_host(&table->records[i]);
        for (size_t i = 0; i < table->n_records * table->n_words; i++)
                table->keyword_words[i] = le64toh(table->keyword_words[i]);
        for (size_t i = 0; i < n; i++)
                expunge[i] = (IndexExpunge){
                        .first_uid = le32toh(expunge[i].first_uid),
                        .last_uid = le32toh(expunge[i].last_uid),
                        .modseq = le64toh(expunge[i].modseq), .sec = le32toh(expunge[i].sec),
                };
        return true;
}

static int load(int fd, const SnapshotHeader *header, char *front, size_t n_read,
                IndexTable *table) {
        size_t n = 0;
        int r = n_read < header->front_octets
                        ? read_at(fd, n_read, front + n_read, header->front_octets - n_read, &n)
                        : 0;

        if (r < 0)
                return r;
        if (n_read + n < header->front_octets ||
            header->front_octets < SNAPSHOT_HEADER_OCTETS + 4 ||
            !take_front(front, header, table))
                return SNAPSHOT_BROKEN;
        r = load_sections(fd, header, table);
        if (r < 0)
                return r;
        return convert(table) ? SNAPSHOT_DONE : SNAPSHOT_BROKEN;
}

static int load_1(int fd, uint64_t file_size, IndexTable *ret_table, SnapshotFacts *ret_facts) {
        _cleanup_free_ char *octets = NULL;
        size_t size = 0;
        int r;

        if (file_size > SNAPSHOT_1_OCTETS_MAX)
                return SNAPSHOT_BROKEN;
        octets = memory_new(1, (size_t) file_size + 1);
        r = read_at(fd, 0, octets, (size_t) file_size, &size);
        if (r < 0)
                return r;
        *ret_facts = (SnapshotFacts){ 0 };
        return snapshot_1_decode(octets, size, ret_table, &ret_facts->generation)
                       ? SNAPSHOT_OLD : SNAPSHOT_BROKEN;
}

int snapshot_load(int fd, uint64_t file_size, IndexTable *ret_table, SnapshotFacts *ret_facts) {
        size_t n_allocated = FIRST_READ_OCTETS, size = 0;
        _cleanup_free_ char *front = memory_new(1, n_allocated);
        _cleanup_(index_table_done) IndexTable table = { 0 };
        SnapshotHeader header;
        OctetReader reader;
        int r = read_at(fd, 0, front, FIRST_READ_OCTETS, &size);

        if (r < 0)
                return r;
        reader = octet_reader(front, size);
        if (!snapshot_header_take(&reader, file_size, &header, &table))
                return SNAPSHOT_BROKEN;
        if (header.version != SNAPSHOT_VERSION)
                return header.version < SNAPSHOT_VERSION
                               ? load_1(fd, file_size, ret_table, ret_facts) : SNAPSHOT_NEWER;
        if (header.front_octets > size)
                front = memory_grow(front, &n_allocated, header.front_octets, 1);
        r = load(fd, &header, front, size, &table);
        if (r != SNAPSHOT_DONE)
                return r;
        *ret_table = table;
        table = (IndexTable){ 0 };
        *ret_facts = header.facts;
        return SNAPSHOT_DONE;
}
