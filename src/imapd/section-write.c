/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bodies go from the file's window to the client's output in one pass. Headers are small, and
 * their size is not known before: they are gathered first. One that is too large for that is
 * read twice, to count and to send.
 */
#include "imapd/section-write.h"

#include <inttypes.h>
#include <string.h>

#include "basic/log.h"
#include "imapd/header-filter.h"

enum {
        PIECE_OCTETS = 64 * 1024,
        HEADER_PIECE_OCTETS = 16 * 1024,
        HEADER_GATHERED_MAX = 256 * 1024, /* octets of a header that are kept to be sent */
};

/* What is wanted, and how much of it is still to come, in octets on the wire. */
typedef struct WireWindow {
        WireConverter converter;
        uint64_t skip, left;
} WireWindow;

/* Gives what lies in the window; returns how many octets of data are done with. */
static size_t window_take(WireWindow *window, const char *data, size_t size, Buffer *out) {
        size_t done = 0;

        if (window->skip > 0)
                done = wire_take(&window->converter, data, size, &window->skip, NULL);
        if (window->skip == 0)
                done += wire_take(&window->converter, data + done, size - done, &window->left, out);
        return done;
}

/* A header on its way. */
typedef struct HeaderPass {
        HeaderFilter filter;
        Buffer gathered;      /* its first octets, as on the wire */
        WireConverter converter;
        uint64_t n_wire;      /* counted in all */
        Buffer *out;          /* NULL: only count and gather */
        WireWindow window;
} HeaderPass;

static void header_pass_done(HeaderPass *pass) {
        buffer_done(&pass->gathered);
}

static void on_chosen(void *userdata, const char *data, size_t size) {
        HeaderPass *pass = userdata;
        size_t before = pass->gathered.size;

        if (pass->out) {
                (void) window_take(&pass->window, data, size, pass->out); /* left tells */
        } else if (pass->n_wire == before && before + size <= HEADER_GATHERED_MAX) {
                wire_convert(&pass->converter, data, size, &pass->gathered);
                pass->n_wire += pass->gathered.size - before;
        } else
                pass->n_wire += wire_count(&pass->converter, data, size, NULL);
}

static int pass_header(ImapSession *session, Message *message, const SectionSource *source,
                       HeaderPass *pass) {
        header_filter_init(&pass->filter, source->fields, source->n_fields,
                           source->fields_inverted);
        for (uint64_t at = source->first; at < source->end && !pass->filter.ended;) {
                size_t wanted = (size_t) MIN(source->end - at, (uint64_t) HEADER_PIECE_OCTETS), n;
                const char *data;
                int r = message_view_at(message, at, wanted, &data, &n);

                if (r < 0)
                        return r;
                if (n == 0 || (pass->out && pass->window.left == 0))
                        break;
                header_filter_feed(&pass->filter, data, n, on_chosen, pass);
                at += n;
                r = pass->out ? imap_session_drain(session) : 0;
                if (r != 0)
                        return r;
        }
        header_filter_finish(&pass->filter, on_chosen, pass);
        return 0;
}

int section_fill(ImapSession *session, uint64_t left) {
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

/* Where to start reading: where the last piece of the same section ended, if that helps. */
static uint64_t resume(const SectionCursor *cursor, const SectionSource *source,
                       WireWindow *window) {
        if (!cursor || cursor->uid != source->uid || cursor->first != source->first ||
            cursor->end != source->end || cursor->wire > window->skip)
                return source->first;
        window->skip -= cursor->wire;
        window->converter = cursor->converter;
        return cursor->raw;
}

static int pass_body(ImapSession *session, Message *message, const SectionSource *source,
                     WireWindow *window, uint64_t *at) {
        while (*at < source->end && window->left > 0) {
                size_t wanted = (size_t) MIN(source->end - *at, (uint64_t) PIECE_OCTETS), n;
                const char *data;
                int r = message_view_at(message, *at, wanted, &data, &n);

                if (r < 0)
                        return r;
                if (n == 0)
                        break;
                *at += window_take(window, data, n, imap_session_output(session));
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        return 0;
}

/* What is announced, and which octets of the whole that is. */
static WireWindow announce(ImapSession *session, const FetchItem *item, uint64_t size) {
        WireWindow window = { .left = size };
        ImapWriter writer = imap_session_writer(session);

        if (item->is_partial) {
                window.skip = MIN(item->partial_first, size);
                window.left = MIN(item->partial_size, size - window.skip);
        }
        imap_write_literal_head(&writer, window.left, false);
        return window;
}

static int write_body(ImapSession *session, Message *message, const SectionSource *source,
                      WireWindow window, SectionCursor *cursor) {
        uint64_t skip = window.skip, size = window.left, at = resume(cursor, source, &window);
        int r = pass_body(session, message, source, &window, &at);

        if (r > 0)
                return r;
        if (cursor)
                *cursor = (SectionCursor){
                        .uid = source->uid, .first = source->first, .end = source->end,
                        .raw = at, .converter = window.converter,
                        .wire = skip - window.skip + size - window.left,
                };
        return section_fill(session, window.left); /* after a failed read, too: it was reported */
}

/* A header that cannot be read is announced as far as it could; the failure was reported. */
static int write_header(ImapSession *session, Message *message, const SectionSource *source,
                        const FetchItem *item, uint64_t *counter) {
        _cleanup_(header_pass_done) HeaderPass pass = { 0 };
        int r = pass_header(session, message, source, &pass);

        if (r > 0)
                return r;
        pass.window = announce(session, item, pass.n_wire);
        *counter += pass.window.left;
        if (pass.window.left == 0)
                return 0;
        if (pass.n_wire == pass.gathered.size) {
                buffer_append(imap_session_output(session),
                              pass.gathered.data + pass.window.skip, (size_t) pass.window.left);
                return imap_session_drain(session);
        }
        pass.out = imap_session_output(session);
        r = pass_header(session, message, source, &pass);
        if (r > 0)
                return r;
        return section_fill(session, pass.window.left);
}

int section_write(ImapSession *session, Message *message, const SectionSource *source,
                  const FetchItem *item, uint64_t *counter, SectionCursor *cursor) {
        WireWindow window;

        if (source->exists && source->is_header)
                return write_header(session, message, source, item, counter);
        window = announce(session, item, source->exists ? source->size_wire : 0);
        *counter += window.left;
        return write_body(session, message, source, window, cursor);
}
