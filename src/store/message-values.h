/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What SORT and THREAD need to know of each message, kept in the message cache by mailbox and
 * UID, many messages together. As all of the cache it may be gone at any time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/memory.h"

typedef struct Mailbox Mailbox;
typedef struct MessageValues MessageValues;

/* Whoever changes the form of one gives it another number, which was never used before. */
typedef enum MessageValueKind {
        MESSAGE_VALUE_DATE         = 1,
        MESSAGE_VALUE_SUBJECT      = 2,
        MESSAGE_VALUE_FROM         = 3,
        MESSAGE_VALUE_TO           = 4,
        MESSAGE_VALUE_CC           = 5,
        MESSAGE_VALUE_DISPLAY_FROM = 6,
        MESSAGE_VALUE_DISPLAY_TO   = 7,
        MESSAGE_VALUE_THREAD       = 8,
} MessageValueKind;

/** message_values_new() - one kind of values of one mailbox, asked for in order of position */
MessageValues *message_values_new(Mailbox *box, MessageValueKind kind);

/** message_values_free() - hands over to the cache what is new */
MessageValues *message_values_free(MessageValues *values);
DEFINE_CLEANUP(MessageValues *, message_values_free);

/** message_values_get() - false: not known. @ret_data: borrowed until the next call */
[[nodiscard]] bool message_values_get(MessageValues *values, size_t position,
                                      const char **ret_data, size_t *ret_size);

/** message_values_put() - keep one that message_values_get() has just not known, if not too long */
void message_values_put(MessageValues *values, size_t position, const void *data, size_t size);
