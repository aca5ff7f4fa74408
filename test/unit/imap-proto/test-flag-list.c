/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/flag-list.h"
#include "imap-proto/imap-args.h"

static bool take(const char *text, FlagList *list, char error[static IMAP_ERROR_MAX]) {
        ImapArgs args;

        imap_args_init(&args, text, strlen(text), NULL);
        if (imap_args_take_flag_list(&args, list) && imap_args_at_end(&args))
                return true;
        strcpy(error, imap_args_error(&args));
        return false;
}

TEST("system flags become bits, the others keywords, none twice") {
        _cleanup_flag_list_ FlagList list = { 0 };
        char error[IMAP_ERROR_MAX] = "";

        CHECK(take("(\\Seen \\FLAGGED work $Forwarded Work)", &list, error));
        CHECK_NUMBER(list.flags, FLAG_SEEN | FLAG_FLAGGED);
        CHECK_NUMBER(list.n_keywords, 2);
        CHECK_TEXT(list.keywords[0], "work");
        CHECK_TEXT(list.keywords[1], "$Forwarded");
}

TEST("a list may be empty, bare, or NIL") {
        static const struct {
                const char *text;
                MessageFlags flags;
        } examples[] = {
                { "()", 0 }, { "( )", 0 }, { "NIL", 0 }, { "\\Deleted", FLAG_DELETED },
                { "\\Draft \\Answered", FLAG_DRAFT | FLAG_ANSWERED },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_flag_list_ FlagList list = { .flags = FLAG_RECENT };
                char error[IMAP_ERROR_MAX] = "";

                CHECK(take(examples[i].text, &list, error));
                CHECK_TEXT(error, "");
                CHECK_NUMBER(list.flags, examples[i].flags);
        }
}

TEST("what may not be set is refused with its name") {
        static const struct {
                const char *text, *error;
        } examples[] = {
                { "(\\Recent)", "No client may change this flag: '\\Recent'" },
                { "(\\Foo)", "Unknown system flag: '\\Foo'" },
                { "(a*)", "The command wants a flag, got 'a*)'" },
                { "(\xc3\xa9)", "The command wants a flag, got '?" "?)'" },
                { "(\\Seen", "The command wants a closing parenthesis, got nothing" },
                { "(\\Seen \"x\")", "The command wants a flag, got '\"x\")'" },
                { "(\\)", "The command wants a flag, got ')'" },
                { "", "The command wants a flag, got nothing" },
                { "(a]b)", "The command wants a flag, got 'a]b)'" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                FlagList list = { 0 };
                char error[IMAP_ERROR_MAX] = "";

                CHECK(!take(examples[i].text, &list, error));
                CHECK_TEXT(error, examples[i].error);
        }
}

TEST("keywords are limited in number and length") {
        _cleanup_flag_list_ FlagList list = { 0 };
        _cleanup_free_ char *name = make_array(char, IMAP_KEYWORD_MAX + 2);
        const char *error = NULL;

        memset(name, 'k', IMAP_KEYWORD_MAX + 1);
        CHECK(!flag_list_add(&list, name, IMAP_KEYWORD_MAX + 1, &error));
        CHECK(flag_list_add(&list, name, IMAP_KEYWORD_MAX, &error));
        for (int i = 1; i < IMAP_FLAGS_MAX; i++) {
                sprintf(name, "k%d", i);
                CHECK(flag_list_add(&list, name, strlen(name), &error));
        }
        CHECK(!flag_list_add(&list, "more", 4, &error));
        CHECK_TEXT(error, "Too many keywords");
        CHECK(flag_list_add(&list, "K1", 2, &error));
}

TEST("every flag has one name") {
        for (MessageFlags bit = FLAG_ANSWERED; bit <= FLAG_RECENT; bit <<= 1)
                CHECK(flag_name(bit) && flag_name(bit)[0] == '\\');
        CHECK_TEXT(flag_name(FLAG_SEEN), "\\Seen");
        CHECK_TEXT(flag_name(FLAG_DELETED), "\\Deleted");
        CHECK(!flag_name(0) && !flag_name(FLAG_RECENT << 1));
}

TESTS_END
