/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks at the start of each line only: for a boundary of one of the open multiparts and, in a
 * header, for the name of a field that is needed. Everything else is counted and forgotten.
 *
 * A position is where we are in the file, on the wire and in lines; sizes are differences of
 * positions. The line end before a boundary belongs to the boundary (RFC 2046, section 5.1.1),
 * so the position before the last line end is remembered.
 */
#include "mime/parser.h"

#include <stdbool.h>

#include "basic/buffer.h"
#include "basic/text.h"
#include "mime/part-fields.h"
#include "mime/part-tree.h"
#include "mime/wire.h"

enum { HEAD_MAX = 2 + MIME_BOUNDARY_MAX + 2 };

typedef struct Position {
        uint64_t raw, wire, lines;
} Position;

typedef enum ParserState {
        IN_HEADER,
        IN_BODY,
        IN_BOUNDARY_LINE, /* a part begins behind it */
        IN_LAST_BOUNDARY_LINE,
} ParserState;

/* A part that is not complete. */
typedef struct OpenPart {
        MimePart *part;
        Envelope *envelope; /* of a message */
        const MimePart **children;
        size_t n_allocated;
        Position header, body;
        const char *boundary; /* of a multipart whose end was not seen; otherwise NULL */
        size_t boundary_size;
} OpenPart;

struct MimeParser {
        MimeLimits limits;
        MimeTree *tree;
        OpenPart open[MIME_DEPTH_MAX + 2];
        size_t n_open;
        size_t n_boundaries;
        size_t n_parts;
        bool truncated;

        ParserState state;
        Position at, before_line_end;
        bool after_cr;
        bool in_line;      /* the start of this line has been looked at */
        bool keeps;        /* this header line is needed */
        Buffer kept;       /* needed fields of the header that is read */
        size_t n_kept;     /* octets kept of all headers */
        char head[HEAD_MAX]; /* the start of a line that came in pieces */
        size_t head_size;
};

static OpenPart *innermost(MimeParser *parser) {
        return parser->open + parser->n_open - 1;
}

static bool is_message_at(const MimeParser *parser, size_t depth) {
        return depth == 0 || mime_part_is_message(parser->open[depth - 1].part);
}

/* Begins a part at this place; for the first one the tree has the memory. */
static void open_part(MimeParser *parser) {
        OpenPart *parent = parser->n_open > 0 ? innermost(parser) : NULL, *open;
        Arena *arena = &parser->tree->arena;
        MimePart *part = parent ? arena_new(arena, sizeof(MimePart)) : &parser->tree->root;

        if (parent) {
                parent->children = arena_grow(arena, parent->children, parent->part->n_children,
                                              &parent->n_allocated, sizeof(*parent->children));
                parent->children[parent->part->n_children++] = part;
                parent->part->children = parent->children;
                part->parent = parent->part;
        }
        open = parser->open + parser->n_open;
        *open = (OpenPart){ .part = part, .header = parser->at, .body = parser->at };
        if (is_message_at(parser, parser->n_open))
                part->envelope = open->envelope = arena_new(arena, sizeof(Envelope));
        parser->n_open++;
        parser->n_parts++;
        parser->state = IN_HEADER;
        buffer_clear(&parser->kept);
}

/* What a part that should have children holds when it has none (RFC 9051, section 9). */
static void add_placeholder(MimeParser *parser, OpenPart *open, bool with_body) {
        Arena *arena = &parser->tree->arena;
        MimePart *parent = open->part, *part = arena_new(arena, sizeof(MimePart));
        const MimePart **children = arena_new(arena, sizeof(*children));

        part_fields_default(arena, part);
        part->parent = parent;
        part->header_offset = part->body_offset = with_body ? parent->body_offset
                                                            : parent->end_offset;
        part->end_offset = parent->end_offset;
        if (with_body) {
                part->encoding = parent->encoding;
                part->body_size_wire = parent->body_size_wire;
                part->body_lines = parent->body_lines;
                part->envelope = arena_new(arena, sizeof(Envelope));
        }
        children[0] = part;
        parent->children = children;
        parent->n_children = 1;
}

static Position later(Position a, Position b) {
        return a.raw > b.raw ? a : b;
}

/* The blank line before a boundary is the boundary's line end (RFC 2046, section 5.1.1: a body
 * part is its header fields, and only then perhaps a CRLF and a body). */
static void pull_back(OpenPart *open, Position *end, bool with_parent) {
        /* A part without a line of its own stays inside its parent. */
        if (with_parent && end->raw < open->header.raw)
                open->header = *end;
        *end = open->body = later(*end, open->header);
}

/* @with_parent: the part around it ends here, too */
static void close_part(MimeParser *parser, Position end, bool with_parent) {
        OpenPart *open = innermost(parser);
        MimePart *part = open->part;

        if (end.raw < open->body.raw)
                pull_back(open, &end, with_parent);
        part->header_offset = open->header.raw;
        part->body_offset = open->body.raw;
        part->end_offset = end.raw;
        part->header_size_wire = open->body.wire - open->header.wire;
        part->header_lines = open->body.lines - open->header.lines;
        part->body_size_wire = end.wire - open->body.wire;
        part->body_lines = end.lines - open->body.lines;
        if (part->n_children == 0 && mime_part_is_multipart(part))
                add_placeholder(parser, open, false);
        else if (part->n_children == 0 && mime_part_is_message(part))
                add_placeholder(parser, open, true);
        if (open->boundary)
                parser->n_boundaries--;
        parser->n_open--;
}

