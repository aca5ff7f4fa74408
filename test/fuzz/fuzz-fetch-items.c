/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FETCH items: what is read can be named, and its name is read as the same. */
#include <assert.h>
#include <stdint.h>

#include "basic/text.h"
#include "imap-proto/fetch-items.h"
#include "imap-proto/imap-args.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(FetchItem *item) {
        _cleanup_buffer_ Buffer name = { 0 }, again = { 0 };
        _cleanup_fetch_program_ FetchProgram program = { 0 };
        ImapArgs args;

        item->is_partial = false; /* an answer names only where it starts */
        fetch_item_append_name(item, &name);
        imap_args_init(&args, name.data, name.size, NULL);
        assert(fetch_program_take(&args, &program) && imap_args_at_end(&args) && program.n_items == 1);
        fetch_item_append_name(&program.items[0], &again);
        assert(text_equal(name.data, again.data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_fetch_program_ FetchProgram program = { 0 };
        ImapArgs args;

        imap_args_init(&args, (const char *) data, size, NULL);
        if (!fetch_program_take(&args, &program)) {
                assert(args.error[0] != '\0');
                return 0;
        }
        assert(program.n_items > 0 && program.n_items <= IMAP_FETCH_ITEMS_MAX);
        for (size_t i = 0; i < program.n_items; i++)
                check_name(&program.items[i]);
        return 0;
}
