/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/modifiers.h"

static void start(ImapArgs *args, const char *text, const char *verb) {
        imap_args_init(args, text, strlen(text), NULL);
        args->verb = verb;
}

TEST("FETCH modifiers: CHANGEDSINCE, and VANISHED beside it") {
        static const struct {
                const char *text, *error;
                FetchModifiers want;
        } examples[] = {
                { "", "", { 0 } },
                { "(CHANGEDSINCE 12345)", "", { true, 12345, false } },
                { "(changedsince 0)", "", { true, 0, false } },
                { "(CHANGEDSINCE 9223372036854775807 VANISHED)", "", { true, INT64_MAX, true } },
                { "(VANISHED CHANGEDSINCE 7)", "", { true, 7, true } },
                { "(PARTIAL -1:-30 CHANGEDSINCE 7)", "", { true, 7, false, true, { 1, 30, true } } },
                { "(PARTIAL 1:2 PARTIAL 1:2)", "PARTIAL stands there twice", { 0 } },
                { "(PARTIAL 0:2)", "FETCH wants a range such as 1:500 or -1:-100, got '0:2)'", { 0 } },
                { "(VANISHED)", "VANISHED needs CHANGEDSINCE beside it", { 0 } },
                { "(CHANGEDSINCE 1 CHANGEDSINCE 2)", "CHANGEDSINCE stands there twice", { 0 } },
                { "(CHANGEDSINCE 1 VANISHED VANISHED)", "VANISHED stands there twice", { 0 } },
                { "(CHANGEDSINCE)", "FETCH wants a number, got ')'", { 0 } },
                { "(CHANGEDSINCE x)", "FETCH wants a number, got 'x)'", { 0 } },
                { "()", "FETCH wants CHANGEDSINCE, PARTIAL or VANISHED, got ')'", { 0 } },
                { "(CHANGEDSINCE 1", "FETCH wants a closing parenthesis, got nothing", { 0 } },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                FetchModifiers got = { 0 };
                ImapArgs args;

                start(&args, examples[i].text, "FETCH");
                CHECK_NUMBER(fetch_modifiers_take(&args, &got), examples[i].error[0] == '\0');
                CHECK_TEXT(args.error, examples[i].error);
                CHECK_NUMBER(got.has_changed_since, examples[i].want.has_changed_since);
                CHECK(got.changed_since == examples[i].want.changed_since);
                CHECK_NUMBER(got.vanished, examples[i].want.vanished);
                CHECK_NUMBER(got.has_partial, examples[i].want.has_partial);
                CHECK_NUMBER(got.partial.last, examples[i].want.partial.last);
                CHECK_NUMBER(got.partial.from_end, examples[i].want.partial.from_end);
        }
}

TEST("STORE modifiers: UNCHANGEDSINCE") {
        static const struct {
                const char *text, *error;
                StoreModifiers want;
        } examples[] = {
                { "", "", { 0 } },
                { "FLAGS", "", { 0 } },
                { "(UNCHANGEDSINCE 320162338)", "", { true, 320162338 } },
                { "(unchangedsince 0)", "", { true, 0 } },
                { "(UNCHANGEDSINCE)", "STORE wants a number, got ')'", { 0 } },
                { "(UNCHANGEDSINCE 99999999999999999999)",
                  "STORE wants a number, got '99999999999999999999)'", { 0 } },
                { "(UNCHANGEDSINCE 1 2)", "STORE wants a closing parenthesis, got '2)'", { 0 } },
                { "(CHANGEDSINCE 1)", "STORE wants UNCHANGEDSINCE, got 'CHANGEDSINCE'", { 0 } },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                StoreModifiers got = { 0 };
                ImapArgs args;

                start(&args, examples[i].text, "STORE");
                CHECK_NUMBER(store_modifiers_take(&args, &got), examples[i].error[0] == '\0');
                CHECK_TEXT(args.error, examples[i].error);
                CHECK_NUMBER(got.has_unchanged_since, examples[i].want.has_unchanged_since);
                CHECK(got.unchanged_since == examples[i].want.unchanged_since);
        }
}

