/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message IDs of Message-ID, References and In-Reply-To (RFC 5322, section 3.6.4). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"

/**
 * message_id_next() - the next valid message ID of a field, which may be folded
 * @position:  where to go on; 0 at first
 * @ret_id:    overwritten; without the angle brackets, white space and quoting, so that IDs that
 *             mean the same are the same (RFC 5256, section 1)
 *
 * What is no message ID is passed over. Linear over all calls. Return: false when there is none.
 */
[[nodiscard]] bool message_id_next(const char *value, size_t size, size_t *position,
                                   Buffer *ret_id);
