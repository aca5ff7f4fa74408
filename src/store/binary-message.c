/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is to be changed is a list of places in the order of the message; what is between them is
 * given as it came.
 */
#include "store/binary-message.h"

#include "basic/base64.h"
#include "basic/disk.h"
#include "basic/text.h"
#include "mime/header.h"
#include "mime/parser.h"
#include "store/message-octets.h"
#include "store/outcome.h"

enum {
        STEP_OCTETS = MESSAGE_WINDOW_OCTETS,
        LINE_OCTETS = 57, /* 76 in base64 (RFC 2045, section 6.8) */
};

static const char field_name[] = "Content-Transfer-Encoding";

typedef enum ChangeKind {
        FIELD_TO_BASE64,
        FIELD_TO_8BIT, /* of what holds parts that are changed */
        BODY_TO_BASE64,
} ChangeKind;

typedef struct Change {
        ChangeKind kind;
        uint64_t first, end;
} Change;

/* Looks for octets that a text must not have. */
typedef struct OddSearch {
        bool after_cr, found;
} OddSearch;

struct BinaryMessage {
        int tmp_fd; /* borrowed */
        Spool spool;
        OddSearch odd; /* anywhere in it */
        MessageOctets octets; /* once it is complete */
        Change *changes;      /* owned */
        size_t n_changes, n_allocated;
};

BinaryMessage *binary_message_new(int tmp_fd) {
        return make(BinaryMessage, .tmp_fd = tmp_fd, .spool = SPOOL_NONE,
                    .octets = MESSAGE_OCTETS_NONE);
}

BinaryMessage *binary_message_free(BinaryMessage *message) {
        if (message) {
                spool_done(&message->spool);
                message_octets_done(&message->octets);
                free(message->changes);
                free(message);
        }
        return NULL;
}

static void look_for_odd(OddSearch *search, const char *data, size_t size) {
        const char *end = data + size;

        if (search->found || size == 0)
                return;
        search->found = memchr(data, '\0', size);
        for (const char *at = data; !search->found; at++) {
                at = memchr(at, '\n', (size_t) (end - at));
                if (!at)
                        break;
                search->found = !(at > data ? at[-1] == '\r' : search->after_cr);
        }
        search->after_cr = end[-1] == '\r';
}

int binary_message_write(BinaryMessage *message, const void *data, size_t size) {
        const char *at = data;
        int r = DISK_DONE;

        look_for_odd(&message->odd, data, size);
        while (r == DISK_DONE && size > 0) {
                size_t n = MIN(size, (size_t) STEP_OCTETS);

                memcpy(buffer_reserve(&message->spool.held, n), at, n);
                r = spool_settle(&message->spool, message->tmp_fd, n);
                at += n;
                size -= n;
        }
        return r;
}

uint64_t binary_message_size(const BinaryMessage *message) {
        return message->spool.size;
}

/* Hands a range to a sink. */
static int walk(BinaryMessage *message, uint64_t first, uint64_t end, BinarySink sink,
                void *userdata) {
        while (first < end) {
                size_t wanted = (size_t) MIN(end - first, (uint64_t) STEP_OCTETS), size;
                const char *data;
                int r = message_octets_view(&message->octets, first, wanted, &data, &size);

                if (r == STORE_DONE && size > 0)
                        r = sink(userdata, data, size);
                if (r != STORE_DONE || size == 0)
                        return r;
                first += size;
        }
        return STORE_DONE;
}

static int parse_octets(void *userdata, const char *data, size_t size) {
        mime_parser_feed(userdata, data, size);
        return STORE_DONE;
}

static int search_octets(void *userdata, const char *data, size_t size) {
        look_for_odd(userdata, data, size);
        return STORE_DONE;
}

static int append_octets(void *userdata, const char *data, size_t size) {
        buffer_append(userdata, data, size);
        return STORE_DONE;
}

static void add(BinaryMessage *message, ChangeKind kind, uint64_t first, uint64_t end) {
        GROW(message->changes, message->n_changes, message->n_allocated);
        message->changes[message->n_changes++] = (Change){ kind, first, end };
}

/* The field that says how a part is encoded: the first, as everywhere (doc/mime.md). */
static int add_field(BinaryMessage *message, const MimePart *part, ChangeKind kind) {
        _cleanup_buffer_ Buffer header = { 0 };
        HeaderField field;
        int r;

        if (part->body_offset - part->header_offset > BINARY_HEADER_OCTETS_MAX)
                return STORE_UNKNOWN_ENCODING;
        r = walk(message, part->header_offset, part->body_offset, append_octets, &header);
        if (r != STORE_DONE)
                return r;
        for (size_t at = 0; header_next(header.data, header.size, &at, &field);) {
                uint64_t first = part->header_offset + field.offset;

                if (!header_field_is(&field, field_name))
                        continue;
                add(message, kind, first, first + field.size);
                return STORE_DONE;
        }
        return STORE_UNKNOWN_ENCODING; /* a part that stands for one we do not look into */
}

