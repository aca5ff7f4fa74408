/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a compressed message expands to: in memory while it is small, then in a file without a
 * name in tmp/. It is expanded once, when the message is opened, and as a whole: so its size is
 * known, and that it is not damaged, before anybody is told anything about it.
 */
#pragma once

#include <stdint.h>

#include "maildir/expander.h"
#include "store/spool.h"

enum {
        EXPANSION_OCTETS_MAX = 1024 * 1024 * 1024, /* what a message of a mailbox may expand to */
};

typedef struct ExpandedMessage {
        Spool spool;        /* owned; its size is that of the message */
        uint64_t wire_size; /* octets on the wire */
} ExpandedMessage;

void expanded_message_done(ExpandedMessage *expanded);

/**
 * message_expand() - expand a message's file, from where its descriptor stands
 * @fd, @tmp_fd:   the file, and where one without a name can be made
 * @name:          for reports
 * @octets_max:    what goes on for more is refused
 * @ret_expanded:  owned by the caller, released by expanded_message_done()
 *
 * Return: STORE_DONE; STORE_DAMAGED: damaged, cut off or too large, reported; STORE_NO_SPACE
 * and its like, reported as well.
 */
[[nodiscard]] int message_expand(Compression compression, int fd, int tmp_fd, const char *name,
                                 uint64_t octets_max, ExpandedMessage *ret_expanded);