static void read_fields(MimeParser *parser, Position body) {
        OpenPart *open = innermost(parser);
        const MimePart *parent = open->part->parent;
        bool in_digest = parent && mime_part_is_multipart(parent) &&
                         text_equal(parent->subtype, "digest");

        open->body = later(body, open->header);
        part_fields_read(parser->kept.data, parser->kept.size, in_digest, &parser->tree->arena,
                         open->part, open->envelope);
        buffer_clear(&parser->kept);
}

/* The octets of a message in base64 are no message yet. */
static bool is_encoded(const MimePart *part) {
        return text_equal(part->encoding, "base64") ||
               text_equal(part->encoding, "quoted-printable");
}

static bool may_open(MimeParser *parser, size_t n_depth) {
        bool may = parser->n_parts < parser->limits.parts && n_depth <= parser->limits.depth;

        parser->truncated = parser->truncated || !may;
        return may;
}

static void open_multipart(MimeParser *parser, OpenPart *open) {
        const char *boundary = mime_part_param(open->part, "boundary");
        size_t size = boundary ? strlen(boundary) : 0;

        if (size == 0 || size > MIME_BOUNDARY_MAX || !may_open(parser, parser->n_open))
                return;
        open->boundary = boundary;
        open->boundary_size = size;
        parser->n_boundaries++;
}

/* Behind the blank line. */
static void end_header(MimeParser *parser) {
        OpenPart *open = innermost(parser);

        read_fields(parser, parser->at);
        parser->state = IN_BODY;
        if (mime_part_is_multipart(open->part))
                open_multipart(parser, open);
        else if (mime_part_is_message(open->part) && !is_encoded(open->part) &&
                 may_open(parser, parser->n_open))
                open_part(parser);
}

/* The open multipart whose boundary starts this line: of several the longest, then innermost. */
static OpenPart *find_boundary(MimeParser *parser, const char *head, size_t size) {
        OpenPart *best = NULL;

        if (parser->n_boundaries == 0 || size < 3 || head[0] != '-' || head[1] != '-')
                return NULL;
        for (size_t i = parser->n_open; i-- > 0;) {
                OpenPart *open = parser->open + i;

                if (open->boundary && open->boundary_size <= size - 2 &&
                    memcmp(open->boundary, head + 2, open->boundary_size) == 0 &&
                    (!best || best->boundary_size < open->boundary_size))
                        best = open;
        }
        return best;
}

/* From here on everything is body of the innermost part. */
static void forget_boundaries(MimeParser *parser) {
        for (size_t i = 0; i < parser->n_open; i++)
                parser->open[i].boundary = NULL;
        parser->n_boundaries = 0;
}

/* Return: the line was a boundary that counts. */
static bool take_boundary(MimeParser *parser, const char *head, size_t size) {
        OpenPart *owner = find_boundary(parser, head, size);
        size_t depth;
        bool is_last;

        if (!owner)
                return false;
        depth = (size_t) (owner - parser->open) + 1;
        is_last = size >= owner->boundary_size + 4 &&
                  memcmp(head + 2 + owner->boundary_size, "--", 2) == 0;
        if (!is_last && !may_open(parser, depth)) {
                forget_boundaries(parser);
                return false;
        }
        if (parser->state == IN_HEADER)
                read_fields(parser, parser->before_line_end);
        while (parser->n_open > depth)
                close_part(parser, parser->before_line_end, parser->n_open > depth + 1);
        if (is_last) {
                owner->boundary = NULL;
                parser->n_boundaries--;
        }
        parser->state = is_last ? IN_LAST_BOUNDARY_LINE : IN_BOUNDARY_LINE;
        return true;
}

static void keep(MimeParser *parser, const char *data, size_t size) {
        size_t left = parser->limits.header_octets - parser->n_kept;

        if (size > left) {
                parser->truncated = true;
                size = left;
        }
        buffer_append(&parser->kept, data, size);
        parser->n_kept += size;
}

static bool is_blank_line(const char *head, size_t size) {
        return (size == 1 && head[0] == '\n') || (size == 2 && head[0] == '\r' && head[1] == '\n');
}

/* Moves on over octets that have a LF at their end or none at all. */
static void advance(MimeParser *parser, const char *data, size_t size, bool ends_line) {
        bool has_cr;

        if (!ends_line) {
                parser->at.raw += size;
                parser->at.wire += size;
                parser->after_cr = size > 0 ? data[size - 1] == '\r' : parser->after_cr;
                return;
        }
        has_cr = size > 1 ? data[size - 2] == '\r' : parser->after_cr;
        parser->before_line_end = (Position){
                parser->at.raw + size - 1 - has_cr, parser->at.wire + size - 1 - has_cr,
                parser->at.lines,
        };
        parser->at.raw += size;
        parser->at.wire += size + !has_cr;
        parser->at.lines++;
        parser->after_cr = false;
}

