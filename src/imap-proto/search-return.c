/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options behind RETURN. */
#include "imap-proto/search-return.h"

#include "imap-proto/imap-args.h"

static const struct {
        const char *name;
        SearchReturnOption option;
} options[] = {
        { "MIN",     SEARCH_RETURN_MIN     },
        { "MAX",     SEARCH_RETURN_MAX     },
        { "ALL",     SEARCH_RETURN_ALL     },
        { "COUNT",   SEARCH_RETURN_COUNT   },
        { "PARTIAL", SEARCH_RETURN_PARTIAL },
        { "SAVE",    SEARCH_RETURN_SAVE    },
};

static bool take_partial(ImapArgs *args, SearchReturn *wanted) {
        if (wanted->options & SEARCH_RETURN_PARTIAL)
                return imap_args_fail(args, "More than one PARTIAL"); /* RFC 9394, section 3.1 */
        return partial_range_take(args, &wanted->partial);
}

static bool take_option(ImapArgs *args, SearchReturn *wanted) {
        for (size_t i = 0; i < ELEMENTSOF(options); i++) {
                if (!imap_args_accept_word(args, options[i].name))
                        continue;
                if (options[i].option == SEARCH_RETURN_PARTIAL && !take_partial(args, wanted))
                        return false;
                wanted->options |= options[i].option;
                return true;
        }
        return imap_args_wants(args, "a return option such as MIN");
}

bool search_return_take(ImapArgs *args, SearchReturn *ret_return) {
        SearchReturn wanted = { 0 };

        if (imap_args_accept_word(args, "RETURN")) {
                wanted.is_extended = true;
                if (!imap_args_open_list(args))
                        return false;
                while (!imap_args_list_ends(args))
                        if (!take_option(args, &wanted))
                                return false;
                if (!imap_args_close_list(args))
                        return false;
                if (wanted.options == 0)
                        wanted.options = SEARCH_RETURN_ALL;
                if (wanted.options & SEARCH_RETURN_PARTIAL && wanted.options & SEARCH_RETURN_ALL)
                        return imap_args_fail(args, "PARTIAL and ALL exclude each other");
        }
        *ret_return = wanted;
        return true;
}

/* RFC 5182, section 2.4, and RFC 9394, section 3.2: MIN, MAX and PARTIAL narrow what is kept. */
bool search_return_saves_all(const SearchReturn *wanted) {
        return wanted->options & (SEARCH_RETURN_ALL | SEARCH_RETURN_COUNT) ||
               !(wanted->options & SEARCH_RETURN_TOLD);
}

SearchReach search_return_reach(const SearchReturn *wanted) {
        SearchReach reach = { .all = search_return_saves_all(wanted) };
        size_t page = wanted->options & SEARCH_RETURN_PARTIAL
                              ? partial_range_reach(&wanted->partial)
                              : 0;

        reach.n_first = wanted->options & SEARCH_RETURN_MIN ? 1 : 0;
        reach.n_last = wanted->options & SEARCH_RETURN_MAX ? 1 : 0;
        if (wanted->partial.from_end)
                reach.n_last = MAX(reach.n_last, page);
        else
                reach.n_first = MAX(reach.n_first, page);
        return reach;
}
