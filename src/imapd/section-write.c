/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pipe: pieces of the file → chosen header fields → line ends as on the wire → the window
 * that a partial asks for → the client. Counting is the same pipe without its last stage.
 */
#include "imapd/section-write.h"

#include <inttypes.h>
#include <string.h>

#include "basic/log.h"
#include "imapd/header-filter.h"
#include "mime/wire.h"

enum { PIECE_OCTETS = 16 * 1024 };

typedef struct SectionPipe {
        Buffer *out;           /* NULL: only count */
        WireWindow window;     /* what is wanted, and how much of it is still to come */
        uint64_t skip, size;   /* the same at the start */
        SectionCursor *cursor; /* borrowed; NULL when the place need not be remembered */
        WireConverter counter;
        uint64_t n_wire;       /* counted */
} SectionPipe;

/* Literals have no NUL (RFC 9051, section 9, CHAR8). */
static void append_without_nul(Buffer *out, const char *data, size_t size) {
        size_t start = out->size;
        char *nul;

        buffer_append(out, data, size);
        while ((nul = memchr(out->data + start, 0, out->size - start))) {
                *nul = (char) 0x80;
                start = (size_t) (nul - out->data) + 1;
        }
}

static void on_wire(void *userdata, const char *data, size_t size) {
        append_without_nul(userdata, data, size);
}

static void on_chosen(void *userdata, const char *data, size_t size) {
        SectionPipe *pipe = userdata;

        if (pipe->out)
                (void) wire_window_feed(&pipe->window, data, size, on_wire, pipe->out); /* left
                                                                                         * tells */
        else
                pipe->n_wire += wire_count(&pipe->counter, data, size, NULL);
}

/* Passes one piece; false when the rest is not wanted. */
static bool pass_piece(SectionPipe *pipe, HeaderFilter *filter, const char *data, size_t size) {
        if (filter)
                header_filter_feed(filter, data, size, on_chosen, pipe);
        else
                on_chosen(pipe, data, size);
        return !(filter && filter->ended) && !(pipe->out && pipe->window.left == 0);
}

/* Where to start reading: not before what a former piece of the same section has passed. */
static uint64_t resume(SectionPipe *pipe, const SectionSource *source) {
        SectionCursor *cursor = pipe->cursor;

        if (!cursor || cursor->uid != source->uid || cursor->first != source->first ||
            cursor->end != source->end || cursor->wire > pipe->skip)
                return source->first;
        pipe->window.skip -= cursor->wire;
        pipe->window.converter = cursor->converter;
        return cursor->raw;
}

static void remember(SectionPipe *pipe, const SectionSource *source, uint64_t raw) {
        if (pipe->cursor)
                *pipe->cursor = (SectionCursor){
                        .uid = source->uid, .first = source->first, .end = source->end,
                        .raw = raw, .converter = pipe->window.converter,
                        .wire = pipe->skip - pipe->window.skip + pipe->size - pipe->window.left,
                };
}

static int pump(ImapSession *session, Message *message, const SectionSource *source,
                SectionPipe *pipe) {
        HeaderFilter filter;
        char piece[PIECE_OCTETS];
        int r;

        if (source->is_header)
                header_filter_init(&filter, source->fields, source->n_fields,
                                   source->fields_inverted);
        for (uint64_t at = resume(pipe, source); at < source->end;) {
                size_t wanted = (size_t) MIN(source->end - at, sizeof(piece)), n;

                remember(pipe, source, at);
                r = message_read_at(message, at, piece, wanted, &n);
                if (r < 0)
                        return r;
                if (n == 0 || !pass_piece(pipe, source->is_header ? &filter : NULL, piece, n))
                        break;
                at += n;
                if (pipe->out) {
                        r = imap_session_drain(session);
                        if (r != 0)
                                return r;
                }
        }
        if (source->is_header)
                header_filter_finish(&filter, on_chosen, pipe);
        return 0;
}

/* A header that cannot be read is announced as far as it could; the failure was reported. */
static int measure(ImapSession *session, Message *message, const SectionSource *source,
                   uint64_t *ret_size) {
        SectionPipe pipe = { 0 };
        int r = 0;

        if (!source->size_known)
                r = pump(session, message, source, &pipe);
        *ret_size = source->size_known ? source->size_wire : pipe.n_wire;
        return MAX(r, 0);
}

/* The announced number of octets is sent whatever happened to the file. */
static int fill(ImapSession *session, uint64_t left) {
        if (left > 0)
                log_report(LOG_ERR, "IMAP FETCH ERROR: unexpected EOF, %" PRIu64
                           " octets were filled with blanks.", left);
        while (left > 0) {
                size_t n = (size_t) MIN(left, (uint64_t) PIECE_OCTETS);
                int r;

                memset(buffer_reserve(imap_session_output(session), n), ' ', n);
                buffer_commit(imap_session_output(session), n);
                left -= n;
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        return 0;
}

static int send_window(ImapSession *session, Message *message, const SectionSource *source,
                       uint64_t skip, uint64_t size, SectionCursor *cursor) {
        SectionPipe pipe = {
                .out = imap_session_output(session), .window = wire_window(skip, size),
                .skip = skip, .size = size,
                /* Of a header parts are left out on the way: it has no place to remember. */
                .cursor = source->is_header ? NULL : cursor,
        };
        int r = 0;

        if (size > 0)
                r = pump(session, message, source, &pipe);
        if (r > 0)
                return r;
        return fill(session, pipe.window.left); /* after a failed read, too: it was reported */
}

int section_write(ImapSession *session, Message *message, const SectionSource *source,
                  const FetchItem *item, uint64_t *counter, SectionCursor *cursor) {
        ImapWriter writer = imap_session_writer(session);
        uint64_t size = 0, skip = 0;
        int r;

        if (source->exists) {
                r = measure(session, message, source, &size);
                if (r != 0)
                        return r;
        }
        if (item->is_partial) {
                skip = MIN(item->partial_first, size);
                size = MIN(item->partial_size, size - skip);
        }
        *counter += size;
        imap_write_literal_head(&writer, size, false);
        return send_window(session, message, source, skip, size, cursor);
}
