/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sort criteria: a table of names. */
#include "imap-proto/sort-program.h"

#include "imap-proto/imap-args.h"

static const char *const field_names[_SORT_FIELD_MAX] = {
        [SORT_ARRIVAL]      = "ARRIVAL",
        [SORT_CC]           = "CC",
        [SORT_DATE]         = "DATE",
        [SORT_DISPLAY_FROM] = "DISPLAYFROM",
        [SORT_DISPLAY_TO]   = "DISPLAYTO",
        [SORT_FROM]         = "FROM",
        [SORT_SIZE]         = "SIZE",
        [SORT_SUBJECT]      = "SUBJECT",
        [SORT_TO]           = "TO",
};

static void add(SortProgram *program, SortKey key) {
        for (size_t i = 0; i < program->n_keys; i++)
                if (program->keys[i].field == key.field)
                        return;
        program->keys[program->n_keys++] = key;
}

static bool take_key(ImapArgs *args, SortProgram *program) {
        bool is_reversed = imap_args_accept_word(args, "REVERSE");

        for (size_t i = 0; i < _SORT_FIELD_MAX; i++)
                if (imap_args_accept_word(args, field_names[i])) {
                        add(program, (SortKey){ (SortField) i, is_reversed });
                        return true;
                }
        return imap_args_wants(args, "a sort key such as DATE");
}

bool sort_program_take(ImapArgs *args, SortProgram *ret_program) {
        SortProgram program = { 0 };

        if (!imap_args_open_list(args))
                return false;
        do
                if (!take_key(args, &program))
                        return false;
        while (!imap_args_list_ends(args));
        if (!imap_args_close_list(args))
                return false;
        *ret_program = program;
        return true;
}
