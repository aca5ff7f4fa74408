/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference, patterns and options of LIST. */
#include "imap-proto/list-request.h"

#include "imap-proto/bare-name.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/status-items.h"

static const struct {
        const char *word;
        unsigned select, returns; /* what it sets; a selection implies what is told of it */
} select_words[] = {
        { "SUBSCRIBED",     LIST_SELECT_SUBSCRIBED,  LIST_RETURN_SUBSCRIBED  },
        { "SPECIAL-USE",    LIST_SELECT_SPECIAL_USE, LIST_RETURN_SPECIAL_USE },
        { "REMOTE",         LIST_SELECT_REMOTE,      0                       },
        { "RECURSIVEMATCH", LIST_SELECT_RECURSIVE,   0                       },
};

static const struct {
        const char *word;
        unsigned returns;
} return_words[] = {
        { "SUBSCRIBED",  LIST_RETURN_SUBSCRIBED  },
        { "CHILDREN",    LIST_RETURN_CHILDREN    },
        { "SPECIAL-USE", LIST_RETURN_SPECIAL_USE },
        { "STATUS",      LIST_RETURN_STATUS      },
};

void list_request_done(ListRequest *request) {
        for (size_t i = 0; i < request->n_patterns; i++)
                list_pattern_done(&request->patterns[i]);
        free(request->patterns);
        *request = (ListRequest){ 0 };
}

static bool take_select_word(ImapArgs *args, ListRequest *request) {
        for (size_t i = 0; i < ELEMENTSOF(select_words); i++)
                if (imap_args_accept_word(args, select_words[i].word)) {
                        request->select |= select_words[i].select;
                        request->returns |= select_words[i].returns;
                        return true;
                }
        return imap_args_wants(args, "an option such as SUBSCRIBED");
}

/* A client may say a thing twice (RFC 5258, section 3). */
static bool take_select(ImapArgs *args, ListRequest *request) {
        unsigned what;

        if (!imap_args_open_list(args))
                return false;
        while (!imap_args_list_ends(args))
                if (!take_select_word(args, request))
                        return false;
        what = request->select & ~(unsigned) (LIST_SELECT_REMOTE | LIST_SELECT_RECURSIVE);
        if (request->select & LIST_SELECT_RECURSIVE && what == 0)
                return imap_args_fail(args, "RECURSIVEMATCH needs SUBSCRIBED or SPECIAL-USE "
                                            "beside it");
        request->is_extended = true;
        return imap_args_close_list(args);
}

static bool take_return_word(ImapArgs *args, ListRequest *request) {
        for (size_t i = 0; i < ELEMENTSOF(return_words); i++) {
                if (!imap_args_accept_word(args, return_words[i].word))
                        continue;
                request->returns |= return_words[i].returns;
                return return_words[i].returns != LIST_RETURN_STATUS ||
                       status_items_take(args, &request->status_items);
        }
        return imap_args_wants(args, "an option such as CHILDREN");
}

static bool take_returns(ImapArgs *args, ListRequest *request) {
        if (!imap_args_accept_word(args, "RETURN"))
                return true;
        request->is_extended = true;
        if (!imap_args_open_list(args))
                return false;
        while (!imap_args_list_ends(args))
                if (!take_return_word(args, request))
                        return false;
        return imap_args_close_list(args);
}

/* NIL stands for the empty text, as Courier has it. */
static bool take_text(ImapArgs *args, bool is_pattern, char **ret_text) {
        if (imap_args_accept_nil(args)) {
                *ret_text = memory_copy("", 1);
                return true;
        }
        return is_pattern ? imap_args_take_list_pattern(args, ret_text)
                          : imap_args_take_astring(args, ret_text);
}

/* The kind stays what it is unless this pattern says more. */
static bool add_pattern(ImapArgs *args, const char *reference, const char *text,
                        ListRequest *request) {
        ListPattern pattern = { 0 };

        switch (list_pattern_init(reference, text, args->utf8, &pattern)) {
        case LIST_PATTERN_BROKEN:
                return imap_args_fail(args, "The pattern is not %s",
                                      args->utf8 ? "UTF-8" : "modified UTF-7");
        case LIST_PATTERN_NOTHING:
                return true;
        case LIST_PATTERN_TOO_MANY:
                request->kind = LIST_REQUEST_TOO_MANY;
                return true;
        }
        if (args->takes_bare_names)
                (void) bare_name_prefix_pattern(&pattern); /* is_bare says it */
        if (request->kind == LIST_REQUEST_NOTHING)
                request->kind = LIST_REQUEST_NAMES;
        request->patterns = memory_resize(request->patterns, request->n_patterns + 1,
                                          sizeof(ListPattern));
        request->patterns[request->n_patterns++] = pattern;
        return true;
}

static bool take_pattern(ImapArgs *args, const char *reference, ListRequest *request) {
        _cleanup_free_ char *text = NULL;

        if (!take_text(args, true, &text))
                return false;
        if (text[0] == '\0') { /* among others it is a name that nothing has */
                if (!request->is_extended)
                        request->kind = LIST_REQUEST_ROOT;
                return true;
        }
        return add_pattern(args, reference, text, request);
}

static bool take_patterns(ImapArgs *args, const char *reference, ListRequest *request) {
        size_t n = 0;

        if (imap_args_peek(args) != IMAP_TOKEN_OPEN)
                return take_pattern(args, reference, request);
        request->is_extended = true;
        if (!imap_args_open_list(args))
                return false;
        do {
                if (n++ >= IMAP_LIST_PATTERNS_MAX)
                        return imap_args_fail(args, "More than %d patterns",
                                              IMAP_LIST_PATTERNS_MAX);
                if (!take_pattern(args, reference, request))
                        return false;
        } while (!imap_args_list_ends(args));
        return imap_args_close_list(args);
}

static bool take(ImapArgs *args, bool may_be_extended, ListRequest *request) {
        _cleanup_free_ char *reference = NULL;

        request->kind = LIST_REQUEST_NOTHING;
        if (may_be_extended && imap_args_peek(args) == IMAP_TOKEN_OPEN &&
            !take_select(args, request))
                return false;
        if (!take_text(args, false, &reference))
                return false;
        if (!(may_be_extended ? take_patterns(args, reference, request)
                              : take_pattern(args, reference, request)))
                return false;
        if (may_be_extended && !take_returns(args, request))
                return false;
        if (request->kind == LIST_REQUEST_ROOT && request->is_extended)
                request->kind = LIST_REQUEST_NOTHING;
        return imap_args_at_end(args);
}

static bool take_or_drop(ImapArgs *args, bool may_be_extended, ListRequest *ret_request) {
        _cleanup_list_request_ ListRequest request = { 0 };

        if (!take(args, may_be_extended, &request))
                return false;
        *ret_request = request;
        request = (ListRequest){ 0 };
        return true;
}

bool list_request_take(ImapArgs *args, ListRequest *ret_request) {
        return take_or_drop(args, true, ret_request);
}

bool list_request_take_plain(ImapArgs *args, ListRequest *ret_request) {
        return take_or_drop(args, false, ret_request);
}

bool list_request_matches(const ListRequest *request, const char *name, bool *ret_bare) {
        bool matches = false;

        *ret_bare = true;
        for (size_t i = 0; i < request->n_patterns && (!matches || *ret_bare); i++) {
                if (!list_pattern_matches(&request->patterns[i], name))
                        continue;
                matches = true;
                *ret_bare = request->patterns[i].is_bare;
        }
        return matches;
}
