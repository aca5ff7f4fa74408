/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Items are answered in the client's order. What can fail is done before the first octet of a
 * response is written, so that a message that is gone leaves no half response behind.
 */
#include "imapd/fetch-message.h"

#include "imapd/bodystructure-write.h"
#include "imapd/email-id.h"
#include "imapd/envelope-write.h"
#include "imapd/fetch-memory.h"
#include "imapd/local-zone.h"
#include "imapd/message-flags.h"
#include "imapd/message-header.h"
#include "imapd/modseq.h"
#include "imapd/section-write.h"
#include "imapd/updates.h"
#include "mime/parser.h"
#include "session/facts.h"
#include "store/mailbox.h"
#include "store/message-preview.h"
#include "store/message.h"

enum { PLACES_WORTH_OCTETS = 64 * 1024 };

/* The message that is being answered. */
typedef struct FetchTarget {
        size_t position;
        MessageRecord record;
        Message *message;     /* owned; NULL when no item needs it */
        const MimePart *root;     /* borrowed from the message; NULL when no item needs it */
        const MimePart *sections; /* likewise; knows only where they are */
        MimePart *header;     /* owned; the message's header alone, when that is enough */
        Buffer raw_header;    /* its octets, when they were read */
        BinaryPart *binaries; /* owned; of each item, when one is a BINARY */
        bool from_cache;      /* nothing was read: only what the cache knows is written */
        bool missed;          /* and it did not know all */
        uint64_t wire_size;
        int64_t internal_date_sec;
} FetchTarget;

static void target_done(FetchTarget *target) {
        buffer_done(&target->raw_header);
        free(target->binaries);
        (void) mime_part_free(target->header); /* return NULL */
        (void) message_close(target->message);
}

typedef struct FetchNeeds {
        bool message, sections, structure, envelope, binary, wire_size, internal_date;
} FetchNeeds;

static FetchNeeds needs_of(const FetchItem *item) {
        bool parses = section_needs_structure(item);

        switch (item->kind) {
        case FETCH_BODY:
        case FETCH_BODYSTRUCTURE:
                return (FetchNeeds){ .message = true, .structure = true };
        case FETCH_ENVELOPE:
                return (FetchNeeds){ .message = true, .envelope = true };
        case FETCH_PREVIEW:
                return (FetchNeeds){ .message = !item->lazy };
        case FETCH_BINARY:
        case FETCH_BINARY_SIZE:
                return (FetchNeeds){ .message = true, .sections = parses, .binary = true };
        case FETCH_BODY_SECTION:
        case FETCH_RFC822:
        case FETCH_RFC822_HEADER:
        case FETCH_RFC822_TEXT:
                return (FetchNeeds){ .message = true, .sections = parses,
                                     .wire_size = !parses && !section_is_header(item) };
        case FETCH_RFC822_SIZE:
                return (FetchNeeds){ .wire_size = true };
        case FETCH_INTERNALDATE:
                return (FetchNeeds){ .internal_date = true };
        default:
                return (FetchNeeds){ 0 };
        }
}

void fetch_run_init(FetchRun *run, ImapSession *session, const FetchProgram *program) {
        *run = (FetchRun){
                .session = session, .program = program,
                .adds_uid = session->uid_command && !session->uidonly &&
                            !fetch_program_has(program, FETCH_UID),
        };
        fetch_cached_init(&run->cached, session, program);
        for (size_t i = 0; i < program->n_items; i++) {
                FetchNeeds needs = needs_of(&program->items[i]);

                run->needs_message |= needs.message;
                run->needs_sections |= needs.sections;
                run->needs_structure |= needs.structure;
                run->needs_envelope |= needs.envelope;
                run->needs_binary |= needs.binary;
                run->needs_wire_size |= needs.wire_size;
                run->needs_internal_date |= needs.internal_date;
                run->keeps_message |= program->items[i].is_partial;
        }
}

void fetch_run_done(FetchRun *run) {
        fetch_cached_done(&run->cached);
}

