/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A part without its transfer encoding: BINARY[…], BINARY.SIZE[…] (RFC 3516; RFC 9051, 6.4.5). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imap-proto/fetch-items.h"
#include "imapd/imap-session.h"
#include "mime/part.h"
#include "mime/transfer.h"
#include "store/message.h"
#include "store/outcome.h"

typedef struct BinaryPart {
        uint32_t uid;
        uint64_t first, end;     /* in the file */
        TransferDecoder decoder; /* as it is at the first octet */
        uint64_t size;           /* decoded octets */
        bool has_nuls;
} BinaryPart;

/* The same place in the file and in the decoded octets. */
typedef struct BinaryPlace {
        uint64_t raw, decoded;
        TransferDecoder decoder; /* as it is there */
} BinaryPlace;

/* What is remembered of the last part: its measure, and where decoding may go on. */
typedef struct BinaryMemory {
        BinaryPart part; /* uid 0: none */
        BinaryPlace place;
} BinaryMemory;

enum { BINARY_UNKNOWN_ENCODING = _STORE_OUTCOME_MAX }; /* beside those */

/**
 * binary_part_find() - where a part is, and what it comes to when it is decoded
 * @uid:     of the message
 * @root:    of the structure; NULL when the item has no part numbers
 * @memory:  spares the reading of a part that was measured last; updated
 *
 * Reads the whole part. One that is not there has no octets. The whole message and a multipart
 * have no encoding: they are as in BODY[…], with their NULs.
 *
 * Return: 0, BINARY_UNKNOWN_ENCODING or negative errno.
 */
[[nodiscard]] int binary_part_find(Message *message, uint32_t uid, const FetchItem *item,
                                   const MimePart *root, BinaryMemory *memory,
                                   BinaryPart *ret_part);

/**
 * binary_part_write() - "{n}\r\n" or, if it has NULs, "~{n}\r\n", and exactly n octets
 * @item:    its partial, if it has one, chooses the octets
 * @memory:  where the last call stopped; updated
 *
 * Return: 0 or SESSION_GONE.
 */
[[nodiscard]] int binary_part_write(ImapSession *session, Message *message, const BinaryPart *part,
                                    const FetchItem *item, BinaryMemory *memory);