TEST("SELECT parameters of the RFC's examples") {
        _cleanup_select_parameters_ SelectParameters got = { 0 };
        ImapArgs args;

        start(&args, "(QRESYNC (67890007 90060115194045000 1:29997 (5000,7500,9000,9990:9999 15000,"
                     "22500,27000,29970,29973,29976,29979,29982,29985,29988,29991,29994,29997)) CONDSTORE)",
              "SELECT");
        CHECK(select_parameters_take(&args, &got));
        CHECK_TEXT(args.error, "");
        CHECK(got.qresync && got.condstore && got.has_known_uids);
        CHECK_NUMBER(got.uidvalidity, 67890007);
        CHECK_NUMBER(got.modseq, 90060115194045000);
        CHECK_NUMBER(got.known_uids.n_ranges, 1);
        CHECK_NUMBER(got.known_uids.ranges[0].last, 29997);
        CHECK_NUMBER(got.numbers.n_ranges, 4);
        CHECK_NUMBER(got.number_uids.n_ranges, 13);
}

TEST("SELECT parameters that are not right") {
        static const struct {
                const char *text, *error;
        } examples[] = {
                { "", "" },
                { "(CONDSTORE)", "" },
                { "(QRESYNC (1 2))", "" },
                { "(QRESYNC (1 2 3:5))", "" },
                { "(QRESYNC (1 2 (3 4)))", "" },
                { "()", "SELECT wants CONDSTORE or QRESYNC, got ')'" },
                { "(CONDSTORE CONDSTORE)", "CONDSTORE stands there twice" },
                { "(X)", "SELECT wants CONDSTORE or QRESYNC, got 'X)'" },
                { "(QRESYNC)", "SELECT wants a list in parentheses, got ')'" },
                { "(QRESYNC (1))", "SELECT wants a number, got '))'" },
                { "(QRESYNC (1 2 3:*))", "'*' is not known from before" },
                { "(QRESYNC (1 2 $))", "'$' is not known from before" },
                { "(QRESYNC (1 2 3 (1:2 4)))", "There are not as many UIDs as message numbers" },
                { "(QRESYNC (1 2 3 (2,1 4,5)))", "Message numbers and their UIDs have to ascend" },
                { "(QRESYNC (1 2 3 (1,2 5:4)))", "Message numbers and their UIDs have to ascend" },
                { "(QRESYNC (1 2 3 (1)))", "SELECT wants a sequence set, got ')))'" },
                { "(QRESYNC (1 2 3 (1 2) 4))", "SELECT wants a closing parenthesis, got '4))'" },
                { "(QRESYNC (1 2)", "SELECT wants a closing parenthesis, got nothing" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_select_parameters_ SelectParameters got = { 0 };
                ImapArgs args;

                start(&args, examples[i].text, "SELECT");
                CHECK_NUMBER(select_parameters_take(&args, &got), examples[i].error[0] == '\0');
                CHECK_TEXT(args.error, examples[i].error);
        }
}

TEST("SELECT parameters of a client that has switched message numbers off (RFC 9586)") {
        static const struct {
                const char *text, *code;
        } examples[] = {
                { "(QRESYNC (1 2 3:5))", NULL },
                { "(QRESYNC (1 2 3:5 (1 3)))", "UIDREQUIRED" },
                { "(QRESYNC (1 2 (1 3)))", "UIDREQUIRED" },
                { "(QRESYNC (1 x (1 3)))", NULL }, /* another mistake came first */
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_select_parameters_ SelectParameters got = { 0 };
                ImapArgs args;

                start(&args, examples[i].text, "SELECT");
                args.uids_only = true;
                CHECK_NUMBER(select_parameters_take(&args, &got), i == 0);
                CHECK_TEXT(args.error_code, examples[i].code);
        }
}

TESTS_END
