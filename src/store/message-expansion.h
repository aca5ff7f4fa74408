/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a compressed message expands to, as far as somebody asked: in memory while it is small,
 * then in a file without a name in tmp/. So it is read at any offset, and expanded once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"
#include "maildir/expander.h"

enum {
        EXPANSION_HELD_MAX = 256 * 1024, /* octets that are kept in memory */
        EXPANSION_OCTETS_MAX = 1024 * 1024 * 1024, /* what a message of a mailbox may expand to */
};

typedef struct MessageExpansion MessageExpansion;

/**
 * message_expansion_new() - nothing is read yet
 * @octets_max:   what goes on for more ends there
 * @fd, @tmp_fd:  borrowed; the message's file, at its start, and where a file can be made
 * @name:         borrowed; for reports
 */
MessageExpansion *message_expansion_new(Compression compression, uint64_t octets_max, int fd,
                                        int tmp_fd, const char *name);
MessageExpansion *message_expansion_free(MessageExpansion *expansion);
DEFINE_CLEANUP(MessageExpansion *, message_expansion_free);

/**
 * message_expansion_reach() - expand at least up to an offset, or to the end
 *
 * A file that is broken, or goes on for too long, ends there, and the
 * journal says so. Return: 0 or negative errno.
 */
[[nodiscard]] int message_expansion_reach(MessageExpansion *expansion, uint64_t offset);

/** message_expansion_size() - octets so far */
uint64_t message_expansion_size(const MessageExpansion *expansion);

/** message_expansion_held() - all of them in memory, borrowed until the next reach, or NULL */
const char *message_expansion_held(const MessageExpansion *expansion);

/** message_expansion_fd() - the file that has them otherwise; borrowed */
int message_expansion_fd(const MessageExpansion *expansion);
