/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FETCH and STORE modifiers, SELECT parameters. */
#include "imap-proto/modifiers.h"

#include "imap-proto/imap-args.h"

/* Takes a word that may stand there once. */
static bool accept_once(ImapArgs *args, const char *word, bool *is_there, bool *ret_failed) {
        if (!imap_args_accept_word(args, word))
                return false;
        *ret_failed = *is_there;
        if (*is_there)
                return imap_args_fail(args, "%s stands there twice", word);
        *is_there = true;
        return true;
}

static bool take_fetch_modifier(ImapArgs *args, FetchModifiers *modifiers) {
        bool failed = false;

        if (accept_once(args, "CHANGEDSINCE", &modifiers->has_changed_since, &failed))
                return imap_args_take_number64(args, &modifiers->changed_since);
        if (!failed && accept_once(args, "PARTIAL", &modifiers->has_partial, &failed))
                return partial_range_take(args, &modifiers->partial);
        if (failed || accept_once(args, "VANISHED", &modifiers->vanished, &failed))
                return !failed;
        return !failed && imap_args_wants(args, "CHANGEDSINCE, PARTIAL or VANISHED");
}

bool fetch_modifiers_take(ImapArgs *args, FetchModifiers *ret_modifiers) {
        FetchModifiers modifiers = { 0 };

        if (imap_args_peek(args) == IMAP_TOKEN_OPEN) {
                if (!imap_args_open_list(args))
                        return false;
                do
                        if (!take_fetch_modifier(args, &modifiers))
                                return false;
                while (!imap_args_list_ends(args));
                if (!imap_args_close_list(args))
                        return false;
        }
        if (modifiers.vanished && !modifiers.has_changed_since)
                return imap_args_fail(args, "VANISHED needs CHANGEDSINCE beside it");
        *ret_modifiers = modifiers;
        return true;
}

bool store_modifiers_take(ImapArgs *args, StoreModifiers *ret_modifiers) {
        StoreModifiers modifiers = { 0 };

        if (imap_args_peek(args) == IMAP_TOKEN_OPEN) {
                if (!imap_args_open_list(args))
                        return false;
                if (!imap_args_accept_word(args, "UNCHANGEDSINCE"))
                        return imap_args_wants(args, "UNCHANGEDSINCE");
                modifiers.has_unchanged_since = true;
                if (!imap_args_take_number64(args, &modifiers.unchanged_since) ||
                    !imap_args_close_list(args))
                        return false;
        }
        *ret_modifiers = modifiers;
        return true;
}

void select_parameters_done(SelectParameters *parameters) {
        sequence_set_done(&parameters->known_uids);
        sequence_set_done(&parameters->numbers);
        sequence_set_done(&parameters->number_uids);
}

static bool is_ascending(const SequenceSet *set) {
        for (size_t i = 0; i < set->n_ranges; i++)
                if (set->ranges[i].first > set->ranges[i].last ||
                    (i > 0 && set->ranges[i].first <= set->ranges[i - 1].last))
                        return false;
        return true;
}

/* What a client remembers has no '*' in it, and is no result of a SEARCH. */
static bool take_known(ImapArgs *args, SequenceSet *ret_set) {
        if (!imap_args_take_sequence_set(args, ret_set))
                return false;
        if (ret_set->saved_result)
                return imap_args_fail(args, "'$' is not known from before");
        for (size_t i = 0; i < ret_set->n_ranges; i++)
                if (ret_set->ranges[i].first == SEQUENCE_SET_STAR ||
                    ret_set->ranges[i].last == SEQUENCE_SET_STAR)
                        return imap_args_fail(args, "'*' is not known from before");
        return true;
}

static uint64_t count(const SequenceSet *set) {
        uint64_t n = 0;

        for (size_t i = 0; i < set->n_ranges; i++)
                n += (uint64_t) set->ranges[i].last - set->ranges[i].first + 1;
        return n;
}

static bool take_pairs(ImapArgs *args, SelectParameters *parameters) {
        if (!imap_args_allow_numbers(args) || !imap_args_open_list(args) ||
            !take_known(args, &parameters->numbers) ||
            !take_known(args, &parameters->number_uids) || !imap_args_close_list(args))
                return false;
        if (!is_ascending(&parameters->numbers) || !is_ascending(&parameters->number_uids))
                return imap_args_fail(args, "Message numbers and their UIDs have to ascend");
        if (count(&parameters->numbers) != count(&parameters->number_uids))
                return imap_args_fail(args, "There are not as many UIDs as message numbers");
        return true;
}

static bool take_qresync(ImapArgs *args, SelectParameters *parameters) {
        if (!imap_args_open_list(args) ||
            !imap_args_take_number(args, &parameters->uidvalidity) ||
            !imap_args_take_number64(args, &parameters->modseq))
                return false;
        if (imap_args_peek(args) == IMAP_TOKEN_ATOM) {
                parameters->has_known_uids = true;
                if (!take_known(args, &parameters->known_uids))
                        return false;
        }
        if (imap_args_peek(args) == IMAP_TOKEN_OPEN && !take_pairs(args, parameters))
                return false;
        return imap_args_close_list(args);
}

static bool take_parameter(ImapArgs *args, SelectParameters *parameters) {
        bool failed = false;

        if (accept_once(args, "CONDSTORE", &parameters->condstore, &failed))
                return true;
        if (!failed && accept_once(args, "QRESYNC", &parameters->qresync, &failed))
                return take_qresync(args, parameters);
        return !failed && imap_args_wants(args, "CONDSTORE or QRESYNC");
}

bool select_parameters_take(ImapArgs *args, SelectParameters *ret_parameters) {
        *ret_parameters = (SelectParameters){ 0 };
        if (imap_args_peek(args) != IMAP_TOKEN_OPEN)
                return true;
        if (!imap_args_open_list(args))
                return false;
        do
                if (!take_parameter(args, ret_parameters))
                        return false;
        while (!imap_args_list_ends(args));
        return imap_args_close_list(args);
}
