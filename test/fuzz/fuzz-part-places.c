/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets as the places of parts lead nowhere outside; those of any mail come back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mime/part-places.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
        if (!condition)
                abort();
}

/* Return: how many parts there are. */
static size_t check(const MimePart *part, uint64_t first, uint64_t end, size_t depth) {
        size_t n_parts = 1;

        require(depth <= MIME_PLACES_DEPTH_MAX);
        require(part->header_offset >= first && part->body_offset >= part->header_offset);
        require(part->end_offset >= part->body_offset && part->end_offset <= end);
        require(part->header_size_wire - (part->body_offset - part->header_offset) <=
                part->body_offset - part->header_offset);
        require(part->body_size_wire - (part->end_offset - part->body_offset) <=
                part->end_offset - part->body_offset);
        require(mime_part_is_multipart(part) ? part->n_children > 0
                                             : part->n_children == mime_part_is_message(part));
        first = part->body_offset;
        for (size_t i = 0; i < part->n_children; i++) {
                require(part->children[i]->parent == part);
                n_parts += check(part->children[i], first, part->end_offset, depth + 1);
                first = part->children[i]->end_offset;
        }
        return n_parts;
}

static void compare(const MimePart *a, const MimePart *b) {
        require(a->header_offset == b->header_offset && a->body_offset == b->body_offset);
        require(a->end_offset == b->end_offset && a->n_children == b->n_children);
        require(a->header_size_wire == b->header_size_wire && a->body_size_wire == b->body_size_wire);
        require(mime_part_is_multipart(a) == mime_part_is_multipart(b));
        require(mime_part_is_message(a) == mime_part_is_message(b));
        for (size_t i = 0; i < a->n_children; i++)
                compare(a->children[i], b->children[i]);
}

static void unpack_any(const uint8_t *data, size_t size, uint64_t message_size) {
        _cleanup_(mime_part_freep) MimePart *root = mime_places_unpack(data, size, message_size);
        _cleanup_(mime_part_freep) MimePart *again = NULL;
        _cleanup_buffer_ Buffer value = { 0 };

        if (!root)
                return;
        require(check(root, 0, message_size, 0) <= MIME_PLACES_PARTS_MAX);
        mime_places_pack(root, &value);
        again = mime_places_unpack(value.data, value.size, message_size);
        require(again);
        compare(root, again);
}

static void pack_mail(const uint8_t *data, size_t size) {
        _cleanup_(mime_part_freep) MimePart *root = mime_parse((const char *) data, size, NULL);
        _cleanup_(mime_part_freep) MimePart *again = NULL;
        _cleanup_buffer_ Buffer value = { 0 };

        mime_places_pack(root, &value);
        again = mime_places_unpack(value.data, value.size, size);
        require(again);
        compare(root, again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        pack_mail(data, size);
        if (size > 1)
                unpack_any(data + 2, size - 2, data[0] | (uint64_t) data[1] << 8);
        return 0;
}
