/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Items of a FETCH that the message cache may know: ENVELOPE, BODY, BODYSTRUCTURE, PREVIEW and
 * BODY[HEADER.FIELDS (…)] of the message itself.
 */
#pragma once

#include "imap-proto/fetch-items.h"
#include "imapd/imap-session.h"
#include "store/message-cache.h"
#include "store/message.h"

typedef struct FetchCached {
        ImapSession *session;        /* borrowed */
        const FetchProgram *program; /* borrowed */
        CachedFields **fields; /* owned; for each item; NULL where it asks for no fields */
        bool covers_all;       /* no item needs a message of which the cache knows everything */
        bool needs_header;     /* an item is answered from the header, unless it is known */
        Buffer lines;          /* the fields of one message */
} FetchCached;

void fetch_cached_init(FetchCached *cached, ImapSession *session, const FetchProgram *program);
void fetch_cached_done(FetchCached *cached);

/** fetch_cached_write() - write an item's value if the cache has it; false: nothing is written */
[[nodiscard]] bool fetch_cached_write(FetchCached *cached, size_t position, size_t item);

/** fetch_cached_keep() - keep an item's value that had to be worked out of the message */
void fetch_cached_keep(FetchCached *cached, size_t position, const Message *message,
                       FetchKind kind, const char *text, size_t size);

/**
 * fetch_cached_write_fields() - the same from the message's header, which is kept
 * @header:  as message_header_read() has it
 *
 * Return: false when it cannot be answered so; nothing is written.
 */
[[nodiscard]] bool fetch_cached_write_fields(FetchCached *cached, size_t position,
                                             const Message *message, size_t item,
                                             const Buffer *header);
