/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content-Transfer-Encoding (RFC 2045, section 6), decoded while it streams through. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/names.h"
#include "mime/wire.h"

typedef enum TransferEncoding {
        TRANSFER_7BIT,
        TRANSFER_8BIT,
        TRANSFER_BINARY,
        TRANSFER_BASE64,
        TRANSFER_QUOTED_PRINTABLE,
        _TRANSFER_ENCODING_MAX,
} TransferEncoding;
DECLARE_NAMES(transfer_encoding, TransferEncoding);

typedef struct TransferDecoder {
        TransferEncoding encoding;
        uint32_t bits;    /* base64: digits not yet given out */
        unsigned n_bits;
        char held[80];    /* quoted-printable: "=", "=4", or blanks that may end a line */
        size_t n_held;
        bool to_wire;     /* line ends that are not encoded become CRLF */
        WireConverter wire;
} TransferDecoder;

/** transfer_decoder_init() - @name: of the encoding; an unknown one leaves octets as they are */
void transfer_decoder_init(TransferDecoder *decoder, const char *name);

/**
 * transfer_decoder_init_wire() - for octets that a client gets decoded (RFC 3516, section 6)
 *
 * Line ends of the file become CRLF; those that were encoded, and all NULs, stay as they are.
 * Return: false when the encoding is unknown.
 */
[[nodiscard]] bool transfer_decoder_init_wire(TransferDecoder *decoder, const char *name);

/**
 * transfer_decode() - append the decoded octets
 *
 * Lenient: base64 skips what is not in the alphabet, quoted-printable leaves a broken "=" alone.
 * @target grows by at most size plus what was held back, with line ends for the wire twice that.
 */
void transfer_decode(TransferDecoder *decoder, const char *data, size_t size, Buffer *target);

/** transfer_decode_finish() - the body is over: append what was held back */
void transfer_decode_finish(TransferDecoder *decoder, Buffer *target);