/* An envelope, or some fields, do not need the body, which may be large. */
static int read_header(const FetchRun *run, FetchTarget *target) {
        int r = message_header_read(target->message, &target->raw_header);

        if (r == 0 && run->needs_envelope && !run->needs_structure)
                target->header = mime_parse(target->raw_header.data, target->raw_header.size,
                                            NULL);
        return r;
}

/* Return: as message_open(). */
static int open_message(const FetchRun *run, FetchTarget *target) {
        Mailbox *box = run->session->mailbox;
        uint32_t uid = target->record.uid;

        target->message = fetch_memory_take(run->session->fetch_memory, uid);
        if (!run->needs_message || target->message)
                return STORE_DONE;
        return run->needs_sections && !run->needs_structure
                       ? message_open_for_sections(box, uid, &target->message)
                       : message_open(box, uid, &target->message);
}

/* Of a message that is read with one call the places save less than it costs to keep them, unless
 * sections are asked for. */
static bool wants_sections(const FetchRun *run, const Message *message) {
        return run->needs_sections ||
               (run->needs_structure && message_raw_size(message) > PLACES_WORTH_OCTETS);
}

/* Return: as binary_part_find(). */
static int find_binaries(const FetchRun *run, FetchTarget *target) {
        FetchMemory *memory = fetch_memory_of(&run->session->fetch_memory);
        int r = 0;

        target->binaries = make_array(BinaryPart, run->program->n_items);
        for (size_t i = 0; r == 0 && i < run->program->n_items; i++) {
                const FetchItem *item = &run->program->items[i];

                if (needs_of(item).binary)
                        r = binary_part_find(target->message, target->record.uid, item,
                                             target->sections, &memory->binary,
                                             &target->binaries[i]);
        }
        return r;
}

/* Gets what the items need. Return: as message_open(), or BINARY_UNKNOWN_ENCODING. */
static int prepare(const FetchRun *run, FetchTarget *target) {
        Mailbox *box = run->session->mailbox;
        int r = open_message(run, target);

        if (r == STORE_DONE && run->needs_structure)
                r = message_structure(target->message, &target->root);
        if (r == STORE_DONE && wants_sections(run, target->message))
                r = message_sections(box, target->position, target->message, &target->sections);
        if (r == STORE_DONE && run->needs_binary)
                r = find_binaries(run, target);
        if (r == STORE_DONE && run->cached.needs_header)
                r = read_header(run, target);
        if (r == STORE_DONE && run->needs_wire_size)
                r = target->message ? mailbox_learn_wire_size(box, target->position,
                                                              target->message, &target->wire_size)
                                    : mailbox_wire_size(box, target->position,
                                                        &target->wire_size);
        if (r == STORE_DONE && run->needs_internal_date)
                r = mailbox_internal_date(box, target->position, &target->internal_date_sec);
        return r;
}

static size_t item_number(const FetchRun *run, const FetchItem *item) {
        return (size_t) (item - run->program->items);
}

static int write_section(FetchRun *run, const FetchTarget *target, const FetchItem *item) {
        ImapSession *session = run->session;
        SectionSource source = section_find(item, target->sections,
                                            message_raw_size(target->message), target->wire_size);
        uint64_t *counter = section_is_header(item) ? &session->facts->n_header_octets
                                                    : &session->facts->n_body_octets;

        source.uid = target->record.uid;
        return section_write(session, target->message, &source, item, counter,
                             item->is_partial ? &fetch_memory_of(&session->fetch_memory)->cursor
                                              : NULL);
}

static int write_binary(FetchRun *run, const FetchTarget *target, const FetchItem *item) {
        ImapSession *session = run->session;

        return binary_part_write(session, target->message,
                                 &target->binaries[item_number(run, item)], item,
                                 &fetch_memory_of(&session->fetch_memory)->binary);
}

/* Return: 0 or negative errno; nothing is written then. */
static int write_preview(ImapWriter *writer, Message *message) {
        _cleanup_buffer_ Buffer text = { 0 };
        int r = message_preview(message, &text);

        if (r == 0)
                imap_write_string(writer, text.size > 0 ? text.data : "", text.size);
        return r;
}