static bool is_text_encoding(const MimePart *part) {
        return text_equal(part->encoding, "7bit") || text_equal(part->encoding, "8bit") ||
               text_equal(part->encoding, "base64") ||
               text_equal(part->encoding, "quoted-printable");
}

static int plan_leaf(BinaryMessage *message, const MimePart *part) {
        OddSearch odd = { 0 };
        int r;

        if (is_text_encoding(part))
                return STORE_DONE;
        r = walk(message, part->body_offset, part->end_offset, search_octets, &odd);
        if (r != STORE_DONE || !odd.found)
                return r;
        if (!text_equal(part->encoding, "binary"))
                return STORE_UNKNOWN_ENCODING;
        r = add_field(message, part, FIELD_TO_BASE64);
        if (r == STORE_DONE)
                add(message, BODY_TO_BASE64, part->body_offset, part->end_offset);
        return r;
}

/* As deep as MIME_DEPTH_MAX. */
static int plan(BinaryMessage *message, const MimePart *part) {
        size_t n_before = message->n_changes, n_inside;
        int r = STORE_DONE;

        if (part->n_children == 0)
                return plan_leaf(message, part);
        if (text_equal(part->encoding, "binary"))
                r = add_field(message, part, FIELD_TO_8BIT);
        n_inside = message->n_changes;
        for (size_t i = 0; r == STORE_DONE && i < part->n_children; i++)
                r = plan(message, part->children[i]);
        if (message->n_changes == n_inside)
                message->n_changes = n_before; /* nothing inside is changed, so it is true still */
        return r;
}

static int find_changes(BinaryMessage *message) {
        _cleanup_(mime_parser_freep) MimeParser *parser = mime_parser_new(NULL);
        _cleanup_(mime_part_freep) MimePart *root = NULL;
        int r = walk(message, 0, message->octets.size, parse_octets, parser);

        if (r != STORE_DONE)
                return r;
        root = mime_parser_finish(parser);
        return root->truncated ? STORE_UNKNOWN_ENCODING : plan(message, root);
}

/* What gives base64: whole lines, the last one when the body is over. */
typedef struct Encoding {
        Buffer line, out;
        BinarySink sink;
        void *userdata;
        bool has_lines;
} Encoding;

static void encoding_done(Encoding *encoding) {
        buffer_done(&encoding->line);
        buffer_done(&encoding->out);
}

/* The line end before a boundary is not the part's, so there is none behind the last line. */
static void put_line(Encoding *encoding) {
        if (encoding->has_lines)
                buffer_append_text(&encoding->out, "\r\n");
        base64_append(&encoding->out, encoding->line.data, encoding->line.size);
        buffer_clear(&encoding->line);
        encoding->has_lines = true;
}

static int give_out(Encoding *encoding) {
        int r = encoding->sink(encoding->userdata, encoding->out.data, encoding->out.size);

        buffer_clear(&encoding->out);
        return r;
}

static int encode_octets(void *userdata, const char *data, size_t size) {
        Encoding *encoding = userdata;

        while (size > 0) {
                size_t n = MIN(size, LINE_OCTETS - encoding->line.size);

                buffer_append(&encoding->line, data, n);
                data += n;
                size -= n;
                if (encoding->line.size == LINE_OCTETS)
                        put_line(encoding);
        }
        return encoding->out.size > 0 ? give_out(encoding) : STORE_DONE;
}

static int give_encoded(BinaryMessage *message, const Change *change, BinarySink sink,
                        void *userdata) {
        _cleanup_(encoding_done) Encoding encoding = { .sink = sink, .userdata = userdata };
        int r = walk(message, change->first, change->end, encode_octets, &encoding);

        if (r != STORE_DONE)
                return r;
        if (encoding.line.size > 0)
                put_line(&encoding);
        if (change->end == message->octets.size)
                buffer_append_text(&encoding.out, "\r\n");
        return encoding.out.size > 0 ? give_out(&encoding) : STORE_DONE;
}

static int give_change(BinaryMessage *message, const Change *change, BinarySink sink,
                       void *userdata) {
        _cleanup_free_ char *field = NULL;

        if (change->kind == BODY_TO_BASE64)
                return give_encoded(message, change, sink, userdata);
        field = text_printf("%s: %s\r\n", field_name,
                            change->kind == FIELD_TO_BASE64 ? "base64" : "8bit");
        return sink(userdata, field, strlen(field));
}

int binary_message_give(BinaryMessage *message, BinarySink sink, void *userdata) {
        uint64_t at = 0;
        int r = STORE_DONE;

        message_octets_replace(&message->octets, &message->spool);
        if (message->odd.found)
                r = find_changes(message);
        for (size_t i = 0; r == STORE_DONE && i < message->n_changes; i++) {
                const Change *change = message->changes + i;

                r = walk(message, at, change->first, sink, userdata);
                if (r == STORE_DONE)
                        r = give_change(message, change, sink, userdata);
                at = change->end;
        }
        return r == STORE_DONE ? walk(message, at, message->octets.size, sink, userdata) : r;
}
