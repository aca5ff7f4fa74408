/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names that a LIST answers with: which, and why (RFC 5258, section 3). */
#pragma once

#include "imap-proto/list-request.h"
#include "store/store.h"

typedef struct ListName {
        char *name; /* owned */
        bool exists, has_children, is_subscribed;
        unsigned uses;         /* bits of SpecialUse, when they were asked for */
        bool matches;          /* a pattern */
        bool is_selected;      /* fulfils the criteria */
        bool has_selected;     /* below it is one that does */
        bool is_answered;
        const char *told; /* borrowed, of name: all of it, or what is behind "INBOX/" */
} ListName;

typedef struct ListNames {
        ListName *names; /* owned; children right behind their parent */
        size_t n_names;
} ListNames;

#define _cleanup_list_names_ _cleanup_(list_names_done)
void list_names_done(ListNames *names);

/** list_names_gather() - of the store, and of the subscriptions if the request needs them */
[[nodiscard]] int list_names_gather(MailStore *store, const ListRequest *request,
                                    ListNames *ret_names);
