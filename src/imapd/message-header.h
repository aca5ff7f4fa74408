/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a message alone, for what does not need the rest of the file. */
#pragma once

#include "basic/buffer.h"
#include "store/message.h"

/* Octets of a header that are read; what is behind them counts as not there. */
enum { MESSAGE_HEADER_OCTETS_MAX = 1 << 20 };

/**
 * message_header_read() - append the message's header, with its blank line if it has one
 *
 * Return: 0 or negative errno.
 */
[[nodiscard]] int message_header_read(Message *message, Buffer *target);

/**
 * message_header_field() - the value of the first field of a name, unfolded
 * @ret_value:  owned by the caller; NULL when there is none
 *
 * Return: 0 or negative errno.
 */
[[nodiscard]] int message_header_field(Message *message, const char *name, char **ret_value);
