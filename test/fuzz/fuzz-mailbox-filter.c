/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "IN (…)": what is taken is something, and has a name where one belongs. */
#include <assert.h>
#include <stdint.h>

#include "imap-proto/imap-args.h"
#include "imap-proto/mailbox-filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_mailbox_filters_ MailboxFilters filters = { 0 };
        ImapArgs args;

        imap_args_init(&args, (const char *) data, size, NULL);
        if (!mailbox_filters_take(&args, &filters)) {
                assert(imap_args_error(&args)[0] != '\0' && filters.n_filters == 0);
                return 0;
        }
        assert(filters.n_filters >= 1 && filters.n_filters <= IMAP_SEARCH_SOURCES_MAX);
        for (size_t i = 0; i < filters.n_filters; i++)
                assert((filters.filters[i].kind >= FILTER_SUBTREE) == (filters.filters[i].name != NULL));
        return 0;
}
