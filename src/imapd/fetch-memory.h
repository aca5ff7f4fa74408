/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one FETCH leaves for the next: clients get a large attachment piece by piece, and each
 * piece would open and parse the message, and read all that lies before it, again.
 */
#pragma once

#include <stdint.h>

#include "basic/memory.h"
#include "imapd/binary-part.h"
#include "imapd/section-write.h"
#include "store/message.h"

typedef struct FetchMemory {
        uint32_t uid;
        Message *message; /* owned; NULL for none */
        SectionCursor cursor;
        BinaryMemory binary;
} FetchMemory;

/** fetch_memory_free() - forget it, when the mailbox is left */
FetchMemory *fetch_memory_free(FetchMemory *memory);

/** fetch_memory_of() - what can be remembered, made when nothing was yet; borrowed */
FetchMemory *fetch_memory_of(FetchMemory **memory);

/** fetch_memory_take() - the message of a UID; owned by the caller, NULL when it is not here */
[[nodiscard]] Message *fetch_memory_take(FetchMemory *memory, uint32_t uid);

/** fetch_memory_keep() - keep a message for later; takes it over */
void fetch_memory_keep(FetchMemory **memory, uint32_t uid, Message *message);
