/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message with binary parts: what is made of it needs no second change, and hides no octet. */
#include <assert.h>
#include <errno.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/text.h"
#include "mime/parser.h"
#include "mime/transfer.h"
#include "store/binary-message.h"
#include "store/outcome.h"
#include "store/spool.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int collect(void *userdata, const char *data, size_t size) {
        buffer_append(userdata, data, size);
        return STORE_DONE;
}

static int convert(const char *data, size_t size, size_t piece, Buffer *out) {
        _cleanup_(binary_message_freep) BinaryMessage *message = binary_message_new(-EBADF);

        for (size_t at = 0; at < size; at += piece)
                assert(binary_message_write(message, data + at, MIN(piece, size - at)) == 0);
        return binary_message_give(message, collect, out);
}

static void append_decoded(const MimePart *part, const char *data, Buffer *out) {
        TransferDecoder decoder;

        for (size_t i = 0; i < part->n_children; i++)
                append_decoded(part->children[i], data, out);
        if (part->n_children > 0)
                return;
        transfer_decoder_init(&decoder, part->encoding);
        transfer_decode(&decoder, data + part->body_offset,
                        (size_t) (part->end_offset - part->body_offset), out);
        transfer_decode_finish(&decoder, out);
        buffer_append_char(out, '|');
}

static void check_bodies(const uint8_t *given, size_t size, const Buffer *stored) {
        _cleanup_(mime_part_freep) MimePart *before = mime_parse((const char *) given, size, NULL);
        _cleanup_(mime_part_freep) MimePart *after = mime_parse(stored->data, stored->size, NULL);
        _cleanup_buffer_ Buffer had = { 0 }, has = { 0 };

        if (before->truncated)
                return;
        append_decoded(before, (const char *) given, &had);
        append_decoded(after, stored->data, &has);
        assert(had.size == has.size && memcmp(had.data, has.data, had.size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_buffer_ Buffer once = { 0 }, twice = { 0 };

        if (size == 0 || size > SPOOL_HELD_MAX / 2)
                return 0;
        if (convert((const char *) data, size, 1 + size % 97, &once) != STORE_DONE)
                return 0;
        assert(convert(once.data, once.size, once.size, &twice) == STORE_DONE);
        assert(twice.size == once.size && memcmp(twice.data, once.data, once.size) == 0);
        check_bodies(data, size, &once);
        return 0;
}
