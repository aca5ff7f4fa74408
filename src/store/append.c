/* SPDX-License-Identifier: GPL-3.0-or-later */
/* APPEND: messages gathered in tmp/, then published and numbered together. */
#include "store/append.h"

#include <assert.h>
#include <sys/stat.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/text.h"
#include "maildir/expander.h"
#include "maildir/line-ends.h"
#include "maildir/message-file.h"
#include "maildir/message-name.h"
#include "store/append-target.h"
#include "store/binary-message.h"
#include "store/durability.h"
#include "store/store-private.h"

enum {
        CHUNK_OCTETS = 256 * 1024,          /* what is written at once */
        WRITE_OUT_OCTETS = 2 * 1024 * 1024, /* what goes to the disk while the rest comes */
};

/* A message that is complete. */
typedef struct Appended {
        MessageFile file;
        char *base;  /* owned */
        char *name;  /* owned; in cur/ */
        NameList keywords;
        MessageFlags flags;
        struct stat st;
        uint64_t wire_size;
        bool published;
} Appended;

struct Append {
        Mailbox *box;          /* owned; the target */
        MessageFile file;      /* the current message */
        bool has_file;
        bool has_begun;        /* some of it was written */
        BinaryMessage *binary; /* owned; its octets, if it came as literal8 */
        LineEnds ends;
        char *chunk;           /* owned; CHUNK_OCTETS + 1: gathered, not written yet */
        size_t n_chunk;
        size_t n_kept_back;    /* octets that the disk has not been told to write */
        Appended *messages;
        size_t n_messages, n_allocated;
        Unsynced unsynced;
        int failure;           /* the first outcome that was not STORE_DONE */
        bool committed;
};

int append_begin(MailStore *store, const char *name, Append **ret_append) {
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        int r = append_target_take(store, name, &box);

        if (r != STORE_DONE)
                return r;
        if (!box->can_write)
                return STORE_READ_ONLY;
        *ret_append = make(Append, .box = TAKE_PTR(box), .file = MESSAGE_FILE_NONE,
                           .chunk = memory_resize(NULL, CHUNK_OCTETS + 1, 1));
        return STORE_DONE;
}

Append *append_free(Append *append) {
        if (!append)
                return NULL;
        message_file_discard(&append->file);
        binary_message_free(append->binary);
        for (size_t i = 0; i < append->n_messages; i++) {
                message_file_discard(&append->messages[i].file);
                name_list_done(&append->messages[i].keywords);
                free(append->messages[i].base);
                free(append->messages[i].name);
        }
        unsynced_done(&append->unsynced);
        free(append->messages);
        free(append->chunk);
        if (append->committed)
                append_target_keep(append->box->store, append->box);
        else
                mailbox_close(append->box);
        free(append);
        return NULL;
}

static int keep_failure(Append *append, int disk_outcome) {
        if (append->failure == STORE_DONE)
                append->failure = store_outcome(disk_outcome);
        return append->failure;
}

/* A tmp/ that is gone means that the mailbox is. */
static int need_file(Append *append) {
        int r;

        if (append->has_file)
                return DISK_DONE;
        r = message_file_create(&append->box->folder, &append->box->store->names, &append->file);
        append->has_file = r == DISK_DONE;
        append->has_begun = false;
        append->n_kept_back = 0;
        append->ends = (LineEnds){ 0 };
        return r;
}

/* What begins like a compressed message would be read as one. */
static int write_chunk(Append *append) {
        size_t size = append->n_chunk;
        int r;

        append->n_chunk = 0;
        if (!append->has_begun && compression_of(append->chunk, size) != COMPRESSION_NONE) {
                append->failure = STORE_COMPRESSED;
                return DISK_FORBIDDEN;
        }
        append->has_begun = true;
        r = disk_write(append->file.fd, append->chunk, size, append->file.temporary);
        append->n_kept_back += size;
        if (append->n_kept_back >= WRITE_OUT_OCTETS) {
                append->n_kept_back = 0;
                unsynced_start(append->box->store->settings.sync, append->file.fd);
        }
        return r;
}

/* Return: DISK_… */
static int put(Append *append, const void *data, size_t size) {
        const char *at = data;
        int r = need_file(append);

        while (r == DISK_DONE && size > 0) {
                size_t n = MIN(size, CHUNK_OCTETS - append->n_chunk);

                append->n_chunk += line_ends_store(&append->ends, at, n,
                                                   append->chunk + append->n_chunk);
                if (append->n_chunk >= CHUNK_OCTETS / 2)
                        r = write_chunk(append);
                at += n;
                size -= n;
        }
        return r;
}

void append_expect_binary(Append *append) {
        assert(!append->binary && !append->has_file);
        append->binary = binary_message_new(append->box->folder.tmp_fd);
}

int append_write(Append *append, const void *data, size_t size) {
        if (append->failure != STORE_DONE)
                return append->failure;
        return keep_failure(append, append->binary
                                            ? binary_message_write(append->binary, data, size)
                                            : put(append, data, size));
}

static int on_binary(void *userdata, const char *data, size_t size) {
        return keep_failure(userdata, put(userdata, data, size));
}

/* The octets that were kept aside become the message's. */
static int put_binary(Append *append) {
        int r = binary_message_give(append->binary, on_binary, append);

        append->binary = binary_message_free(append->binary);
        if (append->failure == STORE_DONE)
                append->failure = r;
        return append->failure;
}

