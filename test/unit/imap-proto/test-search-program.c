/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "basic/buffer.h"
#include "imap-proto/flag-list.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/search-program.h"

static void show_children(const SearchNode *node, Buffer *shown);

static void show(const SearchNode *node, Buffer *shown) {
        static const char *const names[] = {
                [SEARCH_ALL] = "all", [SEARCH_AND] = "and", [SEARCH_OR] = "or", [SEARCH_NOT] = "not",
                [SEARCH_SEQUENCE] = "seq", [SEARCH_UID] = "uid", [SEARCH_FLAG] = "flag", [SEARCH_KEYWORD] = "keyword",
                [SEARCH_HEADER] = "header", [SEARCH_BODY] = "body", [SEARCH_TEXT] = "text",
                [SEARCH_LARGER] = "larger", [SEARCH_SMALLER] = "smaller", [SEARCH_MODSEQ] = "modseq",
                [SEARCH_BEFORE] = "before",
                [SEARCH_SAVED_BEFORE] = "savedbefore",
                [SEARCH_SAVED_ON] = "savedon", [SEARCH_SAVED_SINCE] = "savedsince", [SEARCH_EMAILID] = "emailid",
                [SEARCH_THREADID] = "threadid", [SEARCH_OLDER] = "older", [SEARCH_YOUNGER] = "younger",
                [SEARCH_ON] = "on", [SEARCH_SINCE] = "since", [SEARCH_SENT_BEFORE] = "sentbefore",
                [SEARCH_SENT_ON] = "senton", [SEARCH_SENT_SINCE] = "sentsince",
        };

        buffer_append_text(shown, names[node->kind]);
        if (node->flag)
                buffer_append_text(shown, flag_name(node->flag));
        if (node->field)
                buffer_printf(shown, " %s", node->field);
        if (node->text)
                buffer_printf(shown, " '%s'", node->text);
        if (node->kind >= SEARCH_LARGER && node->kind <= SEARCH_YOUNGER)
                buffer_printf(shown, " %llu", (unsigned long long) node->size);
        if (node->kind >= SEARCH_BEFORE && node->kind <= SEARCH_SAVED_SINCE)
                buffer_printf(shown, " %lld", (long long) node->day);
        for (size_t i = 0; i < node->set.n_ranges; i++)
                buffer_printf(shown, " %u:%u", node->set.ranges[i].first, node->set.ranges[i].last);
        show_children(node, shown);
}

static void show_children(const SearchNode *node, Buffer *shown) {
        const char *separator = "(";

        for (const SearchNode *child = node->first_child; child; child = child->next_sibling) {
                buffer_append_text(shown, separator);
                show(child, shown);
                separator = ", ";
        }
        if (node->first_child)
                buffer_append_char(shown, ')');
}

static char *read_keys(const char *text, Buffer *shown) {
        _cleanup_search_program_ SearchProgram program = { 0 };
        ImapArgs args;

        buffer_clear(shown);
        imap_args_init(&args, text, strlen(text), NULL);
        args.verb = "SEARCH";
        if (!search_program_take(&args, &program)) {
                buffer_append_text(shown, imap_args_error(&args));
                return shown->data;
        }
        if (program.charset)
                buffer_printf(shown, "[%s] ", program.charset);
        show(program.root, shown);
        return shown->data;
}

TEST("keys become a tree") {
        static const struct {
                const char *text, *shown;
        } examples[] = {
                { "ALL", "and(all)" },
                { "unseen", "and(not(flag\\Seen))" },
                { "SEEN ANSWERED DELETED DRAFT FLAGGED RECENT",
                  "and(flag\\Seen, flag\\Answered, flag\\Deleted, flag\\Draft, flag\\Flagged, flag\\Recent)" },
                { "UNANSWERED UNDELETED UNDRAFT UNFLAGGED OLD",
                  "and(not(flag\\Answered), not(flag\\Deleted), not(flag\\Draft), not(flag\\Flagged), "
                  "not(flag\\Recent))" },
                { "NEW", "and(and(flag\\Recent, not(flag\\Seen)))" },
                { "2:4,7 UID 1:*", "and(seq 2:4 7:7, uid 1:0)" },
                { "FROM ann TO \"b c\" CC {1}\r\nd BCC e SUBJECT f]",
                  "and(header From 'ann', header To 'b c', header Cc 'd', header Bcc 'e', header Subject 'f]')" },
                { "HEADER Message-ID <x@y>", "and(header Message-ID '<x@y>')" },
                { "HEADER X \"\"", "and(header X '')" },
                { "BODY a TEXT b", "and(body 'a', text 'b')" },
                { "LARGER 5000000000 SMALLER 0", "and(larger 5000000000, smaller 0)" },
                { "OLDER 60 YOUNGER 4294967295", "and(older 60, younger 4294967295)" },
                { "MODSEQ 620162338 MODSEQ \"/flags/\\\\draft\" all 0", "and(modseq 620162338, modseq 0)" },
                { "BEFORE 1-Feb-1994 ON \"01-Jan-1970\" SINCE 2-jan-1970", "and(before 8797, on 0, since 1)" },
                { "SENTBEFORE 1-Feb-1994 SENTON 1-Jan-1970 SENTSINCE 2-Jan-1970",
                  "and(sentbefore 8797, senton 0, sentsince 1)" },
                { "SAVEDBEFORE 1-Feb-1994 SAVEDON 1-Jan-1970 SAVEDSINCE 2-Jan-1970 SAVEDATESUPPORTED",
                  "and(savedbefore 8797, savedon 0, savedsince 1, all)" },
                { "EMAILID M6d99ac3275bb4e THREADID T_-1", "and(emailid 'M6d99ac3275bb4e', threadid 'T_-1')" },
                { "KEYWORD $Forwarded UNKEYWORD work", "and(keyword '$Forwarded', not(keyword 'work'))" },
                { "NOT SEEN", "and(not(flag\\Seen))" },
                { "OR SEEN NOT FROM x", "and(or(flag\\Seen, not(header From 'x')))" },
                { "(SEEN (DRAFT)) ALL", "and(and(flag\\Seen, and(flag\\Draft)), all)" },
                { "OR (1 2) (3)", "and(or(and(seq 1:1, seq 2:2), and(seq 3:3)))" },
                { "CHARSET utf-8 TEXT \"\xc3\xbc\"", "[utf-8] and(text '\xc3\xbc')" },
                { "CHARSET \"ISO-8859-1\" TEXT {1}\r\n\xfc", "[ISO-8859-1] and(text '\xfc')" },
                { "$", "and(seq)" },
                { "UIDAFTER 1 UIDBEFORE 7", "and(uid 2:4294967295, uid 1:6)" },
                { "UIDAFTER 4294967295 UIDBEFORE 1", "and(uid, uid)" },
        };
        _cleanup_buffer_ Buffer shown = { 0 };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                CHECK_TEXT(read_keys(examples[i].text, &shown), examples[i].shown);
}

