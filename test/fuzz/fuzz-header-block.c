/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block of header fields of any octets; and of any header, what is chosen is what it has. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/memory.h"
#include "imapd/header-filter.h"
#include "index/header-block.h"
#include "mime/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_chosen(void *userdata, const char *data, size_t size) {
        buffer_append(userdata, data, size);
}

/* What the way without a cache sends. */
static void filter(const char *const *names, size_t n_names, const char *data, size_t size, Buffer *target) {
        _cleanup_buffer_ Buffer chosen = { 0 };
        WireConverter converter = { 0 };
        HeaderFilter state;

        header_filter_init(&state, names, n_names, false);
        header_filter_feed(&state, data, size, on_chosen, &chosen);
        header_filter_finish(&state, on_chosen, &chosen);
        wire_convert(&converter, chosen.data, chosen.size, target);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static const char *const names[] = { "From", "Subject", "X-Odd", "To" };
        _cleanup_buffer_ Buffer block = { 0 }, lines = { 0 }, wanted = { 0 };
        HeaderChoice choice;
        HeaderAsked asked;

        if (!header_choice_init(&choice, names, ELEMENTSOF(names)))
                abort();
        (void) header_block_asked(data, size, &asked);
        (void) header_block_choose(data, size, &choice, &lines);
        buffer_clear(&lines);
        if (!header_block_build((const char *) data, size, &choice.asked, &block))
                return 0;
        if (!header_block_choose(block.data, block.size, &choice, &lines))
                abort();
        filter(names, ELEMENTSOF(names), (const char *) data, size, &wanted);
        if (lines.size != wanted.size || (lines.size > 0 && memcmp(lines.data, wanted.data, lines.size) != 0))
                abort();
        return 0;
}
