/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A part is decoded twice, because its size and whether it has a NUL stand before its octets; a
 * piece at a time, so that a large one costs no more memory than a small one. A client that gets
 * it in partials has it measured once, and decoding goes on where the last partial ended.
 */
#include "imapd/binary-part.h"

#include <string.h>

#include "imapd/section-write.h"
#include "session/facts.h"

enum { PIECE_OCTETS = 64 * 1024 };

/* The part whose header says how this one is encoded: what is in a message that has no header
 * of its own is encoded as that message. */
static const MimePart *labelled(const MimePart *part) {
        while (part->body_offset == part->header_offset && part->parent &&
               mime_part_is_message(part->parent))
                part = part->parent;
        return part;
}

/* From the header, because places that come from the cache say nothing of encodings. */
static int read_encoding(Message *message, const MimePart *part, TransferDecoder *decoder) {
        _cleanup_(mime_part_freep) MimePart *header = NULL;
        int r = message_parse(message, part->header_offset, part->body_offset, &header);

        if (r < 0)
                return r;
        return transfer_decoder_init_wire(decoder, header->encoding) ? 0
                                                                     : BINARY_UNKNOWN_ENCODING;
}

static int locate(Message *message, const FetchItem *item, const MimePart *root,
                  BinaryPart *part) {
        const MimePart *found;

        (void) transfer_decoder_init_wire(&part->decoder, "binary"); /* that is known */
        part->end = message_raw_size(message);
        if (item->n_path == 0)
                return 0;
        found = mime_part_find(root, item->path, item->n_path);
        part->first = found ? found->body_offset : 0;
        part->end = found ? found->end_offset : 0;
        if (!found || mime_part_is_multipart(found))
                return 0;
        return read_encoding(message, labelled(found), &part->decoder);
}

static BinaryPlace start_of(const BinaryPart *part) {
        return (BinaryPlace){ .raw = part->first, .decoder = part->decoder };
}

/* Decodes the next piece, which replaces what is in target. Return: 0 or negative errno; the
 * place in the file stays where it is when that has no more octets. */
static int decode_piece(Message *message, uint64_t end, BinaryPlace *place, Buffer *target) {
        size_t wanted = (size_t) MIN(end - place->raw, (uint64_t) PIECE_OCTETS), n;
        const char *data;
        int r = message_view_at(message, place->raw, wanted, &data, &n);

        buffer_clear(target);
        if (r < 0)
                return r;
        transfer_decode(&place->decoder, data, n, target);
        place->raw += n;
        if (n > 0 && place->raw == end)
                transfer_decode_finish(&place->decoder, target);
        place->decoded += target->size;
        return 0;
}

static int measure(Message *message, BinaryPart *part) {
        _cleanup_buffer_ Buffer piece = { 0 };
        BinaryPlace place = start_of(part);

        while (place.raw < part->end) {
                uint64_t before = place.raw;
                int r = decode_piece(message, part->end, &place, &piece);

                if (r < 0)
                        return r;
                if (place.raw == before)
                        break;
                part->has_nuls = part->has_nuls ||
                                 (piece.size > 0 && memchr(piece.data, '\0', piece.size));
        }
        part->size = place.decoded;
        return 0;
}

static bool is_same(const BinaryPart *a, const BinaryPart *b) {
        return a->uid == b->uid && a->first == b->first && a->end == b->end &&
               a->decoder.encoding == b->decoder.encoding;
}

int binary_part_find(Message *message, uint32_t uid, const FetchItem *item, const MimePart *root,
                     BinaryMemory *memory, BinaryPart *ret_part) {
        BinaryPart part = { .uid = uid };
        int r = locate(message, item, root, &part);

        if (r == 0 && is_same(&memory->part, &part)) {
                *ret_part = memory->part;
                return 0;
        }
        if (r == 0)
                r = measure(message, &part);
        if (r != 0)
                return r;
        *memory = (BinaryMemory){ part, start_of(&part) };
        *ret_part = part;
        return 0;
}

/* What of a piece, which begins at an offset in the decoded octets, lies in [first, end). */
static void append_window(const Buffer *piece, uint64_t offset, uint64_t first, uint64_t end,
                          Buffer *out) {
        uint64_t from = MAX(first, offset), to = MIN(end, offset + piece->size);

        if (from < to)
                buffer_append(out, piece->data + (from - offset), (size_t) (to - from));
}

/* Sends the decoded octets [first, end). */
static int send_window(ImapSession *session, Message *message, const BinaryPart *part,
                       uint64_t first, uint64_t end, BinaryMemory *memory) {
        _cleanup_buffer_ Buffer piece = { 0 };
        BinaryPlace place = memory->place;
        int r;

        while (place.decoded < end) {
                /* The next partial may begin within this piece. */
                memory->place = place;
                r = decode_piece(message, part->end, &place, &piece);
                if (r < 0 || place.raw == memory->place.raw)
                        break; /* it was reported, or will be */
                append_window(&piece, memory->place.decoded, first, end,
                              imap_session_output(session));
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        return section_fill(session, end - MIN(end, MAX(first, place.decoded)));
}

int binary_part_write(ImapSession *session, Message *message, const BinaryPart *part,
                      const FetchItem *item, BinaryMemory *memory) {
        ImapWriter writer = imap_session_writer(session);
        uint64_t first = 0, size = part->size;

        if (item->is_partial) {
                first = MIN(item->partial_first, part->size);
                size = MIN(item->partial_size, part->size - first);
        }
        if (!is_same(&memory->part, part) || memory->place.decoded > first)
                *memory = (BinaryMemory){ *part, start_of(part) };
        imap_write_literal_head(&writer, size, part->has_nuls);
        session->facts->n_body_octets += size;
        return size > 0 ? send_window(session, message, part, first, first + size, memory) : 0;
}
