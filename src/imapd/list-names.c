/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailboxes and subscriptions in one list, and who of them is answered. */
#include "imapd/list-names.h"

#include "basic/text.h"
#include "imap-proto/bare-name.h"
#include "store/special-use.h"

/* Levels that a name can have: every second octet a separator. */
enum { LEVELS_MAX = STORE_NAME_SIZE / 2 + 1 };

void list_names_done(ListNames *names) {
        for (size_t i = 0; i < names->n_names; i++)
                free(names->names[i].name);
        free(names->names);
        *names = (ListNames){ 0 };
}

static bool is_ours(const char *name) {
        return text_equal(name, "INBOX") || text_starts_with(name, "INBOX/");
}

static void add_existing(ListNames *names, StoreListEntry *entry, unsigned uses) {
        names->names[names->n_names++] = (ListName){
                .name = TAKE_PTR(entry->name), .exists = entry->exists,
                .has_children = entry->has_children, .uses = uses,
        };
}

static void add_subscribed(ListNames *names, StoreListEntry *entry) {
        names->names[names->n_names++] =
                (ListName){ .name = TAKE_PTR(entry->name), .is_subscribed = entry->exists };
}

/* Two sorted lists. Of the subscriptions' parents only those count that exist. */
static void merge(StoreList *there, const unsigned *uses, StoreList *subscribed,
                  ListNames *ret_names) {
        size_t i = 0, j = 0;

        ret_names->names = make_array(ListName, there->n_entries + subscribed->n_entries + 1);
        while (i < there->n_entries || j < subscribed->n_entries) {
                int order = i == there->n_entries        ? 1
                            : j == subscribed->n_entries ? -1
                            : store_list_compare(there->entries[i].name,
                                                 subscribed->entries[j].name);

                if (order <= 0)
                        add_existing(ret_names, &there->entries[i], uses ? uses[i] : 0);
                if (order == 0)
                        ret_names->names[ret_names->n_names - 1].is_subscribed =
                                subscribed->entries[j].exists;
                else if (order > 0 && is_ours(subscribed->entries[j].name))
                        add_subscribed(ret_names, &subscribed->entries[j]);
                i += order <= 0;
                j += order >= 0;
        }
}

static bool is_selected(const ListName *name, unsigned select) {
        if (select & LIST_SELECT_SUBSCRIBED ? !name->is_subscribed
                                            : !name->exists && !name->has_children)
                return false;
        return !(select & LIST_SELECT_SPECIAL_USE) || name->uses != 0;
}

/*
 * Who is not selected, but has somebody below that is, is answered with RECURSIVEMATCH, unless
 * that somebody is answered himself (section 3.5).
 */
static void choose(ListNames *names, const ListRequest *request) {
        size_t above[LEVELS_MAX], n_above = 0;

        for (size_t i = 0; i < names->n_names; i++) {
                ListName *name = &names->names[i];
                bool is_bare;

                while (n_above > 0 && !store_name_is_below(name->name,
                                                           names->names[above[n_above - 1]].name))
                        n_above--;
                name->matches = list_request_matches(request, name->name, &is_bare);
                name->told = is_bare ? bare_name_of(name->name) : name->name;
                name->is_selected = is_selected(name, request->select);
                name->is_answered = name->is_selected && name->matches;
                for (size_t k = 0; k < n_above && name->is_selected; k++) {
                        ListName *parent = &names->names[above[k]];

                        parent->has_selected = true;
                        parent->is_answered |= request->select & LIST_SELECT_RECURSIVE &&
                                               !name->matches && parent->matches;
                }
                if (n_above < LEVELS_MAX)
                        above[n_above++] = i;
        }
}

int list_names_gather(MailStore *store, const ListRequest *request, ListNames *ret_names) {
        _cleanup_store_list_ StoreList there = { 0 }, subscribed = { 0 };
        _cleanup_free_ unsigned *uses = NULL;
        int r = store_list(store, &there);

        if (r == STORE_DONE && request->returns & LIST_RETURN_SUBSCRIBED)
                r = store_subscriptions(store, &subscribed);
        if (r == STORE_DONE && request->returns & LIST_RETURN_SPECIAL_USE)
                r = store_special_uses(store, &there, &uses);
        if (r != STORE_DONE)
                return r;
        merge(&there, uses, &subscribed, ret_names);
        choose(ret_names, request);
        return STORE_DONE;
}
