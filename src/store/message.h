/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message's file, open for reading. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"
#include "store/outcome.h"

typedef struct Mailbox Mailbox;
typedef struct Message Message;
typedef struct MimePart MimePart;
typedef struct SearchText SearchText;

/**
 * message_open() - open a message's file
 * @ret_message:  owned by the caller, released by message_close(); independent of the mailbox
 *
 * Looks for the file under its base name when another program renamed it.
 * One that is compressed (gzip, Zstandard) is expanded: its octets are what it expands to.
 * Return: STORE_DONE, STORE_EXPUNGED, STORE_UNREADABLE or STORE_DAMAGED (both reported).
 */
[[nodiscard]] int message_open(Mailbox *box, uint32_t uid, Message **ret_message);
Message *message_close(Message *message);

/**
 * message_open_for_sections() - message_open() of a message whose sections will be asked for
 *
 * Where the message cache knows them nothing but them need be read, not even the start of the
 * file, which otherwise says whether it is compressed.
 */
[[nodiscard]] int message_open_for_sections(Mailbox *box, uint32_t uid, Message **ret_message);
DEFINE_CLEANUP(Message *, message_close);

/** message_raw_size() - octets of the message; of a compressed one those it expands to */
uint64_t message_raw_size(const Message *message);

/** message_file_size() - octets of the file, by fstat at opening, compressed or not */
uint64_t message_file_size(const Message *message);

/** message_is_compressed() - then its size on the wire is known, whatever its name says */
bool message_is_compressed(const Message *message);

/** message_internal_date() - the file's time, seconds UTC */
int64_t message_internal_date(const Message *message);

/**
 * message_view_at() - raw octets at an offset, without copying them
 * @wanted:    how many are worth reading now
 * @ret_data:  borrowed until the message is looked at again
 * @ret_size:  at most wanted; 0 only at the end of the file
 *
 * Return: 0 or negative errno.
 */
[[nodiscard]] int message_view_at(Message *message, uint64_t offset, size_t wanted,
                                  const char **ret_data, size_t *ret_size);

/**
 * message_read_at() - raw octets at an offset, as they are on disk
 * @ret_size:  less than size only at the end of the file
 *
 * Return: 0 or negative errno.
 */
[[nodiscard]] int message_read_at(Message *message, uint64_t offset, void *data, size_t size,
                                  size_t *ret_size);

/** message_wire_size() - octets on the wire: what RFC822.SIZE says and BODY[] sends */
[[nodiscard]] int message_wire_size(Message *message, uint64_t *ret_size);

/** mailbox_learn_wire_size() - mailbox_wire_size() of a message that is open already */
[[nodiscard]] int mailbox_learn_wire_size(Mailbox *box, size_t position, Message *message,
                                          uint64_t *ret_size);

/**
 * message_parse() - the structure of some of a message's octets, such as a part's header
 * @first, @end:  raw offsets; what the message does not have is left out
 * @ret_part:     mime_part_free()
 *
 * Return: 0 or negative errno, reported.
 */
[[nodiscard]] int message_parse(Message *message, uint64_t first, uint64_t end,
                                MimePart **ret_part);

/**
 * message_structure() - the message's MIME structure (mime/part.h)
 * @ret_root:  borrowed; lives as long as the message. Parsed at the first call only.
 */
[[nodiscard]] int message_structure(Message *message, const MimePart **ret_root);

/**
 * message_sections() - a structure that is good for mime_section_find() only
 * @ret_root:  borrowed; lives as long as the message
 *
 * Comes from the message cache; what had to be parsed is kept there.
 */
[[nodiscard]] int message_sections(Mailbox *box, size_t position, Message *message,
                                   const MimePart **ret_root);

typedef enum MessageScope {
        MESSAGE_SCOPE_BODY,  /* the text of the bodies, decoded */
        MESSAGE_SCOPE_TEXT,  /* headers and bodies */
} MessageScope;

/**
 * message_matches() - does the text occur? (RFC 9051, 6.4.4)
 * @needle:  prepared once for all messages (search/search-text.h)
 *
 * Return: 0 or negative errno.
 */
[[nodiscard]] int message_matches(Message *message, MessageScope scope,
                                  const SearchText *needle, bool *ret_matches);
