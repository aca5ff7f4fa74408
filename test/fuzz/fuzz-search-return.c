/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RETURN of SEARCH and modifiers of FETCH: pages lie within what there is. */
#include <assert.h>
#include <stdint.h>

#include "imap-proto/imap-args.h"
#include "imap-proto/modifiers.h"
#include "imap-proto/search-return.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_page(const PartialRange *range, size_t n) {
        size_t start, end;

        partial_range_slice(range, n, &start, &end);
        assert(start <= end && end <= n && end - start <= partial_range_reach(range));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        FetchModifiers modifiers;
        SearchReturn wanted;
        ImapArgs args;

        imap_args_init(&args, (const char *) data, size, NULL);
        if (search_return_take(&args, &wanted)) {
                SearchReach reach = search_return_reach(&wanted);

                assert(wanted.is_extended == (wanted.options != 0));
                assert(reach.all || reach.n_first > 0 || reach.n_last > 0);
                if (wanted.options & SEARCH_RETURN_PARTIAL)
                        check_page(&wanted.partial, size);
        } else
                assert(args.error[0] != '\0');

        imap_args_init(&args, (const char *) data, size, NULL);
        if (!fetch_modifiers_take(&args, &modifiers))
                assert(args.error[0] != '\0');
        else if (modifiers.has_partial)
                check_page(&modifiers.partial, size);
        return 0;
}
