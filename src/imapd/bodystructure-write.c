/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sizes are those of the wire. The grammar wants each multipart to have a part and each
 * message/rfc822 to have a body, so the parser makes empty ones where a mail has none.
 */
#include "imapd/bodystructure-write.h"

#include "basic/text.h"
#include "imapd/envelope-write.h"

static void write_params(ImapWriter *writer, const MimeParam *params, size_t n_params) {
        if (n_params == 0) {
                imap_write_raw(writer, "NIL");
                return;
        }
        for (size_t i = 0; i < n_params; i++) {
                imap_write_raw(writer, i == 0 ? "(" : " ");
                imap_write_text_string(writer, params[i].name);
                imap_write_raw(writer, " ");
                imap_write_text_string(writer, params[i].value);
        }
        imap_write_raw(writer, ")");
}

static void write_disposition(ImapWriter *writer, const MimePart *part) {
        if (!part->disposition) {
                imap_write_raw(writer, "NIL");
                return;
        }
        imap_write_raw(writer, "(");
        imap_write_text_string(writer, part->disposition);
        imap_write_raw(writer, " ");
        write_params(writer, part->disposition_params, part->n_disposition_params);
        imap_write_raw(writer, ")");
}

/* One language may stand as a string (body-fld-lang); a list is what everybody sends. */
static void write_languages(ImapWriter *writer, const MimePart *part) {
        if (part->n_languages == 0) {
                imap_write_raw(writer, "NIL");
                return;
        }
        for (size_t i = 0; i < part->n_languages; i++) {
                imap_write_raw(writer, i == 0 ? "(" : " ");
                imap_write_text_string(writer, part->languages[i]);
        }
        imap_write_raw(writer, ")");
}

static void write_extension(ImapWriter *writer, const MimePart *part) {
        imap_write_raw(writer, " ");
        write_disposition(writer, part);
        imap_write_raw(writer, " ");
        write_languages(writer, part);
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, part->location);
}

static void write_multipart(ImapWriter *writer, const MimePart *part, bool extended) {
        for (size_t i = 0; i < part->n_children; i++)
                bodystructure_write(writer, part->children[i], extended);
        imap_write_raw(writer, " ");
        imap_write_text_string(writer, part->subtype);
        if (!extended)
                return;
        imap_write_raw(writer, " ");
        write_params(writer, part->params, part->n_params);
        write_extension(writer, part);
}

static void write_fields(ImapWriter *writer, const MimePart *part) {
        imap_write_text_string(writer, part->type);
        imap_write_raw(writer, " ");
        imap_write_text_string(writer, part->subtype);
        imap_write_raw(writer, " ");
        write_params(writer, part->params, part->n_params);
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, part->content_id);
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, part->description);
        imap_write_raw(writer, " ");
        imap_write_text_string(writer, part->encoding);
        imap_write_raw(writer, " ");
        imap_write_number(writer, part->body_size_wire);
}

static void write_single(ImapWriter *writer, const MimePart *part, bool extended) {
        bool is_message = mime_part_is_message(part);

        write_fields(writer, part);
        if (is_message) {
                imap_write_raw(writer, " ");
                envelope_write(writer, part->children[0]->envelope);
                imap_write_raw(writer, " ");
                bodystructure_write(writer, part->children[0], extended);
        }
        if (is_message || text_equal_nocase(part->type, "text")) {
                imap_write_raw(writer, " ");
                imap_write_number(writer, part->body_lines);
        }
        if (!extended)
                return;
        imap_write_raw(writer, " ");
        imap_write_nstring(writer, part->md5);
        write_extension(writer, part);
}

void bodystructure_write(ImapWriter *writer, const MimePart *part, bool extended) {
        imap_write_raw(writer, "(");
        if (mime_part_is_multipart(part))
                write_multipart(writer, part, extended);
        else
                write_single(writer, part, extended);
        imap_write_raw(writer, ")");
}
