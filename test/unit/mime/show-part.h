/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A structure as text: "type/subtype header+body(lines)[children]", sizes as on the wire. */
#pragma once

#include "basic/buffer.h"
#include "mime/parser.h"

static void append_part(Buffer *out, const MimePart *part) {
        buffer_printf(out, "%s/%s %d+%d(%d)", part->type, part->subtype, (int) part->header_size_wire,
                      (int) part->body_size_wire, (int) part->body_lines);
        if (part->n_children == 0)
                return;
        for (size_t i = 0; i < part->n_children; i++) {
                buffer_append_text(out, i > 0 ? ", " : "[");
                append_part(out, part->children[i]);
        }
        buffer_append_text(out, "]");
}

/* Parses in pieces; 0 is all at once. */
static MimePart *parse_in_pieces(const char *mail, size_t size, size_t piece, const MimeLimits *limits) {
        _cleanup_(mime_parser_freep) MimeParser *parser = mime_parser_new(limits);

        for (size_t at = 0; at < size; at += piece > 0 ? piece : size)
                mime_parser_feed(parser, mail + at, piece > 0 ? MIN(piece, size - at) : size);
        return mime_parser_finish(parser);
}

static _unused_ char *show_mail(const char *mail, size_t size, size_t piece, const MimeLimits *limits) {
        _cleanup_(mime_part_freep) MimePart *root = parse_in_pieces(mail, size, piece, limits);
        _cleanup_buffer_ Buffer out = { 0 };

        append_part(&out, root);
        if (root->truncated)
                buffer_append_text(&out, " truncated");
        return buffer_take_text(&out);
}
