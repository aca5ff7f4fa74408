/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SEARCH keys: a table of names, and a tree with limits. */
#include "imap-proto/search-program.h"

#include "basic/text.h"
#include "imap-proto/flag-list.h"
#include "imap-proto/imap-args.h"

typedef enum KeyArgument {
        TAKES_NOTHING,
        TAKES_TEXT,
        TAKES_OBJECT_ID,
        TAKES_FIELD_AND_TEXT,
        TAKES_KEYWORD,
        TAKES_DAY,
        TAKES_SIZE,
        TAKES_SECONDS,
        TAKES_MODSEQ,
        TAKES_SET,
        TAKES_UID_BELOW, /* of the messages wanted */
        TAKES_UID_ABOVE,
        TAKES_KEY,
        TAKES_TWO_KEYS,
} KeyArgument;

static const struct SearchKey {
        const char *name;
        SearchKind kind;
        KeyArgument argument;
        bool negated;      /* NOT of what is described */
        MessageFlags flag; /* of SEARCH_FLAG */
        const char *field; /* of SEARCH_HEADER */
} keys[] = {
        { "ALL",        SEARCH_ALL,         TAKES_NOTHING },
        { "ANSWERED",   SEARCH_FLAG,        TAKES_NOTHING, false, FLAG_ANSWERED },
        { "BCC",        SEARCH_HEADER,      TAKES_TEXT,    false, 0, "Bcc" },
        { "BEFORE",     SEARCH_BEFORE,      TAKES_DAY },
        { "BODY",       SEARCH_BODY,        TAKES_TEXT },
        { "CC",         SEARCH_HEADER,      TAKES_TEXT,    false, 0, "Cc" },
        { "DELETED",    SEARCH_FLAG,        TAKES_NOTHING, false, FLAG_DELETED },
        { "DRAFT",      SEARCH_FLAG,        TAKES_NOTHING, false, FLAG_DRAFT },
        { "EMAILID",    SEARCH_EMAILID,     TAKES_OBJECT_ID },
        { "FLAGGED",    SEARCH_FLAG,        TAKES_NOTHING, false, FLAG_FLAGGED },
        { "FROM",       SEARCH_HEADER,      TAKES_TEXT,    false, 0, "From" },
        { "HEADER",     SEARCH_HEADER,      TAKES_FIELD_AND_TEXT },
        { "KEYWORD",    SEARCH_KEYWORD,     TAKES_KEYWORD },
        { "LARGER",     SEARCH_LARGER,      TAKES_SIZE },
        { "MODSEQ",     SEARCH_MODSEQ,      TAKES_MODSEQ },
        { "NOT",        SEARCH_NOT,         TAKES_KEY },
        { "OLD",        SEARCH_FLAG,        TAKES_NOTHING, true, FLAG_RECENT },
        { "OLDER",      SEARCH_OLDER,       TAKES_SECONDS },
        { "ON",         SEARCH_ON,          TAKES_DAY },
        { "OR",         SEARCH_OR,          TAKES_TWO_KEYS },
        { "RECENT",     SEARCH_FLAG,        TAKES_NOTHING, false, FLAG_RECENT },
        { "SAVEDATESUPPORTED", SEARCH_ALL,  TAKES_NOTHING },
        { "SAVEDBEFORE", SEARCH_SAVED_BEFORE, TAKES_DAY },
        { "SAVEDON",    SEARCH_SAVED_ON,    TAKES_DAY },
        { "SAVEDSINCE", SEARCH_SAVED_SINCE, TAKES_DAY },
        { "SEEN",       SEARCH_FLAG,        TAKES_NOTHING, false, FLAG_SEEN },
        { "SENTBEFORE", SEARCH_SENT_BEFORE, TAKES_DAY },
        { "SENTON",     SEARCH_SENT_ON,     TAKES_DAY },
        { "SENTSINCE",  SEARCH_SENT_SINCE,  TAKES_DAY },
        { "SINCE",      SEARCH_SINCE,       TAKES_DAY },
        { "SMALLER",    SEARCH_SMALLER,     TAKES_SIZE },
        { "SUBJECT",    SEARCH_HEADER,      TAKES_TEXT,    false, 0, "Subject" },
        { "TEXT",       SEARCH_TEXT,        TAKES_TEXT },
        { "THREADID",   SEARCH_THREADID,    TAKES_OBJECT_ID },
        { "TO",         SEARCH_HEADER,      TAKES_TEXT,    false, 0, "To" },
        { "UID",        SEARCH_UID,         TAKES_SET },
        { "UIDAFTER",   SEARCH_UID,         TAKES_UID_BELOW },
        { "UIDBEFORE",  SEARCH_UID,         TAKES_UID_ABOVE },
        { "UNANSWERED", SEARCH_FLAG,        TAKES_NOTHING, true, FLAG_ANSWERED },
        { "UNDELETED",  SEARCH_FLAG,        TAKES_NOTHING, true, FLAG_DELETED },
        { "UNDRAFT",    SEARCH_FLAG,        TAKES_NOTHING, true, FLAG_DRAFT },
        { "UNFLAGGED",  SEARCH_FLAG,        TAKES_NOTHING, true, FLAG_FLAGGED },
        { "UNKEYWORD",  SEARCH_KEYWORD,     TAKES_KEYWORD, true },
        { "UNSEEN",     SEARCH_FLAG,        TAKES_NOTHING, true, FLAG_SEEN },
        { "YOUNGER",    SEARCH_YOUNGER,     TAKES_SECONDS },
};

