/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The specifiers of "IN (…)". */
#include "imap-proto/mailbox-filter.h"

#include "basic/text.h"
#include "imap-proto/imap-args.h"

static const struct {
        const char *name;
        MailboxFilterKind kind;
        bool has_names;
} specifiers[] = {
        { "selected",    FILTER_SELECTED,    false },
        { "inboxes",     FILTER_INBOXES,     false },
        { "personal",    FILTER_PERSONAL,    false },
        { "subscribed",  FILTER_SUBSCRIBED,  false },
        { "subtree",     FILTER_SUBTREE,     true  },
        { "subtree-one", FILTER_SUBTREE_ONE, true  },
        { "mailboxes",   FILTER_MAILBOXES,   true  },
};

void mailbox_filters_done(MailboxFilters *filters) {
        for (size_t i = 0; i < filters->n_filters; i++)
                free(filters->filters[i].name);
        free(filters->filters);
        *filters = (MailboxFilters){ 0 };
}

static bool add(ImapArgs *args, MailboxFilters *filters, MailboxFilterKind kind, char *name) {
        if (filters->n_filters >= IMAP_SEARCH_SOURCES_MAX) {
                free(name);
                return imap_args_fail(args, "More than %d mailboxes to search in",
                                      IMAP_SEARCH_SOURCES_MAX);
        }
        GROW(filters->filters, filters->n_filters, filters->n_allocated);
        filters->filters[filters->n_filters++] = (MailboxFilter){ kind, name };
        return true;
}

static bool take_name(ImapArgs *args, MailboxFilters *filters, MailboxFilterKind kind) {
        char *name;

        if (!imap_args_take_mailbox(args, &name))
                return false;
        text_drop_suffix(name, '/');
        return add(args, filters, kind, name);
}

/* One mailbox, or several in parentheses. */
static bool take_names(ImapArgs *args, MailboxFilters *filters, MailboxFilterKind kind) {
        if (imap_args_peek(args) != IMAP_TOKEN_OPEN)
                return take_name(args, filters, kind);
        if (!imap_args_open_list(args))
                return false;
        do
                if (!take_name(args, filters, kind))
                        return false;
        while (!imap_args_list_ends(args));
        return imap_args_close_list(args);
}

static bool take_specifier(ImapArgs *args, MailboxFilters *filters) {
        for (size_t i = 0; i < ELEMENTSOF(specifiers); i++) {
                if (!imap_args_accept_word(args, specifiers[i].name))
                        continue;
                return specifiers[i].has_names
                               ? take_names(args, filters, specifiers[i].kind)
                               : add(args, filters, specifiers[i].kind, NULL);
        }
        return imap_args_wants(args, "mailboxes such as subtree INBOX");
}

bool mailbox_filters_take(ImapArgs *args, MailboxFilters *ret_filters) {
        _cleanup_mailbox_filters_ MailboxFilters filters = { 0 };

        if (imap_args_accept_word(args, "IN")) {
                if (!imap_args_open_list(args))
                        return false;
                do
                        if (!take_specifier(args, &filters))
                                return false;
                while (!imap_args_list_ends(args));
                if (!imap_args_close_list(args))
                        return false;
        } else if (!add(args, &filters, FILTER_SELECTED, NULL))
                return false;
        *ret_filters = filters;
        filters = (MailboxFilters){ 0 };
        return true;
}

bool mailbox_filters_has(const MailboxFilters *filters, MailboxFilterKind kind) {
        for (size_t i = 0; i < filters->n_filters; i++)
                if (filters->filters[i].kind == kind)
                        return true;
        return false;
}

bool mailbox_filters_only_selected(const MailboxFilters *filters) {
        for (size_t i = 0; i < filters->n_filters; i++)
                if (filters->filters[i].kind != FILTER_SELECTED)
                        return false;
        return true;
}
