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

/** header_first_field() - the first field's value, unfolded; owned by the caller, or NULL */
[[nodiscard]] char *header_first_field(const char *header, size_t size, const char *name);
