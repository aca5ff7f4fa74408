/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LIST with all its options: what is taken keeps its promises, what is not has a reason. */
#include <assert.h>
#include <stdint.h>

#include "imap-proto/imap-args.h"
#include "imap-proto/list-request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try(const uint8_t *data, size_t size, bool plain) {
        _cleanup_list_request_ ListRequest request = { 0 };
        ImapArgs args;

        imap_args_init(&args, (const char *) data, size, NULL);
        if (!(plain ? list_request_take_plain(&args, &request) : list_request_take(&args, &request))) {
                assert(args.error[0] != '\0');
                return;
        }
        assert(request.n_patterns <= IMAP_LIST_PATTERNS_MAX);
        assert(request.kind != LIST_REQUEST_NAMES || request.n_patterns > 0);
        assert(request.kind != LIST_REQUEST_ROOT || !request.is_extended);
        assert(!plain || (!request.is_extended && request.n_patterns <= 1));
        (void) list_request_matches(&request, "INBOX/Work/2024");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        try(data, size, false);
        try(data, size, true);
        return 0;
}
