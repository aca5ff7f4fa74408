/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots of version 1: packed, with one checksum; read to be written anew as version 2. */
#include "index/snapshot.h"

#include "basic/memory.h"
#include "index/index-facts.h"
#include "index/index-table.h"
#include "index/octets.h"

static const char magic[8] = "IMAPDIDX";

enum { VERSION = 1, RECORD_OCTETS = 52 };

typedef struct Header {
        uint64_t generation;
        size_t n_records, n_words, n_keywords;
} Header;

/* A NUL-terminated text, and its size without the NUL; NULL when none ends here. */
static const char *take_text(OctetReader *reader, size_t *ret_size) {
        const char *nul = reader->left > 0 ? memchr(reader->at, '\0', reader->left) : NULL;

        if (!nul)
                return NULL;
        *ret_size = (size_t) (nul - (const char *) reader->at);
        return octets_take_run(reader, *ret_size + 1);
}

static bool take_header(OctetReader *reader, Header *ret_header, IndexTable *table) {
        const char *start = octets_take_run(reader, sizeof(magic));

        if (!start || memcmp(start, magic, sizeof(magic)) != 0 ||
            octets_take(reader, 4) != VERSION)
                return false;
        ret_header->generation = octets_take(reader, 8);
        ret_header->n_records = octets_take(reader, 4);
        ret_header->n_words = octets_take(reader, 4);
        ret_header->n_keywords = octets_take(reader, 4);
        table->facts = index_facts_take_1(reader);
        if (reader->failed || ret_header->n_keywords > INDEX_KEYWORDS_MAX ||
            ret_header->n_words != (ret_header->n_keywords + 63) / 64)
                return false;
        for (size_t i = 0; i < ret_header->n_keywords; i++) {
                size_t size;
                const char *name = take_text(reader, &size);

                if (!name || !index_table_add_keyword(table, name, size))
                        return false;
        }
        return true;
}

static IndexRecord take_record(OctetReader *reader) {
        IndexRecord record = { 0 };

        record.uid = (uint32_t) octets_take(reader, 4);
        record.name_offset = (uint32_t) octets_take(reader, 4);
        record.flags = (uint16_t) octets_take(reader, 2);
        record.suffix = (uint8_t) octets_take(reader, 1);
        record.state = (uint8_t) octets_take(reader, 1);
        record.letters = octets_take(reader, 8);
        record.modseq = octets_take(reader, 8);
        record.internal_date_sec = (int64_t) octets_take(reader, 8);
        record.file_size = octets_take(reader, 8);
        record.wire_size = octets_take(reader, 8);
        return record;
}

static bool take_records(OctetReader *reader, const Header *header, IndexTable *table) {
        size_t record_octets = RECORD_OCTETS + header->n_words * 8;
        uint64_t words[INDEX_KEYWORDS_MAX / 64];
        OctetReader names;
        const char *start;

        if (header->n_records > reader->left / record_octets)
                return false;
        names = octet_reader(reader->at + header->n_records * record_octets,
                             reader->left - header->n_records * record_octets);
        start = (const char *) names.at;
        for (size_t i = 0; i < header->n_records; i++) {
                IndexRecord record = take_record(reader);
                size_t size;
                const char *name = take_text(&names, &size);

                for (size_t word = 0; word < header->n_words; word++)
                        words[word] = octets_take(reader, 8);
                if (name)
                        record.email_id = index_email_id(name, size, record.internal_date_sec);
                if (!name || record.name_offset != name - start ||
                    record.uid >= table->facts.uidnext ||
                    (record.state & ~INDEX_UNCLAIMED) != 0 ||
                    (record.flags & ~FLAGS_STORED) != 0 ||
                    !index_table_append(table, &record, name, size, words, header->n_words))
                        return false;
        }
        return names.left == 0;
}

bool snapshot_1_decode(const void *data, size_t size, IndexTable *ret_table,
                       uint64_t *ret_generation) {
        OctetReader reader = octet_reader(data, size < 4 ? 0 : size - 4);
        IndexTable table = { 0 };
        Header header = { 0 };
        OctetReader checksum;

        if (size < 4)
                return false;
        checksum = octet_reader((const char *) data + size - 4, 4);
        if (octets_take(&checksum, 4) != octets_checksum(data, size - 4) ||
            !take_header(&reader, &header, &table) || !take_records(&reader, &header, &table)) {
                index_table_done(&table);
                return false;
        }
        *ret_table = table;
        *ret_generation = header.generation;
        return true;
}
