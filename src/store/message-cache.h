/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was worked out of a message before, so that its file need not be opened.
 *
 * The store does not know what the texts mean: whoever makes them hands them over to be kept,
 * and gets the same octets back, for copies of the message too. What is not there is worked out
 * again. The cache is no promise: each of these may answer false at any time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

typedef struct MailStore MailStore;
typedef struct Mailbox Mailbox;
typedef struct CachedFields CachedFields;
typedef struct MimePart MimePart;
typedef struct SearchText SearchText;

/* In the form of one protocol; who changes the form changes index/cache-value.c as well. */
typedef enum CachedText {
        CACHED_ENVELOPE,
        CACHED_BODY,
        CACHED_BODYSTRUCTURE,
        CACHED_PREVIEW,
} CachedText;

/** message_cached_text() - append a text that was kept; false when there is none */
[[nodiscard]] bool message_cached_text(Mailbox *box, size_t position, CachedText which,
                                       Buffer *target);

/** message_keep_text() - @file_size: of the file that it was made from */
void message_keep_text(Mailbox *box, size_t position, uint64_t file_size, CachedText which,
                       const char *text, size_t size);

/** message_cached_wire_size() - RFC822.SIZE without opening the file */
[[nodiscard]] bool message_cached_wire_size(Mailbox *box, size_t position, uint64_t *ret_size);

/**
 * message_cached_places() - where the parts of a message are (mime/part-places.h)
 * @file_size, @raw_size:  of the file, and of the message that is in it
 *
 * Return: owned by the caller; NULL when that is not known.
 */
[[nodiscard]] MimePart *message_cached_places(Mailbox *box, size_t position, uint64_t file_size,
                                              uint64_t raw_size);
void message_keep_places(Mailbox *box, size_t position, uint64_t file_size, const MimePart *root);

/**
 * cached_fields_new() - a list of header fields that will be asked for of many messages
 *
 * From now on they are among those that are kept. Return: owned by the caller.
 */
CachedFields *cached_fields_new(MailStore *store, const char *const *names, size_t n_names);
CachedFields *cached_fields_free(CachedFields *fields);
DEFINE_CLEANUP(CachedFields *, cached_fields_free);

/** message_cached_fields() - append what BODY[HEADER.FIELDS (…)] sends */
[[nodiscard]] bool message_cached_fields(Mailbox *box, size_t position,
                                         const CachedFields *fields, Buffer *target);

/**
 * message_keep_header() - keep what clients ask for of a header that had to be read
 * @header:  raw, up to the end of its blank line, or of the message
 * @fields:  what is asked for now is appended to @target; NULL allowed
 *
 * Return: false when the header is too large for that; nothing is appended then.
 */
bool message_keep_header(Mailbox *box, size_t position, uint64_t file_size, const char *header,
                         size_t size, const CachedFields *fields, Buffer *target);

/** store_has_to_keep() - store_rest() would write: who waits for an answer goes first */
bool store_has_to_keep(const MailStore *store);

/** store_rest() - the command is over: write what there is to keep, hold nothing open */
void store_rest(MailStore *store);

/** store_cache_fd() - the cache's directory when it is not in the Maildir, else -EBADF; borrowed */
int store_cache_fd(const MailStore *store);
