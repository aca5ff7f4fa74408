/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages: their octets, and what they come to on the wire. */
#include "store/message.h"

#include <errno.h>
#include <sys/stat.h>

#include "basic/log.h"
#include "maildir/message-file.h"
#include "mime/parser.h"
#include "mime/wire.h"
#include "search/search-message.h"
#include "store/message-cache.h"
#include "store/message-octets.h"
#include "store/store-private.h"

enum { CHUNK_OCTETS = MESSAGE_WINDOW_OCTETS };

struct Message {
        MessageOctets octets;
        uint64_t file_size;
        bool is_compressed; /* then wire_size is known */
        int64_t internal_date_sec;
        uint64_t wire_size; /* INDEX_SIZE_UNKNOWN at first, if the index did not know */
        MimePart *root;     /* owned; NULL until somebody asks */
        MimePart *places;   /* owned; what the cache knows of it */
        bool was_looked_up; /* the cache does not know them if they are not here */
        bool is_kept;       /* the cache has been told */
};

/* Parts that fill the message in its size of now. */
static void look_up_places(Message *message, Mailbox *box, size_t position) {
        message->places = message_cached_places(box, position, message->file_size,
                                                message->octets.size);
        message->was_looked_up = true;
}

/* A compressed file is replaced by what it expands to. */
static int expand_compressed(Message *message, const Mailbox *box, const char *name) {
        _cleanup_(expanded_message_done) ExpandedMessage expanded = { .spool = SPOOL_NONE };
        Compression compression;
        int r = message_octets_probe(&message->octets, &compression);

        if (r < 0 || compression == COMPRESSION_NONE)
                return r;
        r = message_expand(compression, message->octets.fd, box->folder.tmp_fd, name,
                           EXPANSION_OCTETS_MAX, &expanded);
        if (r != STORE_DONE)
                return r;
        message_octets_replace(&message->octets, &expanded.spool);
        message->wire_size = expanded.wire_size;
        message->is_compressed = true;
        message->was_looked_up = false;
        return STORE_DONE;
}

/* A message is gone, or there and closed to us. */
static int outcome_of_opening(int r, const char *name) {
        if (r == DISK_MISSING)
                return STORE_EXPUNGED;
        if (r != DISK_FORBIDDEN)
                return store_outcome(r);
        log_report(LOG_ERR, "Message '%s' cannot be opened: permission denied.", name);
        return STORE_UNREADABLE;
}

/* Opens the file as it is. */
static int open_file(Mailbox *box, size_t position, const char *name, Message *message) {
        const IndexRecord *record;
        struct stat st;
        int fd, r = message_file_open(&box->folder, name, &fd, NULL);

        if (r != DISK_DONE)
                return outcome_of_opening(r, name);
        message_octets_init(&message->octets, fd, 0);
        if (fstat(fd, &st) < 0)
                return failed(-errno, "stat message '%s'", name);
        message->file_size = message->octets.size = (uint64_t) st.st_size;
        record = &index_table(box->index)->records[position];
        message->internal_date_sec = st.st_mtime;
        message->wire_size = record->file_size == message->file_size
                                     ? record->wire_size
                                     : INDEX_SIZE_UNKNOWN;
        return STORE_DONE;
}

static int open_message(Mailbox *box, uint32_t uid, bool for_sections, Message **ret_message) {
        _cleanup_(message_closep) Message *message = make(Message, .octets = MESSAGE_OCTETS_NONE);
        _cleanup_free_ char *name = NULL;
        size_t position;
        int r;

        if (!mailbox_find_present(box, uid, &position))
                return STORE_EXPUNGED;
        name = mailbox_file_name(box, position);
        r = open_file(box, position, name, message);
        /* When they fill the file as it is it is not compressed. */
        if (r == STORE_DONE && for_sections)
                look_up_places(message, box, position);
        if (r == STORE_DONE && !message->places)
                r = expand_compressed(message, box, name);
        if (r != STORE_DONE)
                return r;
        *ret_message = TAKE_PTR(message);
        return STORE_DONE;
}

int message_open(Mailbox *box, uint32_t uid, Message **ret_message) {
        return open_message(box, uid, false, ret_message);
}

