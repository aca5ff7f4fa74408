/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Of each part, those around it first: what it is (0: neither of the two, 1: message/rfc822,
 * above: multipart, of one child less); octets between the end of the part before it, or the
 * start of the body around it, and its header; octets of header and body; octets that header and
 * body have more on the wire. Numbers have 7 bits an octet, the lowest first, the eighth bit says
 * that more come. So parts that overlap, or lie outside of those around them, cannot be said.
 */
#include "mime/part-places.h"

#include <stdbool.h>

#include "mime/part-tree.h"

enum {
        OTHER, MESSAGE, MULTIPART, /* plus the number of children */
        NUMBERS = 6, /* of a part */
        NUMBER_OCTETS_MAX = 10,
        NUMBER_BITS = 7,
        MORE = 1 << NUMBER_BITS,
};

/* Return: what is behind the number. */
static char *put(char *at, uint64_t number) {
        for (; number >= MORE; number >>= NUMBER_BITS)
                *at++ = (char) (number | MORE);
        *at++ = (char) number;
        return at;
}

static uint64_t kind_of(const MimePart *part) {
        if (mime_part_is_multipart(part))
                return MULTIPART + part->n_children - 1;
        return mime_part_is_message(part) ? MESSAGE : OTHER;
}

/* @before: where a part can begin at the earliest */
static void pack(const MimePart *part, uint64_t before, Buffer *target) {
        uint64_t header_size = part->body_offset - part->header_offset;
        uint64_t body_size = part->end_offset - part->body_offset;
        char *start = buffer_reserve(target, NUMBERS * NUMBER_OCTETS_MAX), *at = start;

        at = put(at, kind_of(part));
        at = put(at, part->header_offset - before);
        at = put(at, header_size);
        at = put(at, body_size);
        at = put(at, part->header_size_wire - header_size);
        at = put(at, part->body_size_wire - body_size);
        buffer_commit(target, (size_t) (at - start));
        before = part->body_offset;
        for (size_t i = 0; i < part->n_children; i++) {
                pack(part->children[i], before, target);
                before = part->children[i]->end_offset;
        }
}

void mime_places_pack(const MimePart *root, Buffer *target) {
        pack(root, 0, target);
}

typedef struct Unpacking {
        const unsigned char *at;
        size_t left;    /* octets */
        size_t n_parts; /* that were begun */
        Arena *arena;
} Unpacking;

static bool take(Unpacking *unpacking, uint64_t *ret_number) {
        *ret_number = 0;
        for (unsigned shift = 0; unpacking->left > 0 && shift < 64; shift += NUMBER_BITS) {
                unsigned char octet = *unpacking->at++;

                unpacking->left--;
                *ret_number |= (uint64_t) (octet & (MORE - 1)) << shift;
                if (!(octet & MORE))
                        return true;
        }
        return false;
}

static void set_type(MimePart *part, uint64_t kind) {
        part->type = kind == OTHER ? "application" : kind == MESSAGE ? "message" : "multipart";
        part->subtype = kind == OTHER ? "octet-stream" : kind == MESSAGE ? "rfc822" : "mixed";
        part->encoding = "binary";
}

/* A part that lies within first and end. */
static bool take_place(Unpacking *unpacking, MimePart *part, uint64_t first, uint64_t end) {
        uint64_t gap, header, body, header_more, body_more, room = end - first;

        if (!take(unpacking, &gap) || !take(unpacking, &header) || !take(unpacking, &body) ||
            !take(unpacking, &header_more) || !take(unpacking, &body_more) || gap > room ||
            header > room - gap || body > room - gap - header || header_more > header ||
            body_more > body)
                return false;
        part->header_offset = first + gap;
        part->body_offset = part->header_offset + header;
        part->end_offset = part->body_offset + body;
        part->header_size_wire = header + header_more;
        part->body_size_wire = body + body_more;
        return true;
}

static bool unpack(Unpacking *unpacking, MimePart *part, uint64_t first, uint64_t end,
                   size_t depth);

static bool unpack_children(Unpacking *unpacking, MimePart *parent, uint64_t n, size_t depth) {
        uint64_t first = parent->body_offset;
        const MimePart **children;
        MimePart *parts;

        /* Before there is memory for them. */
        if (depth > MIME_PLACES_DEPTH_MAX || n > unpacking->left / NUMBERS ||
            n > MIME_PLACES_PARTS_MAX - unpacking->n_parts)
                return false;
        parts = arena_new(unpacking->arena, n * sizeof(*parts));
        children = arena_new(unpacking->arena, n * sizeof(*children));
        parent->children = children;
        parent->n_children = n;
        unpacking->n_parts += n;
        for (uint64_t i = 0; i < n; i++) {
                children[i] = &parts[i];
                parts[i].parent = parent;
                if (!unpack(unpacking, &parts[i], first, parent->end_offset, depth))
                        return false;
                first = parts[i].end_offset;
        }
        return true;
}

static bool unpack(Unpacking *unpacking, MimePart *part, uint64_t first, uint64_t end,
                   size_t depth) {
        uint64_t kind;

        if (!take(unpacking, &kind) || !take_place(unpacking, part, first, end))
                return false;
        set_type(part, kind);
        if (kind == OTHER)
                return true;
        return unpack_children(unpacking, part, kind == MESSAGE ? 1 : kind - MULTIPART + 1,
                               depth + 1);
}

MimePart *mime_places_unpack(const void *data, size_t size, uint64_t message_size) {
        MimeTree *tree = make_array(MimeTree, 1);
        _cleanup_(mime_part_freep) MimePart *root = &tree->root;
        Unpacking unpacking = { .at = data, .left = size, .n_parts = 1, .arena = &tree->arena };

        if (!unpack(&unpacking, root, 0, message_size, 0) || unpacking.left > 0 ||
            root->header_offset != 0 || root->end_offset != message_size)
                return NULL;
        return TAKE_PTR(root);
}
