/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters against the list of mailboxes, in which those below another stand right behind it. */
#include "imapd/search-sources.h"

#include "basic/text.h"

typedef struct Sources {
        StoreList list;
        StoreList subscribed;
        bool *chosen;
} Sources;

static void sources_done(Sources *sources) {
        store_list_done(&sources->list);
        store_list_done(&sources->subscribed);
        free(sources->chosen);
}

/* The first entry that is not before a name. */
static size_t find(const StoreList *list, const char *name) {
        size_t first = 0, end = list->n_entries;

        while (first < end) {
                size_t middle = first + (end - first) / 2;

                if (store_list_compare(list->entries[middle].name, name) < 0)
                        first = middle + 1;
                else
                        end = middle;
        }
        return first;
}

static void choose(Sources *sources, size_t i) {
        sources->chosen[i] = sources->list.entries[i].exists;
}

static void choose_all(Sources *sources) {
        for (size_t i = 0; i < sources->list.n_entries; i++)
                choose(sources, i);
}

static void choose_name(Sources *sources, const char *name) {
        size_t i = find(&sources->list, name);

        if (i < sources->list.n_entries && text_equal(sources->list.entries[i].name, name))
                choose(sources, i);
}

static bool is_child(const char *name, const char *parent) {
        return !strchr(name + strlen(parent) + 1, '/');
}

static void choose_tree(Sources *sources, const char *name, bool only_children) {
        const StoreList *list = &sources->list;

        choose_name(sources, name);
        for (size_t i = find(list, name); i < list->n_entries; i++) {
                const char *entry = list->entries[i].name;

                if (!text_equal(entry, name) && !store_name_is_below(entry, name))
                        return;
                if (!text_equal(entry, name) && (!only_children || is_child(entry, name)))
                        choose(sources, i);
        }
}

static void choose_subscribed(Sources *sources) {
        for (size_t i = 0; i < sources->subscribed.n_entries; i++)
                if (sources->subscribed.entries[i].exists)
                        choose_name(sources, sources->subscribed.entries[i].name);
}

static void choose_by(Sources *sources, const MailboxFilter *filter, const char *selected) {
        switch (filter->kind) {
        case FILTER_SELECTED:
                choose_name(sources, selected);
                return;
        case FILTER_INBOXES:
        case FILTER_PERSONAL:
                choose_all(sources);
                return;
        case FILTER_SUBSCRIBED:
                choose_subscribed(sources);
                return;
        case FILTER_SUBTREE:
        case FILTER_SUBTREE_ONE:
                choose_tree(sources, filter->name, filter->kind == FILTER_SUBTREE_ONE);
                return;
        case FILTER_MAILBOXES:
                choose_name(sources, filter->name);
                return;
        }
}

int search_sources_gather(MailStore *store, const MailboxFilters *filters, const char *selected,
                          StoreList *ret_list, bool **ret_chosen) {
        _cleanup_(sources_done) Sources sources = { 0 };
        int r = store_list(store, &sources.list);

        if (r == STORE_DONE && mailbox_filters_has(filters, FILTER_SUBSCRIBED))
                r = store_subscriptions(store, &sources.subscribed);
        if (r != STORE_DONE)
                return r;
        sources.chosen = make_array(bool, sources.list.n_entries + 1);
        for (size_t i = 0; i < filters->n_filters; i++)
                choose_by(&sources, &filters->filters[i], selected);
        *ret_list = sources.list;
        *ret_chosen = TAKE_PTR(sources.chosen);
        sources.list = (StoreList){ 0 };
        return STORE_DONE;
}
