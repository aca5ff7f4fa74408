/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/search-return.h"

static const char *read_return(const char *text, SearchReturn *wanted) {
        static ImapArgs args;

        imap_args_init(&args, text, strlen(text), NULL);
        args.verb = "SEARCH";
        return search_return_take(&args, wanted) ? NULL : imap_args_error(&args);
}

TEST("options say what has to be found") {
        enum { MIN_ = SEARCH_RETURN_MIN, MAX_ = SEARCH_RETURN_MAX, ALL = SEARCH_RETURN_ALL,
               COUNT = SEARCH_RETURN_COUNT, PARTIAL = SEARCH_RETURN_PARTIAL, SAVE = SEARCH_RETURN_SAVE };
        static const struct {
                const char *text;
                bool is_extended, all;
                unsigned options;
                size_t n_first, n_last;
        } examples[] = {
                { "ALL", false, true, 0, 0, 0 },
                { "RETURN () ALL", true, true, ALL, 0, 0 },
                { "RETURN (MIN)", true, false, MIN_, 1, 0 },
                { "RETURN (MAX)", true, false, MAX_, 0, 1 },
                { "return (max min)", true, false, MIN_ | MAX_, 1, 1 },
                { "RETURN (MIN COUNT)", true, true, MIN_ | COUNT, 1, 0 },
                { "RETURN (MAX ALL)", true, true, MAX_ | ALL, 0, 1 },
                { "RETURN (SAVE)", true, true, SAVE, 0, 0 },
                { "RETURN (SAVE MIN)", true, false, SAVE | MIN_, 1, 0 },
                { "RETURN (SAVE COUNT)", true, true, SAVE | COUNT, 0, 0 },
                { "RETURN (PARTIAL 7:9)", true, false, PARTIAL, 9, 0 },
                { "RETURN (PARTIAL -7:-9 MIN MAX)", true, false, PARTIAL | MIN_ | MAX_, 1, 9 },
                { "RETURN (PARTIAL 9:7 SAVE MAX)", true, false, PARTIAL | SAVE | MAX_, 9, 1 },
                { "RETURN (PARTIAL 1:2 COUNT)", true, true, PARTIAL | COUNT, 2, 0 },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                SearchReturn wanted;
                SearchReach reach;

                CHECK_TEXT(read_return(examples[i].text, &wanted), NULL);
                reach = search_return_reach(&wanted);
                CHECK_NUMBER(wanted.is_extended, examples[i].is_extended);
                CHECK_NUMBER(wanted.options, examples[i].options);
                CHECK_NUMBER(reach.all, examples[i].all);
                CHECK_NUMBER(reach.n_first, examples[i].n_first);
                CHECK_NUMBER(reach.n_last, examples[i].n_last);
        }
}

TEST("mistakes are named") {
        static const struct {
                const char *text, *error;
        } examples[] = {
                { "RETURN", "SEARCH wants a list in parentheses, got nothing" },
                { "RETURN ALL", "SEARCH wants a list in parentheses, got 'ALL'" },
                { "RETURN (MIN", "SEARCH wants a closing parenthesis, got nothing" },
                { "RETURN (UPDATE)", "SEARCH wants a return option such as MIN, got 'UPDATE)'" },
                { "RETURN (PARTIAL)", "SEARCH wants a range such as 1:500, got ')'" },
                { "RETURN (PARTIAL 1:2 PARTIAL 1:2)", "More than one PARTIAL" },
                { "RETURN (ALL PARTIAL 1:2)", "PARTIAL and ALL exclude each other" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                SearchReturn wanted;

                CHECK_TEXT(read_return(examples[i].text, &wanted), examples[i].error);
        }
}

TESTS_END