typedef struct Parser {
        ImapArgs *args; /* borrowed */
        size_t n_nodes;
        unsigned depth;
        bool has_modseq;
} Parser;

/* As deep as the tree is, which the parser has limited. */
static void node_free(SearchNode *node) {
        while (node) {
                SearchNode *next = node->next_sibling;

                node_free(node->first_child);
                sequence_set_done(&node->set);
                free(node->field);
                free(node->text);
                free(node);
                node = next;
        }
}
DEFINE_CLEANUP(SearchNode *, node_free);
#define _cleanup_node_ _cleanup_(node_freep)

void search_program_done(SearchProgram *program) {
        node_free(program->root);
        free(program->charset);
        *program = (SearchProgram){ 0 };
}

static SearchNode *node_new(Parser *parser, SearchKind kind) {
        if (parser->n_nodes >= IMAP_SEARCH_NODES_MAX) {
                (void) imap_args_fail(parser->args, "More than %d search keys",
                                      IMAP_SEARCH_NODES_MAX); /* NULL says it */
                return NULL;
        }
        parser->n_nodes++;
        return make(SearchNode, .kind = kind);
}

static SearchNode *take_key(Parser *parser);

/* At least one key, up to a closing parenthesis or the end, each appended. */
static bool take_keys(Parser *parser, SearchNode **end) {
        do {
                *end = take_key(parser);
                if (!*end)
                        return false;
                end = &(*end)->next_sibling;
        } while (!imap_args_list_ends(parser->args));
        return true;
}

static SearchNode *take_list(Parser *parser) {
        _cleanup_node_ SearchNode *node = node_new(parser, SEARCH_AND);

        if (!node || !imap_args_open_list(parser->args) ||
            !take_keys(parser, &node->first_child) || !imap_args_close_list(parser->args))
                return NULL;
        return TAKE_PTR(node);
}

static SearchNode *take_sequence(Parser *parser) {
        _cleanup_node_ SearchNode *node = node_new(parser, SEARCH_SEQUENCE);

        if (!node || !imap_args_take_sequence_set(parser->args, &node->set) ||
            (!node->set.saved_result && !imap_args_allow_numbers(parser->args)))
                return NULL;
        return TAKE_PTR(node);
}

static bool take_text(ImapArgs *args, SearchNode *node) {
        if (!imap_args_take_astring(args, &node->text))
                return false;
        node->text_size = strlen(node->text);
        return true;
}

