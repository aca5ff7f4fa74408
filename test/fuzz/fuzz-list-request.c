/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LIST with all its options: what is taken keeps its promises, what is not has a reason. */
#include <assert.h>
#include <stdint.h>

#include "imap-proto/imap-args.h"
#include "imap-proto/list-request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try(const uint8_t *data, size_t size, bool plain, bool bare_names) {
        _cleanup_list_request_ ListRequest request = { 0 };
        bool is_bare;
        ImapArgs args;

        imap_args_init(&args, (const char *) data, size, NULL);
        args.takes_bare_names = bare_names;
        if (!(plain ? list_request_take_plain(&args, &request) : list_request_take(&args, &request))) {
                assert(args.error[0] != '\0');
                return;
        }
        assert(request.n_patterns <= IMAP_LIST_PATTERNS_MAX);
        assert(request.kind != LIST_REQUEST_NAMES || request.n_patterns > 0);
        assert(request.kind != LIST_REQUEST_ROOT || !request.is_extended);
        assert(!plain || (!request.is_extended && request.n_patterns <= 1));
        assert(!list_request_matches(&request, "INBOX", &is_bare) || !is_bare);
        if (list_request_matches(&request, "INBOX/Work/2024", &is_bare))
                assert(bare_names || !is_bare);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        try(data, size, false, size % 2);
        try(data, size, true, true);
        return 0;
}
