/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a FETCH asks for (RFC 9051, section 6.4.5; the RFC822 items of RFC 3501; RFC 3516, 8474,
 * 8514, 8970).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/memory.h"

typedef struct ImapArgs ImapArgs;

typedef enum FetchKind {
        FETCH_BINARY,      /* BINARY[…], BINARY.PEEK[…]: decoded (RFC 3516) */
        FETCH_BINARY_SIZE, /* BINARY.SIZE[…] */
        FETCH_BODY, /* BODY: the structure without extension data */
        FETCH_BODYSTRUCTURE,
        FETCH_BODY_SECTION, /* BODY[…], BODY.PEEK[…] */
        FETCH_EMAILID, /* RFC 8474 */
        FETCH_ENVELOPE,
        FETCH_FLAGS,
        FETCH_INTERNALDATE,
        FETCH_MODSEQ, /* RFC 7162, section 3.1.4.2 */
        FETCH_PREVIEW, /* RFC 8970 */
        FETCH_RFC822,
        FETCH_RFC822_HEADER,
        FETCH_RFC822_SIZE,
        FETCH_RFC822_TEXT,
        FETCH_SAVEDATE, /* RFC 8514 */
        FETCH_THREADID,
        FETCH_UID,
} FetchKind;

typedef enum FetchSection {
        SECTION_ALL, /* BODY[], BODY[1.2] */
        SECTION_HEADER,
        SECTION_HEADER_FIELDS,
        SECTION_HEADER_FIELDS_NOT,
        SECTION_TEXT,
        SECTION_MIME,
} FetchSection;

typedef struct FetchItem {
        FetchKind kind;
        bool lazy; /* of FETCH_PREVIEW: only what is known without the message */

        /* Of FETCH_BODY_SECTION, FETCH_BINARY and FETCH_BINARY_SIZE only: */
        FetchSection section;
        uint32_t *path; /* owned; part numbers from 1 */
        size_t n_path;
        char **fields; /* owned; header names as the client wrote them */
        size_t n_fields;
        bool peek;       /* does not set \Seen */
        bool is_partial; /* "<first.size>" was given; size is not 0 */
        uint64_t partial_first, partial_size;
} FetchItem;

typedef struct FetchProgram {
        FetchItem *items; /* owned; in the client's order, none twice */
        size_t n_items;
        bool sets_seen; /* an item sets \Seen */
} FetchProgram;

#define _cleanup_fetch_program_ _cleanup_(fetch_program_done)

void fetch_program_done(FetchProgram *program);

/** fetch_program_take() - one item, a macro (ALL, FAST, FULL) or a list in parentheses */
[[nodiscard]] bool fetch_program_take(ImapArgs *args, FetchProgram *ret_program);

/** fetch_program_add() - an item that needs nothing but its kind, unless it is there */
[[nodiscard]] bool fetch_program_add(ImapArgs *args, FetchProgram *program, FetchKind kind);

/** fetch_program_has() - an item of this kind is there */
_pure_ bool fetch_program_has(const FetchProgram *program, FetchKind kind);

/**
 * fetch_item_append_name() - as the answer repeats it
 *
 * "FLAGS", "BODY[1.HEADER.FIELDS (\"SUBJECT\" \"DATE\")]<0>": section and field names in
 * capitals, no PEEK, and of a partial only where it starts.
 */
void fetch_item_append_name(const FetchItem *item, Buffer *target);