int message_open_for_sections(Mailbox *box, uint32_t uid, Message **ret_message) {
        return open_message(box, uid, true, ret_message);
}

Message *message_close(Message *message) {
        if (!message)
                return NULL;
        message_octets_done(&message->octets);
        mime_part_free(message->root);
        mime_part_free(message->places);
        free(message);
        return NULL;
}

uint64_t message_raw_size(const Message *message) {
        return message->octets.size;
}

uint64_t message_file_size(const Message *message) {
        return message->file_size;
}

bool message_is_compressed(const Message *message) {
        return message->is_compressed;
}

int64_t message_internal_date(const Message *message) {
        return message->internal_date_sec;
}

int message_view_at(Message *message, uint64_t offset, size_t wanted, const char **ret_data,
                    size_t *ret_size) {
        return message_octets_view(&message->octets, offset, wanted, ret_data, ret_size);
}

int message_read_at(Message *message, uint64_t offset, void *data, size_t size,
                    size_t *ret_size) {
        size_t done = 0;

        while (done < size) {
                const char *view;
                size_t n;
                int r = message_view_at(message, offset + done, size - done, &view, &n);

                if (r < 0)
                        return r;
                if (n == 0)
                        break;
                memcpy((char *) data + done, view, n);
                done += n;
        }
        *ret_size = done;
        return 0;
}

int message_wire_size(Message *message, uint64_t *ret_size) {
        WireConverter converter = { 0 };
        uint64_t size = 0, offset = 0;

        while (message->wire_size == INDEX_SIZE_UNKNOWN) {
                const char *data;
                size_t n;
                int r = message_view_at(message, offset, CHUNK_OCTETS, &data, &n);

                if (r < 0)
                        return r;
                if (n == 0)
                        message->wire_size = size;
                size += wire_count(&converter, data, n, NULL);
                offset += n;
        }
        *ret_size = message->wire_size;
        return 0;
}

int message_parse(Message *message, uint64_t first, uint64_t end, MimePart **ret_part) {
        _cleanup_(mime_parser_freep) MimeParser *parser = mime_parser_new(NULL);

        for (uint64_t at = first; at < end;) {
                size_t wanted = (size_t) MIN(end - at, (uint64_t) CHUNK_OCTETS), n;
                const char *data;
                int r = message_view_at(message, at, wanted, &data, &n);

                if (r < 0)
                        return r;
                if (n == 0)
                        break;
                mime_parser_feed(parser, data, n);
                at += n;
        }
        *ret_part = mime_parser_finish(parser);
        return 0;
}

int message_structure(Message *message, const MimePart **ret_root) {
        int r = message->root ? 0 : message_parse(message, 0, UINT64_MAX, &message->root);

        *ret_root = message->root;
        return r;
}

/* Not of a compressed file that is as large as what is in it, which would look as if it were
 * not compressed, nor of one that has become shorter meanwhile. */
static bool is_worth_keeping(const Message *message) {
        return !message->is_kept && message->root->end_offset == message->octets.size &&
               !(message->is_compressed && message->octets.size == message->file_size);
}

int message_sections(Mailbox *box, size_t position, Message *message, const MimePart **ret_root) {
        int r;

        if (!message->root && !message->was_looked_up)
                look_up_places(message, box, position);
        if (!message->root && message->places) {
                *ret_root = message->places;
                return 0;
        }
        r = message_structure(message, ret_root);
        if (r == 0 && is_worth_keeping(message)) {
                message_keep_places(box, position, message->file_size, message->root);
                message->is_kept = true;
        }
        return r;
}

static int read_raw(void *userdata, uint64_t offset, void *data, size_t size, size_t *ret_size) {
        return message_read_at(userdata, offset, data, size, ret_size);
}

int message_matches(Message *message, MessageScope scope, const SearchText *needle,
                    bool *ret_matches) {
        const MimePart *root;
        int r;

        r = message_structure(message, &root);
        if (r < 0)
                return r;
        return search_message(read_raw, message, root,
                              scope == MESSAGE_SCOPE_TEXT ? SEARCH_TEXT : SEARCH_BODY, needle,
                              ret_matches);
}
