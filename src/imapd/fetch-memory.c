/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message, and a place in one of its sections. */
#include "imapd/fetch-memory.h"

FetchMemory *fetch_memory_free(FetchMemory *memory) {
        if (!memory)
                return NULL;
        memory->message = message_close(memory->message);
        free(memory);
        return NULL;
}

FetchMemory *fetch_memory_of(FetchMemory **memory) {
        if (!*memory)
                *memory = make(FetchMemory, .uid = 0);
        return *memory;
}

Message *fetch_memory_take(FetchMemory *memory, uint32_t uid) {
        if (!memory || !memory->message || memory->uid != uid)
                return NULL;
        return TAKE_PTR(memory->message);
}

void fetch_memory_keep(FetchMemory **memory, uint32_t uid, Message *message) {
        if (!message)
                return;
        (void) fetch_memory_of(memory); /* as *memory */
        (*memory)->message = message_close((*memory)->message);
        (*memory)->message = message;
        (*memory)->uid = uid;
}
