/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the parts of a message are, in few octets: what is worth keeping of a structure when
 * sections of the message will be asked for again.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "mime/parser.h"
#include "mime/part.h"

enum {
        /* Each part that was found may have one that stands for what it lacks. */
        MIME_PLACES_PARTS_MAX = 2 * MIME_PARTS_MAX,
        MIME_PLACES_DEPTH_MAX = MIME_DEPTH_MAX + 1, /* parts around a part */
};

/** mime_places_pack() - append the places of all parts */
void mime_places_pack(const MimePart *root, Buffer *target);

/**
 * mime_places_unpack() - the structure again, good for mime_section_find() only
 * @data:          any octets
 * @message_size:  raw octets of the message
 *
 * Of a type it knows only whether it is multipart, message/rfc822 or something else; there are
 * no parameters, texts, envelopes and numbers of lines. All parts lie within those around them,
 * one behind the other, and are at most twice as long on the wire.
 *
 * Return: owned by the caller, mime_part_free(); NULL when these are not the places of a message
 * of that size.
 */
[[nodiscard]] MimePart *mime_places_unpack(const void *data, size_t size, uint64_t message_size);
