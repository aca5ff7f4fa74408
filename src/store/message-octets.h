/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The octets of one message, a window at a time: a small message is read once, whatever is
 * asked of it, and a large one costs no more memory than a small one. Those of a compressed file
 * are what it expands to.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "store/message-expansion.h"

enum { MESSAGE_WINDOW_OCTETS = 64 * 1024 };

typedef struct MessageOctets {
        int fd;              /* owned */
        uint64_t size;       /* when it was opened */
        char *window;        /* owned; NULL until somebody looks */
        size_t window_size;  /* octets in it */
        uint64_t window_offset;
} MessageOctets;

#define MESSAGE_OCTETS_NONE ((MessageOctets){ .fd = -EBADF })

/** message_octets_init() - takes the descriptor over */
void message_octets_init(MessageOctets *octets, int fd, uint64_t size);
void message_octets_done(MessageOctets *octets);

/** message_octets_probe() - look whether the file is compressed; Return: 0 or negative errno */
[[nodiscard]] int message_octets_probe(MessageOctets *octets, Compression *ret_compression);

/** message_octets_replace() - by others, which are taken over */
void message_octets_replace(MessageOctets *octets, Spool *spool);

/**
 * message_octets_view() - octets of the message at an offset
 * @wanted:    how many are worth reading now; at least one is there if the file is that long
 * @ret_data:  borrowed until the next call
 * @ret_size:  at most wanted; 0 at the end of the file
 *
 * Return: 0 or negative errno.
 */
[[nodiscard]] int message_octets_view(MessageOctets *octets, uint64_t offset, size_t wanted,
                                      const char **ret_data, size_t *ret_size);
