/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Date and size of a message: asked for when somebody wants them, and remembered. */
#include <sys/stat.h>

#include "maildir/message-name.h"
#include "store/message-cache.h"
#include "store/message.h"
#include "store/store-private.h"

/* By its known name, else wherever it is now. */
static int stat_message(Mailbox *box, size_t position, int64_t *ret_date_sec, uint64_t *ret_size) {
        const IndexRecord *record = index_table_record(index_table(box->index), position);
        _cleanup_(message_closep) Message *message = NULL;
        _cleanup_free_ char *name = mailbox_file_name(box, position);
        struct stat st;
        int r = disk_stat(box->folder.cur_fd, name, &st);

        if (r == DISK_DONE) {
                *ret_date_sec = st.st_mtime;
                *ret_size = (uint64_t) st.st_size;
                return STORE_DONE;
        }
        if (r != DISK_MISSING)
                return store_outcome(r);
        r = message_open(box, record->uid, &message);
        if (r == STORE_DONE) {
                *ret_date_sec = message_internal_date(message);
                *ret_size = message_file_size(message);
        }
        return r;
}

static int learn_file(Mailbox *box, size_t position) {
        IndexRecord *record = index_table_record(index_table(box->index), position);
        int64_t date_sec = 0;
        uint64_t size = 0;
        int r;

        if (record->internal_date_sec != INDEX_DATE_UNKNOWN &&
            record->file_size != INDEX_SIZE_UNKNOWN)
                return STORE_DONE;
        r = stat_message(box, position, &date_sec, &size);
        if (r == STORE_DONE) {
                record->internal_date_sec = date_sec;
                record->file_size = size;
                index_table_note_learned(index_table(box->index), position);
        }
        return r;
}

int mailbox_internal_date(Mailbox *box, size_t position, int64_t *ret_sec) {
        int r = learn_file(box, position);

        if (r == STORE_DONE)
                *ret_sec = index_table_record(index_table(box->index), position)->internal_date_sec;
        return r;
}

/*
 * What a name says (",S=" of the file, ",W=" on the wire) is believed if the file is as large as
 * it says: then neither has been changed since. A text is at most twice as long on the wire, when
 * it has nothing but line ends; what is longer belongs to a file that somebody compressed later.
 */
static bool find_size_in_name(const Mailbox *box, size_t position, uint64_t *ret_size) {
        const IndexTable *table = index_table(box->index);
        const char *base = index_table_name(table, position);
        uint64_t file_size;

        return message_name_size(base, strlen(base), 'S', &file_size) &&
               message_name_size(base, strlen(base), 'W', ret_size) &&
               file_size == table->records[position].file_size && *ret_size >= file_size &&
               *ret_size - file_size <= file_size;
}

/* Kept in memory, and written to the index when the mailbox is closed. */
void mailbox_note_wire_size(Mailbox *box, size_t position, uint64_t size) {
        IndexTable *table = index_table(box->index);

        index_table_set_wire_size(table, position, size);
        index_table_note_learned(table, position);
}

static int learn_wire_size(Mailbox *box, size_t position, Message *message) {
        uint64_t wire_size = 0;
        int r = STORE_DONE;

        if (message_is_compressed(message) || !find_size_in_name(box, position, &wire_size)) {
                r = message_wire_size(message, &wire_size);
                if (r != STORE_DONE)
                        return r;
                message_keep_wire_size(box, position, message_file_size(message), wire_size);
        }
        mailbox_note_wire_size(box, position, wire_size);
        return STORE_DONE;
}

/* A name may have said something else of a compressed one, before anybody looked at it. */
static bool is_wire_size(Message *message, uint64_t known) {
        uint64_t size = 0;

        if (!message_is_compressed(message))
                return known != INDEX_SIZE_UNKNOWN;
        return message_wire_size(message, &size) == STORE_DONE && size == known;
}

int mailbox_learn_wire_size(Mailbox *box, size_t position, Message *message,
                            uint64_t *ret_size) {
        IndexRecord *record = index_table_record(index_table(box->index), position);
        int r = STORE_DONE;

        if (!is_wire_size(message, record->wire_size)) {
                record->internal_date_sec = message_internal_date(message);
                record->file_size = message_file_size(message);
                r = learn_wire_size(box, position, message);
        }
        if (r == STORE_DONE)
                *ret_size = record->wire_size;
        return r;
}

int mailbox_wire_size(Mailbox *box, size_t position, uint64_t *ret_size) {
        const IndexRecord *record = index_table_record(index_table(box->index), position);
        _cleanup_(message_closep) Message *message = NULL;
        uint64_t wire_size = 0;
        int r = STORE_DONE;

        if (record->wire_size == INDEX_SIZE_UNKNOWN) {
                r = learn_file(box, position);
                if (r == STORE_DONE && find_size_in_name(box, position, &wire_size))
                        mailbox_note_wire_size(box, position, wire_size);
        }
        if (r == STORE_DONE && !message_cached_wire_size(box, position, &wire_size)) {
                r = message_open(box, record->uid, &message);
                if (r == STORE_DONE)
                        return mailbox_learn_wire_size(box, position, message, ret_size);
        }
        if (r == STORE_DONE)
                *ret_size = record->wire_size;
        return r;
}