/*
 * What the cache may know: from there, or from the message, and then it is kept. It is the same
 * for all sessions: what is not ASCII is a literal, also where it might be quoted.
 */
static void write_text(FetchRun *run, FetchTarget *target, const FetchItem *item) {
        ImapWriter writer = { .out = imap_session_output(run->session) };
        size_t start = writer.out->size;

        if (fetch_cached_write(&run->cached, target->position, item_number(run, item)))
                return;
        if (item->lazy) {
                imap_write_raw(&writer, "NIL");
                return;
        }
        target->missed = true;
        if (target->from_cache)
                return;
        if (item->kind == FETCH_ENVELOPE) {
                envelope_write(&writer, (target->root ? target->root : target->header)->envelope);
        } else if (item->kind == FETCH_PREVIEW) {
                if (write_preview(&writer, target->message) < 0) {
                        imap_write_raw(&writer, "\"\""); /* it was reported */
                        return;
                }
        } else
                bodystructure_write(&writer, target->root, item->kind == FETCH_BODYSTRUCTURE);
        fetch_cached_keep(&run->cached, target->position, target->message, item->kind,
                          writer.out->data + start, writer.out->size - start);
}

static int write_fields(FetchRun *run, FetchTarget *target, const FetchItem *item) {
        size_t number = item_number(run, item);

        if (target->from_cache) {
                target->missed |= !fetch_cached_write(&run->cached, target->position, number);
                return 0;
        }
        if (fetch_cached_write_fields(&run->cached, target->position, target->message, number,
                                      &target->raw_header))
                return 0;
        return write_section(run, target, item);
}

static void write_save_date(ImapWriter *writer, const MessageRecord *record) {
        if (record->save_date_sec == 0)
                imap_write_raw(writer, "NIL");
        else
                imap_write_date_time(writer, record->save_date_sec,
                                     local_zone_minutes(record->save_date_sec));
}

static int write_value(FetchRun *run, FetchTarget *target, const FetchItem *item) {
        ImapWriter writer = imap_session_writer(run->session);
        const MessageRecord *record = &target->record;

        switch (item->kind) {
        case FETCH_UID:
                imap_write_number(&writer, record->uid);
                return 0;
        case FETCH_INTERNALDATE:
                imap_write_date_time(&writer, target->internal_date_sec,
                                     local_zone_minutes(target->internal_date_sec));
                return 0;
        case FETCH_RFC822_SIZE:
                imap_write_number(&writer, target->wire_size);
                return 0;
        case FETCH_EMAILID:
                imap_write_raw(&writer, "(");
                email_id_append(record->email_id, writer.out);
                imap_write_raw(&writer, ")");
                return 0;
        case FETCH_THREADID:
                imap_write_raw(&writer, "NIL"); /* RFC 8474, section 5.2: there are none */
                return 0;
        case FETCH_SAVEDATE:
                write_save_date(&writer, record);
                return 0;
        case FETCH_ENVELOPE:
        case FETCH_BODY:
        case FETCH_BODYSTRUCTURE:
        case FETCH_PREVIEW:
                write_text(run, target, item);
                return 0;
        case FETCH_BINARY:
                return write_binary(run, target, item);
        case FETCH_BINARY_SIZE:
                imap_write_number(&writer, target->binaries[item_number(run, item)].size);
                return 0;
        default:
                return write_fields(run, target, item);
        }
}

/* Writes what stands before an item: a blank, and its name. */
static void write_name(FetchRun *run, const FetchItem *item, bool first) {
        Buffer *out = imap_session_output(run->session);

        if (!first)
                buffer_append_char(out, ' ');
        fetch_item_append_name(item, out);
        buffer_append_char(out, ' ');
}

static void write_state(FetchRun *run, const FetchTarget *target, FetchKind kind) {
        ImapWriter writer = imap_session_writer(run->session);

        if (kind == FETCH_FLAGS)
                message_flags_write(run->session, &writer, &target->record);
        else
                modseq_write(&writer, target->record.modseq);
}