TEST("mistakes are named") {
        static const struct {
                const char *text, *error;
        } examples[] = {
                { "", "SEARCH wants a search key, got nothing" },
                { "()", "SEARCH wants a search key, got ')'" },
                { "SEEN)", "SEARCH wants nothing more, got ')'" },
                { "(SEEN", "SEARCH wants a closing parenthesis, got nothing" },
                { "FOO", "SEARCH wants a search key, got 'FOO'" },
                { "\"SEEN\"", "SEARCH wants a search key, got '\"SEEN\"'" },
                { "NOT", "SEARCH wants a search key, got nothing" },
                { "OR SEEN", "SEARCH wants a search key, got nothing" },
                { "FROM", "SEARCH wants an atom or string, got nothing" },
                { "HEADER x", "SEARCH wants an atom or string, got nothing" },
                { "LARGER x", "SEARCH wants a number, got 'x'" },
                { "EMAILID \"M\"", "SEARCH wants an object ID, got '\"M\"'" },
                { "THREADID T.1", "'T.1' is no object ID" },
                { "EMAILID", "SEARCH wants an object ID, got nothing" },
                { "OLDER 0", "SEARCH wants seconds from 1 on, got '0'" },
                { "YOUNGER 4294967296", "A number is larger than 4294967295" },
                { "BEFORE 31-Feb-2000", "'31-Feb-2000' is no date such as 1-Feb-1994" },
                { "KEYWORD \\Seen", "SEARCH wants an atom or string, got '\\Seen'" },
                { "KEYWORD \"a\"", "SEARCH wants a keyword, got '\"a\"'" },
                { "KEYWORD a]b", "'a]b' is no keyword" },
                { "UID x", "SEARCH wants a sequence set, got 'x'" },
                { "UIDAFTER 0", "SEARCH wants a UID, got '0'" },
                { "UIDBEFORE *", "SEARCH wants a number, got '*'" },
                { "1:", "Malformed sequence set in '1:'" },
                { "1x", "SEARCH wants a sequence set, got '1x'" },
                { "CHARSET", "SEARCH wants an atom or string, got nothing" },
                { "CHARSET x", "SEARCH wants a search key, got nothing" },
                { "SEEN(DRAFT)", "SEARCH wants a search key, got 'SEEN(DRAFT)'" },
        };
        _cleanup_buffer_ Buffer shown = { 0 };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                CHECK_TEXT(read_keys(examples[i].text, &shown), examples[i].error);
}

static void repeat(Buffer *text, const char *part, int n) {
        for (int i = 0; i < n; i++)
                buffer_append_text(text, part);
}

TEST("depth and number of keys are limited") {
        _cleanup_buffer_ Buffer text = { 0 }, shown = { 0 };

        repeat(&text, "NOT ", IMAP_NESTING_MAX - 1);
        buffer_append_text(&text, "ALL");
        CHECK(strncmp(read_keys(text.data, &shown), "and(not(", 8) == 0);

        buffer_clear(&text);
        repeat(&text, "NOT ", IMAP_NESTING_MAX);
        buffer_append_text(&text, "ALL");
        CHECK_TEXT(read_keys(text.data, &shown), "Search keys are nested deeper than 100");

        buffer_clear(&text);
        repeat(&text, "(", IMAP_NESTING_MAX + 1);
        CHECK_TEXT(read_keys(text.data, &shown), "Search keys are nested deeper than 100");

        buffer_clear(&text);
        repeat(&text, "OR ALL ", IMAP_NESTING_MAX);
        buffer_append_text(&text, "ALL");
        CHECK_TEXT(read_keys(text.data, &shown), "Search keys are nested deeper than 100");

        buffer_clear(&text);
        repeat(&text, "ALL ", IMAP_SEARCH_NODES_MAX - 1);
        CHECK(strncmp(read_keys(text.data, &shown), "and(all, ", 9) == 0);
        repeat(&text, "ALL", 1);
        CHECK_TEXT(read_keys(text.data, &shown), "More than 1000 search keys");

        buffer_clear(&text);
        repeat(&text, "NEW ", IMAP_SEARCH_NODES_MAX / 4 + 1);
        CHECK_TEXT(read_keys(text.data, &shown), "More than 1000 search keys");
        buffer_clear(&text);
        repeat(&text, "UNSEEN ", IMAP_SEARCH_NODES_MAX / 2 + 1);
        CHECK_TEXT(read_keys(text.data, &shown), "More than 1000 search keys");
}

TESTS_END
