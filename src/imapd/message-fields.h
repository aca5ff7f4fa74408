/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chosen header fields of many messages, without opening those that the cache knows. */
#pragma once

#include <stddef.h>

#include "basic/buffer.h"
#include "imapd/imap-session.h"
#include "store/message-cache.h"

typedef struct Message Message;

/**
 * message_fields_find() - lines of the fields of the message at a position
 * @message:  in and out; NULL is replaced by the message if it had to be opened, released by
 *            message_close()
 * @target:   cleared first. More fields than were asked for may be in it, in any case in the
 *            order of the header
 *
 * What had to be read is kept in the cache. Return: STORE_DONE, or why it cannot be had.
 */
[[nodiscard]] int message_fields_find(ImapSession *session, size_t position,
                                      const CachedFields *fields, Message **message,
                                      Buffer *target);