/* Flags that FETCH has changed are told; who knows of mod-sequences wants those (RFC 7162). */
static void add_state(FetchRun *run, const FetchTarget *target, FetchKind kind) {
        ImapWriter writer = imap_session_writer(run->session);

        if (fetch_program_has(run->program, kind))
                return;
        imap_write_raw(&writer, " ");
        write_state(run, target, kind);
}

static int write_items(FetchRun *run, FetchTarget *target, bool first) {
        ImapWriter writer = imap_session_writer(run->session);

        for (size_t i = 0; i < run->program->n_items && !(target->from_cache && target->missed);
             i++, first = false) {
                const FetchItem *item = &run->program->items[i];
                int r = 0;

                if (item->kind == FETCH_FLAGS || item->kind == FETCH_MODSEQ) {
                        imap_write_raw(&writer, first ? "" : " ");
                        write_state(run, target, item->kind);
                } else {
                        write_name(run, item, first);
                        r = write_value(run, target, item);
                }
                if (r != 0)
                        return r;
        }
        return 0;
}

static int write_response(FetchRun *run, FetchTarget *target, bool flags_changed) {
        ImapWriter writer = imap_session_writer(run->session);
        bool adds_uid = run->adds_uid || (flags_changed && run->session->condstore &&
                                          !run->session->uidonly &&
                                          !fetch_program_has(run->program, FETCH_UID));
        int r;

        imap_session_open_fetch(run->session, target->position, target->record.uid);
        if (adds_uid) {
                imap_write_raw(&writer, "UID ");
                imap_write_number(&writer, target->record.uid);
        }
        r = write_items(run, target, !adds_uid);
        if (r != 0)
                return r;
        if (flags_changed)
                add_state(run, target, FETCH_FLAGS);
        if (flags_changed && run->session->condstore)
                add_state(run, target, FETCH_MODSEQ);
        imap_write_raw(&writer, ")\r\n");
        return 0;
}

/* Without opening the message. Return: false when something is not known; nothing is written. */
static bool write_from_cache(FetchRun *run, FetchTarget *target, bool flags_changed) {
        Buffer *out = imap_session_output(run->session);
        size_t start = out->size;

        if (!run->cached.covers_all ||
            (run->needs_wire_size && !message_cached_wire_size(run->session->mailbox,
                                                               target->position,
                                                               &target->wire_size)) ||
            (run->needs_internal_date && mailbox_internal_date(run->session->mailbox,
                                                               target->position,
                                                               &target->internal_date_sec) !=
                                                 STORE_DONE))
                return false;
        target->from_cache = true;
        (void) write_response(run, target, flags_changed); /* 0: it sends nothing off */
        target->from_cache = false;
        if (target->missed)
                buffer_truncate(out, start);
        return !target->missed;
}

static int write_from_message(FetchRun *run, FetchTarget *target, bool flags_changed) {
        int r = prepare(run, target);

        if (r != STORE_DONE) {
                run->found_damaged |= r == STORE_DAMAGED;
                run->found_missing |= r == STORE_EXPUNGED;
                run->found_undecodable |= r == BINARY_UNKNOWN_ENCODING;
                run->found_unreadable |= r != STORE_DAMAGED && r != STORE_EXPUNGED &&
                                         r != BINARY_UNKNOWN_ENCODING;
                return 0;
        }
        r = write_response(run, target, flags_changed);
        if (run->keeps_message)
                fetch_memory_keep(&run->session->fetch_memory, target->record.uid,
                                  TAKE_PTR(target->message));
        return r;
}

int fetch_message_write(FetchRun *run, size_t position, bool flags_changed) {
        _cleanup_(target_done) FetchTarget target = { .position = position };
        int r = 0;

        mailbox_message_at(run->session->mailbox, position, &target.record);
        if (!write_from_cache(run, &target, flags_changed))
                r = write_from_message(run, &target, flags_changed);
        return r != 0 ? r : imap_session_drain(run->session);
}
