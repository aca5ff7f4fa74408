/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks over the messages that can match, from either end. */
#include "imapd/search-run.h"

#include "basic/setting.h"
#include "basic/text.h"
#include "imapd/message-limit.h"
#include "imapd/progress.h"
#include "imapd/search-plan.h"
#include "store/mailbox.h"

static bool knows_charset(const char *charset) {
        return !charset || text_equal_nocase(charset, "US-ASCII") ||
               text_equal_nocase(charset, "UTF-8");
}

/* Without a charset, texts are UTF-8 as well: US-ASCII is part of it. */
static bool has_only_utf8(const SearchNode *node) {
        if (node->text && !text_is_utf8(node->text, node->text_size))
                return false;
        for (const SearchNode *child = node->first_child; child; child = child->next_sibling)
                if (!has_only_utf8(child))
                        return false;
        return true;
}

bool search_is_disabled(ImapReply *ret_reply) {
        if (!setting_flag("IMAP_DISABLETHREADSORT", false))
                return false;
        *ret_reply = (ImapReply){
                IMAP_NO, .code = "NOPERM",
                .text = "This command is disabled by the system administrator.",
        };
        return true;
}

bool search_is_refused(const SearchProgram *program, ImapReply *ret_reply) {
        if (!knows_charset(program->charset)) {
                *ret_reply = (ImapReply){
                        IMAP_NO, .code = "BADCHARSET (US-ASCII UTF-8)",
                        .text = "The requested character set is not supported.",
                };
                return true;
        }
        if (!has_only_utf8(program->root)) {
                *ret_reply = imap_reply_bad("A text to search for is not in UTF-8");
                return true;
        }
        return false;
}

typedef struct SearchWalk {
        ImapSession *session;
        const SearchStep *plan;
        const NumberSet *candidates;
        size_t n_wanted;
        uint32_t *numbers;
        size_t n_numbers, n_allocated;
} SearchWalk;

/* Return: 0, SESSION_GONE. */
static int look_at(SearchWalk *walk, uint32_t number) {
        int r = progress_step(walk->session);

        if (r != 0)
                return r;
        if (search_plan_matches(walk->plan, walk->session, number - 1)) {
                GROW(walk->numbers, walk->n_numbers, walk->n_allocated);
                walk->numbers[walk->n_numbers++] = number;
        }
        return 0;
}

static int walk_forward(SearchWalk *walk) {
        int r = 0;

        for (uint32_t number = 0;
             r == 0 && walk->n_numbers < walk->n_wanted &&
             number_set_next(walk->candidates, number + 1, &number);)
                r = look_at(walk, number);
        return r;
}

static int walk_backward(SearchWalk *walk) {
        int r = 0;

        for (size_t i = walk->candidates->n_ranges; i-- > 0;) {
                const NumberRange *range = &walk->candidates->ranges[i];

                for (uint32_t number = range->last; number >= range->first && r == 0; number--) {
                        if (walk->n_numbers == walk->n_wanted)
                                return 0;
                        r = look_at(walk, number);
                }
        }
        return r;
}

static void reverse(uint32_t *numbers, size_t n) {
        for (size_t i = 0; i < n / 2; i++) {
                uint32_t kept = numbers[i];

                numbers[i] = numbers[n - 1 - i];
                numbers[n - 1 - i] = kept;
        }
}

/* From the front; and from the end too if that did not come to it. */
static int walk_both(SearchWalk *walk, SearchReach reach, SearchFound *found) {
        SearchWalk back = *walk;
        int r;

        walk->n_wanted = reach.all ? SIZE_MAX : reach.n_first;
        r = walk_forward(walk);
        found->numbers = walk->numbers;
        found->n_numbers = walk->n_numbers;
        found->is_whole = walk->n_numbers < walk->n_wanted;
        if (r != 0 || found->is_whole)
                return r;
        back.n_wanted = reach.n_last;
        r = walk_backward(&back);
        reverse(back.numbers, back.n_numbers);
        found->last = back.numbers;
        found->n_last = back.n_numbers;
        return r;
}

int search_run(ImapSession *session, const SearchProgram *program, SearchReach reach,
               SearchFound *ret_found) {
        _cleanup_(search_plan_done) SearchStep plan = { 0 };
        _cleanup_search_found_ SearchFound found = { 0 };
        _cleanup_number_set_ NumberSet candidates = { 0 };
        SearchWalk walk = { .session = session, .plan = &plan, .candidates = &candidates };
        int r;

        search_plan_init(&plan, session, program);
        search_plan_candidates(&plan, mailbox_n_messages(session->mailbox), &candidates);
        (void) message_limit_keep(session, &candidates); /* the answer says it */
        progress_expect(session, number_set_count(&candidates));
        r = walk_both(&walk, reach, &found);
        if (r != 0)
                return r;
        *ret_found = found;
        found = (SearchFound){ 0 };
        return 0;
}

int search_run_first(ImapSession *session, const SearchProgram *program, SearchFound *ret_found) {
        uint64_t n_all = 2 * (uint64_t) mailbox_n_messages(session->mailbox);
        int r;

        progress_expect(session, n_all);
        r = search_run(session, program, (SearchReach){ .all = true }, ret_found);
        if (r == 0)
                progress_reach(session, n_all - ret_found->n_numbers);
        return r;
}
