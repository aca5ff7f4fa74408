/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program's tree again, with what is needed to look at many messages. The depth is bounded
 * by the grammar (IMAP_NESTING_MAX), so functions here may recurse.
 */
#include "imapd/search-plan.h"

#include "basic/clock.h"
#include "imapd/email-id.h"
#include "imapd/message-set.h"
#include "store/mailbox.h"
#include "store/message-cache.h"
#include "store/search-needle.h"

/* Rough prices: the index knows; the size may have to be measured; a header is read; all is. */
enum { COST_INDEX = 1, COST_SIZE = 20, COST_HEADER = 100, COST_CONTENT = 10000 };

static unsigned cost_of(SearchKind kind) {
        switch (kind) {
        case SEARCH_LARGER:
        case SEARCH_SMALLER:
                return COST_SIZE;
        case SEARCH_SENT_BEFORE:
        case SEARCH_SENT_ON:
        case SEARCH_SENT_SINCE:
        case SEARCH_HEADER:
                return COST_HEADER;
        case SEARCH_BODY:
        case SEARCH_TEXT:
                return COST_CONTENT;
        default:
                return COST_INDEX;
        }
}

static int by_cost(const void *a, const void *b) {
        const SearchStep *left = a, *right = b;

        return (left->cost > right->cost) - (left->cost < right->cost);
}

static void prepare(SearchStep *step, ImapSession *session) {
        const SearchNode *node = step->node;

        switch (node->kind) {
        case SEARCH_SEQUENCE:
        case SEARCH_UID:
                (void) message_set_resolve(session, &node->set, node->kind == SEARCH_UID,
                                           &step->numbers); /* numbers too high match nothing */
                return;
        case SEARCH_KEYWORD:
                step->has_keyword = mailbox_find_keyword(session->mailbox, node->text,
                                                         &step->keyword);
                return;
        case SEARCH_EMAILID:
                (void) email_id_parse(node->text, &step->email_id); /* stays 0, which none has */
                return;
        case SEARCH_OLDER:
        case SEARCH_YOUNGER:
                step->limit_sec = (int64_t) (clock_realtime_usec() / USEC_PER_SEC) -
                                  (int64_t) node->size;
                return;
        case SEARCH_SENT_BEFORE:
        case SEARCH_SENT_ON:
        case SEARCH_SENT_SINCE:
                step->fields = cached_fields_new(session->store, (const char *[]){ "Date" }, 1);
                return;
        case SEARCH_HEADER:
                step->fields = cached_fields_new(session->store,
                                                 (const char *[]){ node->field }, 1);
                [[fallthrough]];
        case SEARCH_BODY:
        case SEARCH_TEXT:
                step->text = search_needle_new(node->text, node->text_size);
                return;
        default:
                return;
        }
}

static void init(SearchStep *step, ImapSession *session, const SearchNode *node) {
        *step = (SearchStep){ .node = node, .cost = cost_of(node->kind) };
        prepare(step, session);

        for (const SearchNode *child = node->first_child; child; child = child->next_sibling)
                step->n_children++;
        if (step->n_children == 0)
                return;
        step->children = make_array(SearchStep, step->n_children);
        step->n_children = 0;
        for (const SearchNode *child = node->first_child; child; child = child->next_sibling) {
                SearchStep *made = &step->children[step->n_children++];

                init(made, session, child);
                step->cost += made->cost;
        }
        qsort(step->children, step->n_children, sizeof(SearchStep), by_cost);
}

void search_plan_init(SearchStep *ret_root, ImapSession *session, const SearchProgram *program) {
        init(ret_root, session, program->root);
}

void search_plan_done(SearchStep *root) {
        for (size_t i = 0; i < root->n_children; i++)
                search_plan_done(&root->children[i]);
        free(root->children);
        number_set_done(&root->numbers);
        (void) search_needle_free(root->text); /* return NULL */
        (void) cached_fields_free(root->fields);
}

/* The set of the top level with the fewest messages; NULL when there is none. */
static const NumberSet *smallest_set(const SearchStep *root) {
        const NumberSet *smallest = NULL;

        for (size_t i = 0; i < root->n_children; i++) {
                SearchKind kind = root->children[i].node->kind;
                const NumberSet *set = &root->children[i].numbers;

                if (kind != SEARCH_SEQUENCE && kind != SEARCH_UID)
                        continue;
                if (!smallest || number_set_count(set) < number_set_count(smallest))
                        smallest = set;
        }
        return smallest;
}

void search_plan_candidates(const SearchStep *root, size_t n_messages, NumberSet *ret_numbers) {
        const NumberSet *set = smallest_set(root);

        if (set)
                number_set_add_all(ret_numbers, set->ranges, set->n_ranges);
        else if (n_messages > 0)
                number_set_add(ret_numbers, 1, (uint32_t) n_messages);
}