/* 1 to 255 letters, digits, '_' and '-' (RFC 8474, section 7, objectid). */
static bool take_object_id(ImapArgs *args, SearchNode *node) {
        const char *start;
        size_t size;

        if (!imap_args_take_run(args, IMAP_CHARS_ATOM, "an object ID", &start, &size))
                return false;
        for (size_t i = 0; i < size; i++)
                if (!char_is_alpha(start[i]) && !char_is_digit(start[i]) && start[i] != '_' &&
                    start[i] != '-')
                        return imap_args_fail(args, "'%.*s' is no object ID",
                                              (int) MIN(size, (size_t) 40), start);
        if (size > IMAP_OBJECT_ID_MAX)
                return imap_args_fail(args, "An object ID is longer than %d octets",
                                      IMAP_OBJECT_ID_MAX);
        node->text = text_dup_range(start, size);
        node->text_size = size;
        return true;
}

static bool take_keyword(ImapArgs *args, SearchNode *node) {
        if (imap_args_peek(args) != IMAP_TOKEN_ATOM)
                return imap_args_wants(args, "a keyword");
        if (!take_text(args, node))
                return false;
        if (!keyword_is_legal(node->text, node->text_size))
                return imap_args_fail(args, "'%.40s' is no keyword", node->text);
        return true;
}

static bool take_seconds(ImapArgs *args, uint64_t *ret_seconds) {
        const char *before = args->at;
        uint32_t seconds;

        if (!imap_args_take_number(args, &seconds))
                return false;
        if (seconds == 0) {
                args->at = before;
                return imap_args_wants(args, "seconds from 1 on");
        }
        *ret_seconds = seconds;
        return true;
}

/* "/flags/\\draft" all 620162338: flags have no mod-sequences of their own (RFC 7162, 3.1.5). */
static bool take_modseq(Parser *parser, SearchNode *node) {
        ImapArgs *args = parser->args;
        _cleanup_free_ char *entry = NULL;

        parser->has_modseq = true;
        if (imap_args_peek(args) == IMAP_TOKEN_QUOTED) {
                if (!imap_args_take_string(args, &entry, NULL))
                        return false;
                if (!imap_args_accept_word(args, "all") && !imap_args_accept_word(args, "shared") &&
                    !imap_args_accept_word(args, "priv"))
                        return imap_args_wants(args, "all, shared or priv");
        }
        return imap_args_take_number64(args, &node->size);
}

/* One UID, without ranges and '*' (RFC 9738, section 3.2). */
static bool take_uid(ImapArgs *args, uint32_t *ret_uid) {
        const char *before = args->at;

        if (!imap_args_take_number(args, ret_uid))
                return false;
        if (*ret_uid != 0)
                return true;
        args->at = before;
        return imap_args_wants(args, "a UID");
}

/* May be empty. */
static bool set_range(SequenceSet *set, uint64_t first, uint64_t last) {
        if (first > last)
                return true;
        set->ranges = make(NumberRange, .first = (uint32_t) first, .last = (uint32_t) last);
        set->n_ranges = 1;
        return true;
}

static bool take_argument(Parser *parser, KeyArgument argument, SearchNode *node) {
        ImapArgs *args = parser->args;
        uint32_t uid;

        switch (argument) {
        case TAKES_NOTHING:
                return true;
        case TAKES_TEXT:
                return take_text(args, node);
        case TAKES_OBJECT_ID:
                return take_object_id(args, node);
        case TAKES_FIELD_AND_TEXT:
                return imap_args_take_astring(args, &node->field) && take_text(args, node);
        case TAKES_KEYWORD:
                return take_keyword(args, node);
        case TAKES_DAY:
                return imap_args_take_date(args, &node->day);
        case TAKES_SIZE:
                return imap_args_take_number64(args, &node->size);
        case TAKES_SECONDS:
                return take_seconds(args, &node->size);
        case TAKES_MODSEQ:
                return take_modseq(parser, node);
        case TAKES_SET:
                return imap_args_take_sequence_set(args, &node->set);
        case TAKES_UID_BELOW:
                return take_uid(args, &uid) &&
                       set_range(&node->set, (uint64_t) uid + 1, UINT32_MAX);
        case TAKES_UID_ABOVE:
                return take_uid(args, &uid) && set_range(&node->set, 1, (uint64_t) uid - 1);
        case TAKES_KEY:
                node->first_child = take_key(parser);
                return node->first_child;
        case TAKES_TWO_KEYS:
                node->first_child = take_key(parser);
                if (node->first_child)
                        node->first_child->next_sibling = take_key(parser);
                return node->first_child && node->first_child->next_sibling;
        }
        return false;
}

