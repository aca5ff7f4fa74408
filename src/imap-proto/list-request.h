/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What LIST and LSUB ask for (RFC 9051, section 6.3.9; RFC 5258; RFC 5819; RFC 6154), without
 * the names that match.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/memory.h"
#include "imap-proto/list-pattern.h"

typedef struct ImapArgs ImapArgs;

/* Which names are wanted; all of them, when none is set. */
typedef enum ListSelect {
        LIST_SELECT_SUBSCRIBED = 1 << 0,
        LIST_SELECT_SPECIAL_USE = 1 << 1,
        LIST_SELECT_REMOTE = 1 << 2, /* there are no remote mailboxes here */
        LIST_SELECT_RECURSIVE = 1 << 3,
} ListSelect;

/* What is told of them. */
typedef enum ListReturn {
        LIST_RETURN_SUBSCRIBED = 1 << 0,
        LIST_RETURN_CHILDREN = 1 << 1, /* told in any case */
        LIST_RETURN_SPECIAL_USE = 1 << 2,
        LIST_RETURN_STATUS = 1 << 3,
} ListReturn;

typedef struct ListRequest {
        enum {
                LIST_REQUEST_NAMES,
                LIST_REQUEST_ROOT,     /* the pattern is empty: tell the separator only */
                LIST_REQUEST_NOTHING,  /* no name of ours can match */
                LIST_REQUEST_TOO_MANY, /* wildcards: NO */
        } kind;
        ListPattern *patterns; /* owned; a name has to match one */
        size_t n_patterns;
        bool is_extended;      /* with anything that RFC 3501 does not know */
        unsigned select;       /* bits of ListSelect */
        unsigned returns;      /* bits of ListReturn; what select implies is set */
        unsigned status_items; /* bits 1 << STATUS_…, with LIST_RETURN_STATUS */
} ListRequest;

#define _cleanup_list_request_ _cleanup_(list_request_done)

void list_request_done(ListRequest *request);

/** list_request_take() - `[(options)] reference pattern|(patterns) [RETURN (options)]` */
[[nodiscard]] bool list_request_take(ImapArgs *args, ListRequest *ret_request);

/** list_request_take_plain() - reference and one pattern, as LSUB has them */
[[nodiscard]] bool list_request_take_plain(ImapArgs *args, ListRequest *ret_request);

/**
 * list_request_matches() - a name in the program's form matches one of the patterns
 * @ret_bare:  only those that name it without its prefix (bare-name.h)
 */
bool list_request_matches(const ListRequest *request, const char *name, bool *ret_bare);
