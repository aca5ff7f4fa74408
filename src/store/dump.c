/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What index and log of a mailbox hold, as lines of text. */
#include <errno.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "index/journal.h"
#include "maildir/message-name.h"
#include "store/inspect.h"
#include "store/store-private.h"

enum { LOG_OCTETS_MAX = 2000 * 1024 * 1024 };

/* Where lines go. */
typedef struct Dump {
        void (*on_line)(void *userdata, const char *line);
        void *userdata;
        Buffer line;
} Dump;

static void put_line(Dump *dump) {
        dump->on_line(dump->userdata, dump->line.data ? dump->line.data : "");
        buffer_clear(&dump->line);
}

static void append_size(Buffer *line, const char *label, uint64_t octets) {
        if (octets == INDEX_SIZE_UNKNOWN)
                buffer_printf(line, " %s=?", label);
        else
                buffer_printf(line, " %s=%llu", label, (unsigned long long) octets);
}

static void append_record(Buffer *line, const IndexRecord *record) {
        _cleanup_free_ char *letters = message_name_format("", 0, MESSAGE_SUFFIX_FLAGS,
                                                           record->flags, record->letters);

        buffer_printf(line, "uid=%u modseq=%llu flags=%s suffix=%u%s", record->uid,
                      (unsigned long long) record->modseq, letters + strlen(":2,"), record->suffix,
                      record->state & INDEX_UNCLAIMED ? " unclaimed" : "");
}

static void append_message(Buffer *line, const IndexRecord *record) {
        append_record(line, record);
        buffer_printf(line, " date=%lld", (long long) record->internal_date_sec);
        append_size(line, "size", record->file_size);
        append_size(line, "wire", record->wire_size);
        buffer_printf(line, " saved=%u email=%016llx", record->save_date_sec,
                      (unsigned long long) record->email_id);
}

static void append_keywords(Buffer *line, const uint64_t *words, size_t n_words) {
        const char *separator = " keywords=";

        for (size_t k = 0; k < n_words * 64; k++)
                if (words[k / 64] >> (k % 64) & 1) {
                        buffer_printf(line, "%s%zu", separator, k);
                        separator = ",";
                }
}

static void append_facts(Buffer *line, const IndexFacts *facts) {
        buffer_printf(line, "uidvalidity=%u uidnext=%u modseq=%llu listed=%lld dirty=%u "
                      "courier-uids=%u/%u", facts->uidvalidity, facts->uidnext,
                      (unsigned long long) facts->highest_modseq,
                      (long long) (facts->scan_usec / (int64_t) USEC_PER_SEC), facts->dirty,
                      facts->uids_written, facts->uids_reserved);
}

static void dump_table(Dump *dump, const IndexTable *table) {
        char object_id[MAILBOX_OBJECT_ID_SIZE];

        store_object_id_text(table->object_id, object_id);
        buffer_printf(&dump->line, "mailbox id=%s ", object_id);
        append_facts(&dump->line, &table->facts);
        put_line(dump);
        for (size_t k = 0; k < table->n_keywords; k++) {
                buffer_printf(&dump->line, "keyword %zu %s", k, table->keywords[k]);
                put_line(dump);
        }
        for (size_t i = 0; i < table->n_records; i++) {
                const IndexRecord *record = index_table_record(table, i);

                if (record->state & INDEX_GONE)
                        continue;
                buffer_append_text(&dump->line, "message ");
                append_message(&dump->line, record);
                append_keywords(&dump->line, index_table_keywords(table, i), table->n_words);
                buffer_printf(&dump->line, " name=%s", index_table_name(table, i));
                put_line(dump);
        }
}

static void append_expunge(Buffer *line, const IndexExpunge *expunge) {
        buffer_printf(line, "uid=%u", expunge->first_uid);
        if (expunge->last_uid != expunge->first_uid)
                buffer_printf(line, ":%u", expunge->last_uid);
        buffer_printf(line, " modseq=%llu", (unsigned long long) expunge->modseq);
}

static void append_learned(Buffer *line, const IndexRecord *record) {
        buffer_printf(line, "uid=%u date=%lld", record->uid,
                      (long long) record->internal_date_sec);
        append_size(line, "size", record->file_size);
        append_size(line, "wire", record->wire_size);
}

