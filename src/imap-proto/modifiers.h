/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands in parentheses behind or before the arguments of SELECT, FETCH and STORE
 * (RFC 4466, sections 2.1, 2.4 and 2.5; RFC 7162, section 7).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "imap-proto/partial-range.h"
#include "imap-proto/sequence-set.h"

typedef struct ImapArgs ImapArgs;

typedef struct FetchModifiers {
        bool has_changed_since; /* CHANGEDSINCE */
        uint64_t changed_since;
        bool vanished; /* VANISHED; never without CHANGEDSINCE */
        bool has_partial; /* PARTIAL: of these only a page (RFC 9394, section 3.3) */
        PartialRange partial;
} FetchModifiers;

/** fetch_modifiers_take() - "(CHANGEDSINCE 12345 VANISHED PARTIAL -1:-30)" if it comes next */
[[nodiscard]] bool fetch_modifiers_take(ImapArgs *args, FetchModifiers *ret_modifiers);

typedef struct StoreModifiers {
        bool has_unchanged_since; /* UNCHANGEDSINCE */
        uint64_t unchanged_since;
} StoreModifiers;

/** store_modifiers_take() - "(UNCHANGEDSINCE 12345)" if it comes next */
[[nodiscard]] bool store_modifiers_take(ImapArgs *args, StoreModifiers *ret_modifiers);

typedef struct SelectParameters {
        bool condstore; /* CONDSTORE */
        bool qresync;   /* QRESYNC, with what follows */
        uint32_t uidvalidity;
        uint64_t modseq;
        bool has_known_uids;
        SequenceSet known_uids;           /* without '*', like the next two */
        SequenceSet numbers, number_uids; /* equally many; both empty if they were not given */
} SelectParameters;

#define _cleanup_select_parameters_ _cleanup_(select_parameters_done)

void select_parameters_done(SelectParameters *parameters);

/**
 * select_parameters_take() - "(QRESYNC (67890007 20050715194045000 41:211,214:541 (1,4 2,8)))"
 *
 * Nothing there is fine. @ret_parameters is released by select_parameters_done() in any case.
 */
[[nodiscard]] bool select_parameters_take(ImapArgs *args, SelectParameters *ret_parameters);