static SearchNode *negate(Parser *parser, SearchNode *node) {
        SearchNode *parent = node_new(parser, SEARCH_NOT);

        if (parent)
                parent->first_child = node;
        else
                node_free(node);
        return parent;
}

static SearchNode *take_named(Parser *parser, const struct SearchKey *key) {
        _cleanup_node_ SearchNode *node = node_new(parser, key->kind);

        if (!node)
                return NULL;
        node->flag = key->flag;
        if (key->field)
                node->field = text_dup(key->field);
        if (!take_argument(parser, key->argument, node))
                return NULL;
        return key->negated ? negate(parser, TAKE_PTR(node)) : TAKE_PTR(node);
}

/* NEW is RECENT UNSEEN. */
static SearchNode *take_new(Parser *parser) {
        _cleanup_node_ SearchNode *node = node_new(parser, SEARCH_AND);
        SearchNode *seen;

        if (!node)
                return NULL;
        node->first_child = node_new(parser, SEARCH_FLAG);
        if (!node->first_child)
                return NULL;
        node->first_child->flag = FLAG_RECENT;
        seen = node_new(parser, SEARCH_FLAG);
        if (!seen)
                return NULL;
        seen->flag = FLAG_SEEN;
        node->first_child->next_sibling = negate(parser, seen);
        return node->first_child->next_sibling ? TAKE_PTR(node) : NULL;
}

static SearchNode *take_word(Parser *parser) {
        ImapArgs *args = parser->args;

        if (char_is_digit(*args->at) || *args->at == '*' || *args->at == '$')
                return take_sequence(parser);
        if (imap_args_accept_word(args, "NEW"))
                return take_new(parser);
        for (size_t i = 0; i < ELEMENTSOF(keys); i++)
                if (imap_args_accept_word(args, keys[i].name))
                        return take_named(parser, &keys[i]);
        (void) imap_args_wants(args, "a search key"); /* NULL says it */
        return NULL;
}

static SearchNode *take_key(Parser *parser) {
        SearchNode *node = NULL;

        if (parser->depth >= IMAP_NESTING_MAX) {
                (void) imap_args_fail(parser->args, "Search keys are nested deeper than %d",
                                      IMAP_NESTING_MAX); /* NULL says it */
                return NULL;
        }
        parser->depth++;
        switch (imap_args_peek(parser->args)) {
        case IMAP_TOKEN_OPEN:
                node = take_list(parser);
                break;
        case IMAP_TOKEN_ATOM:
                node = take_word(parser);
                break;
        default:
                (void) imap_args_wants(parser->args, "a search key"); /* NULL says it */
        }
        parser->depth--;
        return node;
}

/* Takes the charset over, also on false. */
static bool take_program(ImapArgs *args, char *charset, SearchProgram *ret_program) {
        _cleanup_search_program_ SearchProgram program = { .charset = charset };
        Parser parser = { .args = args };

        program.root = node_new(&parser, SEARCH_AND);
        if (!program.root || !take_keys(&parser, &program.root->first_child) ||
            !imap_args_at_end(args))
                return false;
        program.has_modseq = parser.has_modseq;
        *ret_program = program;
        program = (SearchProgram){ 0 };
        return true;
}

/* Two labels could contradict each other (RFC 9755, section 3). */
bool search_program_take(ImapArgs *args, SearchProgram *ret_program) {
        char *charset = NULL;

        if (imap_args_accept_word(args, "CHARSET")) {
                if (args->only_utf8)
                        return imap_args_fail(args, "CHARSET may not be given after "
                                                    "ENABLE UTF8=ACCEPT");
                if (!imap_args_take_astring(args, &charset))
                        return false;
        }
        return take_program(args, charset, ret_program);
}

bool search_program_take_sorted(ImapArgs *args, SearchProgram *ret_program) {
        char *charset;

        if (!imap_args_take_astring(args, &charset))
                return false;
        if (args->only_utf8 && !text_equal_nocase(charset, "UTF-8")) {
                free(charset);
                return imap_args_fail(args, "The charset can only be UTF-8 after "
                                            "ENABLE UTF8=ACCEPT");
        }
        return take_program(args, charset, ret_program);
}
