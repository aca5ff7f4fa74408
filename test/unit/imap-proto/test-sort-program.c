/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/sort-program.h"

static const char *read_keys(const char *text, SortProgram *program) {
        static ImapArgs args;

        imap_args_init(&args, text, strlen(text), NULL);
        args.verb = "SORT";
        return sort_program_take(&args, program) ? NULL : imap_args_error(&args);
}

TEST("keys are read in their order, each field once") {
        SortProgram program;

        CHECK_TEXT(read_keys("(reverse DATE Subject REVERSE date SIZE)", &program), NULL);
        CHECK_NUMBER(program.n_keys, 3);
        CHECK(program.keys[0].field == SORT_DATE && program.keys[0].is_reversed);
        CHECK(program.keys[1].field == SORT_SUBJECT && !program.keys[1].is_reversed);
        CHECK(program.keys[2].field == SORT_SIZE && !program.keys[2].is_reversed);
        CHECK_TEXT(read_keys("(ARRIVAL CC DATE DISPLAYFROM DISPLAYTO FROM SIZE SUBJECT TO TO)", &program), NULL);
        CHECK_NUMBER(program.n_keys, _SORT_FIELD_MAX);
        for (size_t i = 0; i < program.n_keys; i++)
                CHECK_NUMBER(program.keys[i].field, i);
}

TEST("mistakes are named") {
        static const struct {
                const char *text, *error;
        } examples[] = {
                { "DATE", "SORT wants a list in parentheses, got 'DATE'" },
                { "()", "SORT wants a sort key such as DATE, got ')'" },
                { "(REVERSE)", "SORT wants a sort key such as DATE, got ')'" },
                { "(REVERSE REVERSE DATE)", "SORT wants a sort key such as DATE, got 'REVERSE'" },
                { "(BCC)", "SORT wants a sort key such as DATE, got 'BCC)'" },
                { "(DATE", "SORT wants a closing parenthesis, got nothing" },
                { "((DATE))", "SORT wants a sort key such as DATE, got '(DATE))'" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                SortProgram program;

                CHECK_TEXT(read_keys(examples[i].text, &program), examples[i].error);
        }
}

TESTS_END
