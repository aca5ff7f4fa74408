/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the items of a FETCH and the store's cache, which knows no item. */
#include "imapd/fetch-cached.h"

#include "session/facts.h"

static bool is_text(FetchKind kind) {
        return kind == FETCH_ENVELOPE || kind == FETCH_BODY || kind == FETCH_BODYSTRUCTURE ||
               kind == FETCH_PREVIEW;
}

static CachedText text_of(FetchKind kind) {
        return kind == FETCH_ENVELOPE  ? CACHED_ENVELOPE
               : kind == FETCH_BODY    ? CACHED_BODY
               : kind == FETCH_PREVIEW ? CACHED_PREVIEW
                                       : CACHED_BODYSTRUCTURE;
}

static bool asks_for_fields(const FetchItem *item) {
        return item->kind == FETCH_BODY_SECTION && item->section == SECTION_HEADER_FIELDS &&
               item->n_path == 0 && !item->is_partial;
}

static bool needs_no_message(FetchKind kind) {
        return kind == FETCH_UID || kind == FETCH_FLAGS || kind == FETCH_INTERNALDATE ||
               kind == FETCH_RFC822_SIZE || kind == FETCH_EMAILID || kind == FETCH_THREADID ||
               kind == FETCH_SAVEDATE;
}

void fetch_cached_init(FetchCached *cached, ImapSession *session, const FetchProgram *program) {
        *cached = (FetchCached){
                .session = session, .program = program, .covers_all = true,
                .fields = make_array(CachedFields *, program->n_items),
        };
        for (size_t i = 0; i < program->n_items; i++) {
                const FetchItem *item = &program->items[i];
                bool asks = asks_for_fields(item);

                if (asks)
                        cached->fields[i] = cached_fields_new(session->store,
                                                              (const char *const *) item->fields,
                                                              item->n_fields);
                cached->covers_all &= asks || needs_no_message(item->kind) ||
                                      is_text(item->kind);
                cached->needs_header |= asks || item->kind == FETCH_ENVELOPE;
        }
}

void fetch_cached_done(FetchCached *cached) {
        for (size_t i = 0; i < cached->program->n_items; i++)
                (void) cached_fields_free(cached->fields[i]); /* returns NULL */
        free(cached->fields);
        buffer_done(&cached->lines);
}

static void write_lines(FetchCached *cached) {
        ImapWriter writer = imap_session_writer(cached->session);

        imap_write_literal_head(&writer, cached->lines.size, false);
        buffer_append(writer.out, cached->lines.data, cached->lines.size);
        cached->session->facts->n_header_octets += cached->lines.size;
}

bool fetch_cached_write(FetchCached *cached, size_t position, size_t item) {
        Mailbox *box = cached->session->mailbox;
        FetchKind kind = cached->program->items[item].kind;

        if (is_text(kind))
                return message_cached_text(box, position, text_of(kind),
                                           imap_session_output(cached->session));
        if (!cached->fields[item])
                return false;
        buffer_clear(&cached->lines);
        if (!message_cached_fields(box, position, cached->fields[item], &cached->lines))
                return false;
        write_lines(cached);
        return true;
}

void fetch_cached_keep(FetchCached *cached, size_t position, const Message *message,
                       FetchKind kind, const char *text, size_t size) {
        message_keep_text(cached->session->mailbox, position, message_file_size(message),
                          text_of(kind), text, size);
}

bool fetch_cached_write_fields(FetchCached *cached, size_t position, const Message *message,
                               size_t item, const Buffer *header) {
        buffer_clear(&cached->lines);
        if (!cached->fields[item] ||
            !message_keep_header(cached->session->mailbox, position, message_file_size(message),
                                 header->data, header->size, cached->fields[item],
                                 &cached->lines))
                return false;
        write_lines(cached);
        return true;
}
