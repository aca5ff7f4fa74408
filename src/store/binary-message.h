/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message that came as literal8 (RFC 3516, section 4.4): it may hold NULs, and line ends that
 * are none.
 *
 * A Maildir has no place for such octets, and BODY[] must not send them. So a part whose
 * Content-Transfer-Encoding is binary becomes base64, if it holds a NUL or a lone LF; otherwise
 * it stays as it is. All of the message has to be there for that: it is kept aside, and given
 * when it is complete.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

enum {
        BINARY_HEADER_OCTETS_MAX = 1024 * 1024, /* of a part whose encoding is changed */
};

typedef struct BinaryMessage BinaryMessage;

/** binary_message_new() - @tmp_fd: borrowed; where a file without a name can be made */
BinaryMessage *binary_message_new(int tmp_fd);
BinaryMessage *binary_message_free(BinaryMessage *message);
DEFINE_CLEANUP(BinaryMessage *, binary_message_free);

/** binary_message_write() - the next octets, in pieces of any size; Return: DISK_… */
[[nodiscard]] int binary_message_write(BinaryMessage *message, const void *data, size_t size);

/** binary_message_size() - octets that were written */
uint64_t binary_message_size(const BinaryMessage *message);

/* Takes octets in order; what it returns other than STORE_DONE ends the giving. */
typedef int (*BinarySink)(void *userdata, const char *data, size_t size);

/**
 * binary_message_give() - the whole message, as it can be stored; once, at the end
 *
 * Return: STORE_DONE, STORE_UNKNOWN_ENCODING when octets would be lost, what the sink returned,
 * or negative errno.
 */
[[nodiscard]] int binary_message_give(BinaryMessage *message, BinarySink sink, void *userdata);
