/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index table as text, and messages to put into one. */
#pragma once

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/buffer.h"
#include "basic/fd.h"
#include "harness.h"
#include "index/index-table.h"
#include "index/snapshot.h"

/* "1 2:20+kw 3-": UIDs, flags in hexadecimal, keywords, '-' gone, '!' changed, '*' recent, 'u' unclaimed. */
_unused_ static char *table_text(const IndexTable *table) {
        Buffer text = { 0 };

        buffer_append_text(&text, "");
        for (size_t i = 0; i < table->n_records; i++) {
                const IndexRecord *record = index_table_record(table, i);

                buffer_printf(&text, "%s%u", i > 0 ? " " : "", record->uid);
                if (record->flags)
                        buffer_printf(&text, ":%x", record->flags);
                for (size_t k = 0; k < table->n_keywords; k++)
                        if (index_table_keywords(table, i)[k / 64] >> (k % 64) & 1)
                                buffer_printf(&text, "+%s", table->keywords[k]);
                if (record->state & INDEX_GONE)
                        buffer_append_char(&text, '-');
                for (size_t k = 0; k < table->changed.n_uids; k++)
                        if (table->changed.uids[k] == record->uid) {
                                buffer_append_char(&text, '!');
                                break;
                        }
                if (index_table_is_recent(table, record))
                        buffer_append_char(&text, '*');
                if (index_table_is_unclaimed(table, record))
                        buffer_append_char(&text, 'u');
        }
        return buffer_take_text(&text);
}

#define CHECK_TABLE(table, want)                                \
        do {                                                    \
                _cleanup_free_ char *is = table_text(table);    \
                CHECK_TEXT(is, want);                           \
        } while (0)

_unused_ static void add(IndexTable *table, uint32_t uid, MessageFlags flags, uint64_t word) {
        IndexRecord record = { .uid = uid, .flags = (uint16_t) flags, .modseq = uid, .file_size = 10 * uid,
                               .internal_date_sec = -5, .wire_size = INDEX_SIZE_UNKNOWN, .letters = 3,
                               .email_id = 100 * uid, .save_date_sec = 10000 * uid };
        char base[20];
        int size = snprintf(base, sizeof(base), "%u.name", uid);

        CHECK(index_table_append(table, &record, base, (size_t) size, &word, 1));
        table->facts.uidnext = uid + 1;
}

#define _cleanup_table_ _cleanup_(index_table_done)

/* A snapshot of the table in a file without a name. */
_unused_ static int write_snapshot(const IndexTable *table, uint64_t generation) {
        int fd = memfd_create("snapshot", MFD_CLOEXEC);

        CHECK(fd >= 0);
        CHECK_NUMBER(snapshot_write(fd, table, &(SnapshotFacts){ .generation = generation }), 0);
        return fd;
}

_unused_ static int load_snapshot(int fd, IndexTable *ret_table, SnapshotFacts *ret_facts) {
        struct stat st;

        CHECK(fstat(fd, &st) == 0);
        return snapshot_load(fd, (uint64_t) st.st_size, ret_table, ret_facts);
}
