/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands on the octets of a section, as BODY[…] would send them, in bounded memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imap-proto/fetch-items.h"
#include "store/message.h"

/* Takes octets in order; what it returns other than 0 ends the copying. */
typedef int (*SectionSink)(void *userdata, const char *data, size_t size);

/**
 * section_copy() - the octets of a section, or the partial of it that the item says
 * @ret_exists:  false: the message has no such section, and the sink was not called
 *
 * Return: 0, what the sink returned, or negative errno.
 */
[[nodiscard]] int section_copy(Message *message, const FetchItem *item, SectionSink sink,
                               void *userdata, bool *ret_exists);