/* At the end of a line. */
static void end_line(MimeParser *parser) {
        parser->in_line = false;
        parser->keeps = parser->keeps && parser->state == IN_HEADER;
        if (parser->state == IN_BOUNDARY_LINE)
                open_part(parser);
        else if (parser->state == IN_LAST_BOUNDARY_LINE)
                parser->state = IN_BODY;
}

static void take_header_line(MimeParser *parser, const char *head, size_t size) {
        bool continues = head[0] == ' ' || head[0] == '\t';

        if (!continues)
                parser->keeps = part_field_is_wanted(
                        head, size, is_message_at(parser, parser->n_open - 1));
        if (parser->keeps)
                keep(parser, head, size);
}

/* The start of a line, or all of it when it ends with LF or with the message. */
static void take_head(MimeParser *parser, const char *head, size_t size) {
        bool ends_line = head[size - 1] == '\n', blank = false;

        if (!take_boundary(parser, head, size) && parser->state == IN_HEADER) {
                blank = is_blank_line(head, size);
                if (!blank)
                        take_header_line(parser, head, size);
        }
        advance(parser, head, size, ends_line);
        parser->in_line = !ends_line;
        if (blank) {
                parser->keeps = false;
                end_header(parser);
        } else if (ends_line) {
                end_line(parser);
        }
}

/* Return: octets taken of a line's start. */
static size_t feed_head(MimeParser *parser, const char *data, size_t size) {
        size_t room = HEAD_MAX - parser->head_size, piece = MIN(size, room);
        const char *lf = memchr(data, '\n', piece);

        if (lf)
                piece = (size_t) (lf - data) + 1;
        if (parser->head_size == 0 && (lf || piece == HEAD_MAX)) {
                take_head(parser, data, piece);
                return piece;
        }
        memcpy(parser->head + parser->head_size, data, piece);
        parser->head_size += piece;
        if (lf || parser->head_size == HEAD_MAX) {
                size_t head_size = parser->head_size;

                parser->head_size = 0;
                take_head(parser, parser->head, head_size);
        }
        return piece;
}

static size_t feed_line(MimeParser *parser, const char *data, size_t size) {
        const char *lf = memchr(data, '\n', size);
        size_t piece = lf ? (size_t) (lf - data) + 1 : size;

        if (parser->keeps)
                keep(parser, data, piece);
        advance(parser, data, piece, lf);
        parser->in_line = !lf;
        if (lf)
                end_line(parser);
        return piece;
}

/* No boundary can come any more. */
static void feed_rest(MimeParser *parser, const char *data, size_t size) {
        WireConverter converter = { parser->after_cr };

        parser->at.wire += wire_count(&converter, data, size, &parser->at.lines);
        parser->at.raw += size;
        parser->after_cr = converter.after_cr;
}

void mime_parser_feed(MimeParser *parser, const char *data, size_t size) {
        while (size > 0) {
                size_t taken = size;

                if (parser->state == IN_BODY && parser->n_boundaries == 0 &&
                    parser->head_size == 0)
                        feed_rest(parser, data, size);
                else if (parser->in_line || (parser->state == IN_BODY && parser->head_size == 0 &&
                                             data[0] != '-'))
                        taken = feed_line(parser, data, size);
                else
                        taken = feed_head(parser, data, size);
                data += taken;
                size -= taken;
        }
}

MimePart *mime_parser_finish(MimeParser *parser) {
        MimeTree *tree;

        if (parser->head_size > 0) {
                size_t head_size = parser->head_size;

                parser->head_size = 0;
                take_head(parser, parser->head, head_size);
        }
        if (parser->state == IN_HEADER)
                read_fields(parser, parser->at);
        while (parser->n_open > 0)
                close_part(parser, parser->at, true);
        parser->tree->root.truncated = parser->truncated;
        tree = TAKE_PTR(parser->tree);
        return &tree->root;
}

MimeParser *mime_parser_new(const MimeLimits *limits) {
        MimeParser *parser = make(MimeParser, .tree = make_array(MimeTree, 1));

        parser->limits = (MimeLimits){ MIME_PARTS_MAX, MIME_DEPTH_MAX, MIME_HEADER_OCTETS_MAX };
        if (limits) {
                parser->limits.parts = MIN(limits->parts, parser->limits.parts);
                parser->limits.depth = MIN(limits->depth, parser->limits.depth);
                parser->limits.header_octets = MIN(limits->header_octets,
                                                   parser->limits.header_octets);
        }
        open_part(parser);
        return parser;
}

MimeParser *mime_parser_free(MimeParser *parser) {
        if (parser) {
                if (parser->tree)
                        mime_part_free(&parser->tree->root);
                buffer_done(&parser->kept);
                free(parser);
        }
        return NULL;
}

MimePart *mime_parse(const char *data, size_t size, const MimeLimits *limits) {
        _cleanup_(mime_parser_freep) MimeParser *parser = mime_parser_new(limits);

        mime_parser_feed(parser, data, size);
        return mime_parser_finish(parser);
}
