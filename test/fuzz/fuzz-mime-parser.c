/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets are a message; its structure is the same in whatever pieces they come. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/text.h"
#include "mime/parser.h"
#include "mime/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
        if (!condition)
                abort();
}

static uint64_t wire_size(const uint8_t *data, uint64_t first, uint64_t end) {
        WireConverter converter = { 0 };

        return wire_count(&converter, (const char *) data + first, (size_t) (end - first), NULL);
}

static size_t check(const MimePart *part, const uint8_t *data, size_t size) {
        size_t n_parts = 1;

        require(part->header_offset <= part->body_offset && part->body_offset <= part->end_offset);
        require(part->end_offset <= size);
        require(part->header_size_wire == wire_size(data, part->header_offset, part->body_offset));
        require(part->body_size_wire == wire_size(data, part->body_offset, part->end_offset));
        require(part->type && part->subtype && part->encoding);
        require(!part->parent || (part->header_offset >= part->parent->body_offset &&
                                  part->end_offset <= part->parent->end_offset));
        require(mime_part_is_multipart(part) ? part->n_children > 0
                                             : part->n_children == mime_part_is_message(part));
        require(!mime_part_is_text(part) || part->n_params > 0);
        for (size_t i = 0; i < part->n_children; i++) {
                require(part->children[i]->parent == part);
                require(!mime_part_is_message(part) || part->children[i]->envelope);
                n_parts += check(part->children[i], data, size);
        }
        return n_parts;
}

static void compare(const MimePart *a, const MimePart *b) {
        require(text_equal(a->type, b->type) && text_equal(a->subtype, b->subtype));
        require(a->header_offset == b->header_offset && a->body_offset == b->body_offset);
        require(a->end_offset == b->end_offset && a->body_lines == b->body_lines);
        require(a->n_children == b->n_children);
        for (size_t i = 0; i < a->n_children; i++)
                compare(a->children[i], b->children[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static const MimeLimits limits = { 30, 8, 2000 };
        _cleanup_(mime_parser_freep) MimeParser *parser = mime_parser_new(&limits);
        _cleanup_(mime_part_freep) MimePart *whole = mime_parse((const char *) data, size, &limits);
        _cleanup_(mime_part_freep) MimePart *pieces = NULL;
        size_t piece = size > 0 ? data[size - 1] % 61 + 1 : 1;

        require(check(whole, data, size) <= 2 * limits.parts + limits.depth);
        for (size_t at = 0; at < size; at += piece)
                mime_parser_feed(parser, (const char *) data + at, MIN(piece, size - at));
        pieces = mime_parser_finish(parser);
        compare(whole, pieces);
        return 0;
}
