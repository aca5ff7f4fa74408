/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Allocations that end the process instead of failing. What a client can make grow
 * has a named limit elsewhere, so running out here means the machine is in trouble,
 * and systemd starts the next instance.
 */
#include "basic/memory.h"

#include <stdint.h>
#include <unistd.h>

static _Noreturn void die_of_memory(void) {
        static const char text[] = "<2>Out of memory, ending this process.\n";

        (void) !write(STDERR_FILENO, text, sizeof(text) - 1); /* nobody is left to tell */
        abort();
}

void *memory_new(size_t n_items, size_t item_size) {
        void *data = calloc(n_items ? n_items : 1, item_size ? item_size : 1);

        if (!data)
                die_of_memory();
        return data;
}

void *memory_copy(const void *data, size_t size) {
        void *copy = malloc(size ? size : 1);

        if (!copy)
                die_of_memory();
        if (size > 0)
                memcpy(copy, data, size);
        return copy;
}

void *memory_resize(void *data, size_t n_items, size_t item_size) {
        void *resized = reallocarray(data, n_items ? n_items : 1, item_size ? item_size : 1);

        if (!resized)
                die_of_memory();
        return resized;
}

void *memory_grow(void *data, size_t *allocated, size_t n_wanted, size_t item_size) {
        size_t n_room = *allocated;

        if (n_wanted <= n_room && data)
                return data;
        n_room = n_room < 8 ? 8 : n_room;
        while (n_room < n_wanted) {
                if (n_room > SIZE_MAX / 2)
                        die_of_memory();
                n_room *= 2;
        }
        data = memory_resize(data, n_room, item_size);
        *allocated = n_room;
        return data;
}

void memory_wipe(void *data, size_t size) {
        if (data && size > 0)
                explicit_bzero(data, size);
}

void memory_wipe_string(char *secret) {
        if (!secret)
                return;
        memory_wipe(secret, strlen(secret));
        free(secret);
}