static int finish_file(Append *append, Appended *message, int64_t date_sec) {
        int r = need_file(append);

        if (r != DISK_DONE)
                return r;
        append->n_chunk += line_ends_finish(&append->ends, append->chunk + append->n_chunk);
        r = write_chunk(append);
        if (r != DISK_DONE)
                return r;
        message->wire_size = append->ends.n_wire;
        r = message_file_finish(&append->file, &append->box->store->names, date_sec,
                                &message->base, &message->st);
        return r == DISK_DONE ? unsynced_add(&append->unsynced, append->box->store->settings.sync,
                                             TAKE_FD(append->file.fd)) : r;
}

int append_message_done(Append *append, MessageFlags flags, char *const *keywords,
                        size_t n_keywords, int64_t internal_date_sec) {
        int64_t now = (int64_t) (clock_realtime_usec() / USEC_PER_SEC);
        Appended message = { .flags = flags & FLAGS_STORED, .file = MESSAGE_FILE_NONE };
        int r;

        if (append->failure != STORE_DONE || (append->binary && put_binary(append) != STORE_DONE))
                return append->failure;
        r = finish_file(append, &message,
                        internal_date_sec == APPEND_DATE_NOW ? now : internal_date_sec);
        if (r != DISK_DONE) {
                free(message.base);
                return keep_failure(append, r);
        }
        for (size_t i = 0; i < n_keywords; i++)
                name_list_add(&message.keywords, keywords[i]);
        message.name = message_name_format(message.base, strlen(message.base),
                                           MESSAGE_SUFFIX_FLAGS, message.flags, 0);
        message.file = append->file;
        append->file = MESSAGE_FILE_NONE;
        append->has_file = false;
        GROW(append->messages, append->n_messages, append->n_allocated);
        append->messages[append->n_messages++] = message;
        return STORE_DONE;
}

void append_result_done(AppendResult *result) {
        number_set_done(&result->uids);
        *result = (AppendResult){ 0 };
}

static int publish(Append *append, Appended *message, AppendResult *result) {
        Mailbox *box = append->box;
        uint64_t words[INDEX_KEYWORDS_MAX / 64] = { 0 };
        IndexMessage added = { .base = message->base, .words = words,
                               .n_words = ELEMENTSOF(words) };
        uint32_t uid;
        int r;

        for (size_t i = 0; i < message->keywords.n_names; i++) {
                size_t number;

                if (!index_change_keyword(box->index, message->keywords.names[i], &number))
                        return STORE_TOO_MANY_KEYWORDS;
                words[number / 64] |= UINT64_C(1) << (number % 64);
        }
        r = message_file_publish(&message->file, box->folder.cur_fd, message->name);
        if (r != DISK_DONE)
                return store_outcome(r);
        message->published = true;
        added.record = (IndexRecord){
                .flags = (uint16_t) message->flags, .suffix = MESSAGE_SUFFIX_FLAGS,
                .internal_date_sec = message->st.st_mtime,
                .file_size = (uint64_t) message->st.st_size, .wire_size = message->wire_size,
        };
        uid = index_change_add(box->index, &added);
        number_set_add(&result->uids, uid, uid);
        return STORE_DONE;
}

static int publish_all(Append *append, AppendResult *result) {
        DirectoryNote note = mailbox_note_before(append->box);
        bool has_keywords = false;
        int r = store_outcome(unsynced_sync(&append->unsynced, append->box->folder.tmp_fd));

        for (size_t i = 0; r == STORE_DONE && i < append->n_messages; i++) {
                has_keywords |= append->messages[i].keywords.n_names > 0;
                r = publish(append, &append->messages[i], result);
        }
        if (r != STORE_DONE)
                return r;
        mailbox_note_after(append->box, note,
                           INDEX_UIDS_DIRTY | (has_keywords ? INDEX_KEYWORDS_DIRTY : 0));
        append->box->is_cur_unsettled = true;
        r = mailbox_commit(append->box, 0);
        return r == STORE_DONE ? mailbox_settle(append->box) : r;
}

static void undo(Append *append) {
        index_change_drop(append->box->index);
        for (size_t i = 0; i < append->n_messages; i++)
                if (append->messages[i].published)
                        (void) disk_unlink(append->box->folder.cur_fd, append->messages[i].name);
}

int append_commit(Append *append, AppendResult *ret_result) {
        _cleanup_(append_result_done) AppendResult result = { 0 };
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        Mailbox *box = append->box;
        int r;

        if (append->failure != STORE_DONE)
                return append->failure;
        if (!folder_is_there(box->store->root_fd, box->directory, &box->folder))
                return STORE_NO_SUCH_MAILBOX;
        r = mailbox_lock(box, true, &lock);
        if (r == STORE_DONE)
                r = mailbox_synchronize_held(box);
        if (r != STORE_DONE)
                return r == STORE_MAILBOX_LOST ? STORE_NO_SUCH_MAILBOX : r;
        r = publish_all(append, &result);
        if (r != STORE_DONE) {
                undo(append);
                return r;
        }
        mailbox_write_back(box, INDEX_UIDS_DIRTY);
        result.uidvalidity = mailbox_uidvalidity(box);
        *ret_result = result;
        result = (AppendResult){ 0 };
        append->committed = true;
        return STORE_DONE;
}
