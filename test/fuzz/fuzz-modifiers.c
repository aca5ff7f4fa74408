/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Modifiers of FETCH and STORE, parameters of SELECT: what is taken keeps its promises. */
#include <assert.h>
#include <stdint.h>

#include "imap-proto/imap-args.h"
#include "imap-proto/modifiers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_known(const SequenceSet *set) {
        assert(!set->saved_result);
        for (size_t i = 0; i < set->n_ranges; i++)
                assert(set->ranges[i].first != SEQUENCE_SET_STAR && set->ranges[i].last != SEQUENCE_SET_STAR);
}

static void try_select(const char *data, size_t size) {
        _cleanup_select_parameters_ SelectParameters parameters = { 0 };
        ImapArgs args;

        imap_args_init(&args, data, size, NULL);
        if (!select_parameters_take(&args, &parameters)) {
                assert(args.error[0] != '\0');
                return;
        }
        check_known(&parameters.known_uids);
        check_known(&parameters.numbers);
        check_known(&parameters.number_uids);
        assert(parameters.numbers.n_ranges == 0 || parameters.number_uids.n_ranges > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        FetchModifiers fetch = { 0 };
        StoreModifiers store = { 0 };
        ImapArgs args;

        try_select((const char *) data, size);
        imap_args_init(&args, (const char *) data, size, NULL);
        if (fetch_modifiers_take(&args, &fetch))
                assert(!fetch.vanished || fetch.has_changed_since);
        else
                assert(args.error[0] != '\0');
        imap_args_init(&args, (const char *) data, size, NULL);
        assert(store_modifiers_take(&args, &store) || args.error[0] != '\0');
        return 0;
}