static void dump_record(Dump *dump, const JournalRecord *record) {
        static const char *const names[_JOURNAL_KIND_MAX] = {
                [JOURNAL_ADD_1] = "add", [JOURNAL_ADD] = "add", [JOURNAL_FLAGS] = "flags",
                [JOURNAL_EXPUNGE_1] = "expunge", [JOURNAL_EXPUNGE] = "expunge",
                [JOURNAL_KEYWORD] = "keyword", [JOURNAL_SIZE_1] = "size",
                [JOURNAL_LEARNED] = "learned", [JOURNAL_CLAIM_1] = "claim",
                [JOURNAL_CLAIM] = "claim", [JOURNAL_FACTS_1] = "facts", [JOURNAL_FACTS] = "facts",
                [JOURNAL_SYNCED] = "synced",
        };
        Buffer *line = &dump->line;

        buffer_printf(line, "%s ", names[record->kind] ? names[record->kind] : "record");
        if (record->kind == JOURNAL_ADD || record->kind == JOURNAL_ADD_1)
                append_message(line, &record->record);
        else if (record->kind == JOURNAL_FLAGS)
                append_record(line, &record->record);
        else if (record->kind == JOURNAL_FACTS || record->kind == JOURNAL_FACTS_1)
                append_facts(line, &record->facts);
        else if (record->kind == JOURNAL_EXPUNGE || record->kind == JOURNAL_EXPUNGE_1)
                append_expunge(line, &record->expunge);
        else if (record->kind == JOURNAL_LEARNED || record->kind == JOURNAL_SIZE_1)
                append_learned(line, &record->record);
        else if (record->kind == JOURNAL_CLAIM || record->kind == JOURNAL_CLAIM_1)
                buffer_printf(line, "uid=%u", record->record.uid);
        append_keywords(line, record->words, ELEMENTSOF(record->words));
        if (record->base_size > 0)
                buffer_printf(line, "%s%.*s", record->kind == JOURNAL_KEYWORD ? "" : " name=",
                              (int) record->base_size, record->base);
        put_line(dump);
}

static int dump_log(Dump *dump, int dir_fd) {
        _cleanup_free_ char *octets = NULL;
        JournalHeader kind;
        uint64_t generation;
        OctetReader reader;
        JournalRecord record;
        size_t size;
        int r = disk_read(dir_fd, JOURNAL_NAME, LOG_OCTETS_MAX, &octets, &size, NULL);

        if (r != DISK_DONE)
                return r == DISK_MISSING ? STORE_DONE : store_outcome(r);
        kind = journal_read_header(octets, size, &generation);
        if (kind == JOURNAL_HEADER_DAMAGED || kind == JOURNAL_HEADER_NEWER) {
                buffer_append_text(&dump->line, kind == JOURNAL_HEADER_NEWER
                                                        ? "a newer version of the server wrote it"
                                                        : "the header is damaged");
                put_line(dump);
                return STORE_DONE;
        }
        buffer_printf(&dump->line, "log generation=%llu octets=%zu",
                      (unsigned long long) generation, size);
        put_line(dump);
        reader = octet_reader(octets + JOURNAL_HEADER_OCTETS, size - JOURNAL_HEADER_OCTETS);
        for (uint32_t sequence = 0; journal_next(&reader, sequence, &record); sequence++) {
                buffer_printf(&dump->line, "%u ", sequence);
                dump_record(dump, &record);
        }
        return STORE_DONE;
}

int store_dump(MailStore *store, const char *name, StoreDump which,
               void (*on_line)(void *userdata, const char *line), void *userdata) {
        _cleanup_(index_closep) Index *index = NULL;
        _cleanup_close_ int fd = -EBADF;
        Dump dump = { .on_line = on_line, .userdata = userdata };
        int r = store_open_directory(store, name, &fd);

        if (r != STORE_DONE)
                return r;
        if (which == STORE_DUMP_LOG) {
                r = dump_log(&dump, fd);
        } else {
                r = index_open(fd, &index);
                if (r == INDEX_DONE)
                        dump_table(&dump, index_table(index));
                r = r == INDEX_FORBIDDEN ? STORE_UNREADABLE : MIN(r, 0);
        }
        buffer_done(&dump.line);
        return r;
}
