/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URLs of messages: what is taken has a message and one section; BADURL stays on its line. */
#include <assert.h>
#include <stdint.h>

#include "basic/text.h"
#include "imap-proto/imap-limits.h"
#include "imap-proto/imap-url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_code(const char *text) {
        _cleanup_buffer_ Buffer code = { 0 };

        imap_url_append_code(text, &code);
        for (size_t i = 0; i < code.size; i++)
                assert(code.data[i] > ' ' && code.data[i] < 0x7f && code.data[i] != ']');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_free_ char *text = text_dup_range((const char *) data, size);
        _cleanup_imap_url_ ImapUrl url = { 0 };

        check_code(text);
        if (!imap_url_parse(text, &url))
                return 0;
        assert(strlen(text) <= IMAP_URL_MAX);
        assert(url.uid > 0 && url.program.n_items == 1);
        assert(url.program.items->kind == FETCH_BODY_SECTION && !url.program.sets_seen);
        assert(!url.mailbox || url.mailbox[0] != '\0');
        return 0;
}
