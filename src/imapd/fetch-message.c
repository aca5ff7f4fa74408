/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Items are answered in the client's order. What can fail is done before the first octet of a
 * response is written, so that a message that is gone leaves no half response behind.
 */
#include "imapd/fetch-message.h"

#include "imapd/bodystructure-write.h"
#include "imapd/envelope-write.h"
#include "imapd/fetch-memory.h"
#include "imapd/local-zone.h"
#include "imapd/message-flags.h"
#include "imapd/message-header.h"
#include "imapd/section-write.h"
#include "mime/parser.h"
#include "session/facts.h"
#include "store/mailbox.h"
#include "store/message.h"

/* The message that is being answered. */
typedef struct FetchTarget {
        size_t position;
        MessageRecord record;
        Message *message;     /* owned; NULL when no item needs it */
        const MimePart *root; /* borrowed from the message; NULL when no item needs it */
        MimePart *header;     /* owned; the message's header alone, when that is enough */
        bool has_wire_size;
        uint64_t wire_size;
        int64_t internal_date_sec;
} FetchTarget;

static void target_done(FetchTarget *target) {
        (void) mime_part_free(target->header); /* return NULL */
        (void) message_close(target->message);
}

typedef struct FetchNeeds {
        bool message, structure, envelope, wire_size, internal_date;
} FetchNeeds;

static FetchNeeds needs_of(const FetchItem *item) {
        bool parses = section_needs_structure(item);

        switch (item->kind) {
        case FETCH_BODY:
        case FETCH_BODYSTRUCTURE:
                return (FetchNeeds){ .message = true, .structure = true };
        case FETCH_ENVELOPE:
                return (FetchNeeds){ .message = true, .envelope = true };
        case FETCH_BODY_SECTION:
        case FETCH_RFC822:
        case FETCH_RFC822_HEADER:
        case FETCH_RFC822_TEXT:
                return (FetchNeeds){ .message = true, .structure = parses, .wire_size = !parses };
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
                .adds_uid = session->uid_command && !fetch_program_has(program, FETCH_UID),
        };
        for (size_t i = 0; i < program->n_items; i++) {
                FetchNeeds needs = needs_of(&program->items[i]);

                run->needs_message |= needs.message;
                run->needs_structure |= needs.structure;
                run->needs_envelope |= needs.envelope;
                run->needs_wire_size |= needs.wire_size;
                run->needs_internal_date |= needs.internal_date;
                run->keeps_message |= program->items[i].is_partial;
        }
}

/* An envelope does not need the body, which may be large. */
static int parse_header(FetchTarget *target) {
        _cleanup_buffer_ Buffer header = { 0 };
        int r;

        r = message_header_read(target->message, &header);
        if (r == 0)
                target->header = mime_parse(header.data, header.size, NULL);
        return r;
}

/* Gets what the items need. Return: STORE_DONE, STORE_EXPUNGED or negative errno. */
static int prepare(const FetchRun *run, FetchTarget *target) {
        Mailbox *box = run->session->mailbox;
        int r = STORE_DONE;

        target->message = fetch_memory_take(run->session->fetch_memory, target->record.uid);
        if (run->needs_message && !target->message)
                r = message_open(box, target->record.uid, &target->message);
        if (r == STORE_DONE && run->needs_wire_size)
                r = target->message ? mailbox_learn_wire_size(box, target->position,
                                                              target->message, &target->wire_size)
                                    : mailbox_wire_size(box, target->position,
                                                        &target->wire_size);
        if (r == STORE_DONE && run->needs_internal_date)
                r = mailbox_internal_date(box, target->position, &target->internal_date_sec);
        if (r == STORE_DONE && run->needs_structure)
                r = message_structure(target->message, &target->root);
        else if (r == STORE_DONE && run->needs_envelope)
                r = parse_header(target);
        return r;
}

static int write_section(FetchRun *run, const FetchTarget *target, const FetchItem *item) {
        ImapSession *session = run->session;
        SectionSource source = section_find(item, target->root,
                                            message_raw_size(target->message), target->wire_size);
        uint64_t *counter = section_is_header(item) ? &session->facts->n_header_octets
                                                    : &session->facts->n_body_octets;

        source.uid = target->record.uid;
        if (item->is_partial && !session->fetch_memory)
                session->fetch_memory = make(FetchMemory, .uid = 0);
        return section_write(session, target->message, &source, item, counter,
                             item->is_partial ? &session->fetch_memory->cursor : NULL);
}

static int write_value(FetchRun *run, const FetchTarget *target, const FetchItem *item) {
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
        case FETCH_ENVELOPE:
                envelope_write(&writer, (target->root ? target->root : target->header)->envelope);
                return 0;
        case FETCH_BODY:
        case FETCH_BODYSTRUCTURE:
                bodystructure_write(&writer, target->root, item->kind == FETCH_BODYSTRUCTURE);
                return 0;
        default:
                return write_section(run, target, item);
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

static int write_items(FetchRun *run, const FetchTarget *target, bool first) {
        ImapWriter writer = imap_session_writer(run->session);

        for (size_t i = 0; i < run->program->n_items; i++, first = false) {
                const FetchItem *item = &run->program->items[i];
                int r = 0;

                if (item->kind == FETCH_FLAGS) {
                        imap_write_raw(&writer, first ? "" : " ");
                        message_flags_write(&writer, run->session->mailbox, &target->record);
                } else {
                        write_name(run, item, first);
                        r = write_value(run, target, item);
                }
                if (r != 0)
                        return r;
        }
        return 0;
}

static int write_response(FetchRun *run, const FetchTarget *target, bool flags_changed) {
        ImapWriter writer = imap_session_writer(run->session);
        bool adds_flags = flags_changed && !fetch_program_has(run->program, FETCH_FLAGS);
        int r;

        imap_write_raw(&writer, "* ");
        imap_write_number(&writer, target->position + 1);
        imap_write_raw(&writer, " FETCH (");
        if (run->adds_uid) {
                imap_write_raw(&writer, "UID ");
                imap_write_number(&writer, target->record.uid);
        }
        r = write_items(run, target, !run->adds_uid);
        if (r != 0)
                return r;
        if (adds_flags) {
                imap_write_raw(&writer, " ");
                message_flags_write(&writer, run->session->mailbox, &target->record);
        }
        imap_write_raw(&writer, ")\r\n");
        return 0;
}

int fetch_message_write(FetchRun *run, size_t position, bool flags_changed) {
        _cleanup_(target_done) FetchTarget target = { .position = position };
        int r;

        mailbox_message_at(run->session->mailbox, position, &target.record);
        r = prepare(run, &target);
        if (r != STORE_DONE) {
                run->found_missing |= r > 0;
                run->found_unreadable |= r < 0;
                return 0;
        }
        r = write_response(run, &target, flags_changed);
        if (run->keeps_message)
                fetch_memory_keep(&run->session->fetch_memory, target.record.uid,
                                  TAKE_PTR(target.message));
        return r != 0 ? r : imap_session_drain(run->session);
}
