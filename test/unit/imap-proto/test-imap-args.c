/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/sequence-set.h"

static ImapArgs args_of(const char *text) {
        ImapArgs args;

        imap_args_init(&args, text, strlen(text), NULL);
        args.verb = "TEST";
        return args;
}

TEST("astrings are atoms, quoted strings and literals") {
        static const struct {
                const char *text, *want;
        } examples[] = {
                { " ann\r\n", "ann" },
                { "ann\n", "ann" },
                { "  \t ann  ", "ann" },
                { "a]b[c~+&.", "a]b[c~+&." },
                { "\"\"", "" },
                { "\"a \\\"b\\\\c\"", "a \"b\\c" },
                { "\"a\\bc\"", "abc" }, /* Courier: any octet */
                { "\"\xc3\xbc\"", "\xc3\xbc" },
                { "{5}\r\nhe(\"o\r\n", "he(\"o" },
                { "{5+}\nhello", "hello" },
                { "~{2}\r\n\xff\xfe\r\n", "\xff\xfe" },
                { "{0}\r\n\r\n", "" },
                { "{2}\r\n\r\n\r\n", "\r\n" },
                { "NIL", "NIL" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                ImapArgs args = args_of(examples[i].text);
                _cleanup_free_ char *got = NULL;

                CHECK(imap_args_take_astring(&args, &got) && imap_args_at_end(&args));
                CHECK_TEXT(got, examples[i].want);
                CHECK_TEXT(args.error, "");
        }
}

TEST("broken arguments are refused with a sentence") {
        static const struct {
                const char *text, *error;
        } examples[] = {
                { "", "TEST wants an atom or string, got nothing" },
                { "(", "TEST wants an atom or string, got '('" },
                { "a\xc3\xbc", "TEST wants an atom or string, got 'a?" "?'" },
                { "a\"b\"", "TEST wants an atom or string, got 'a\"b\"'" },
                { "a{3}\r\nabc", "TEST wants an atom or string, got 'a{3}?" "?abc'" },
                { "a*", "TEST wants an atom or string, got 'a*'" },
                { "\"abc", "A quoted string does not end in its line" },
                { "\"abc\\", "A quoted string does not end in its line" },
                { "\"abc\\\"", "A quoted string does not end in its line" },
                { "\"a\r\nb\"", "A quoted string does not end in its line" },
                { "\"\xc3\"", "A quoted string is not UTF-8; send it as a literal" },
                { "\"a\"b", "No space behind a quoted string" },
                { "{3}\r\nab", "A literal is cut off" },
                { "{3}abc", "A literal is cut off" },
                { "{3", "A literal is not announced as {size}" },
                { "{x}\r\n", "A literal is not announced as {size}" },
                { "{99999}\r\n", "A literal is larger than 8192 octets" },
                { "{99999999999999999999999}\r\n", "A literal is larger than 8192 octets" },
                { "{1}\r\nab", "No space behind a literal" },
                { "a b", "TEST wants nothing more, got 'b'" },
                { "a \001", "TEST wants nothing more, got '?'" },
                { "a\rb", "TEST wants an atom or string, got 'a?b'" },
                { "a )", "TEST wants nothing more, got ')'" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                ImapArgs args = args_of(examples[i].text);
                _cleanup_free_ char *got = NULL;

                CHECK(!imap_args_take_astring(&args, &got) || !imap_args_at_end(&args));
                CHECK_TEXT(imap_args_error(&args), examples[i].error);
        }
}

TEST("NUL is refused wherever it stands") {
        static const struct {
                const char *text;
                size_t size;
        } examples[] = {
                { "\0", 1 }, { "a\0", 2 }, { "\"a\0\"", 4 }, { "\"\\\0\"", 4 }, { "{1}\r\n\0", 6 }, { "a \0", 3 },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = NULL;
                ImapArgs args;

                imap_args_init(&args, examples[i].text, examples[i].size, NULL);
                CHECK(!imap_args_take_astring(&args, &got) || !imap_args_at_end(&args));
                CHECK(imap_args_error(&args)[0] != '\0');
        }
}

TEST("numbers are digits only and fit") {
        static const struct {
                const char *text, *error;
                uint32_t number;
        } examples[] = {
                { "0", "", 0 },
                { "4294967295", "", UINT32_MAX },
                { "4294967296", "A number is larger than 4294967295", 0 },
                { "99999999999999999999", "TEST wants a number, got '99999999999999999999'", 0 },
                { "-1", "TEST wants a number, got '-1'", 0 },
                { "1a", "TEST wants a number, got '1a'", 0 },
                { "\"1\"", "TEST wants a number, got '\"1\"'", 0 },
                { "", "TEST wants a number, got nothing", 0 },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                ImapArgs args = args_of(examples[i].text);
                uint32_t number = 0;

                CHECK_NUMBER(imap_args_take_number(&args, &number), examples[i].error[0] == '\0');
                CHECK_NUMBER(number, examples[i].number);
                CHECK_TEXT(args.error, examples[i].error);
        }
}

TEST("lists nest, and the depth is limited") {
        ImapArgs args = args_of(" ( a(b) () ) ");
        _cleanup_free_ char *a = NULL, *b = NULL, *deep = make_array(char, IMAP_NESTING_MAX + 2);
        int n = 0;

        CHECK(imap_args_open_list(&args));
        CHECK(!imap_args_take_astring(&args, &a)); /* no space behind it */
        args = args_of(" ( a (b) () ) ");
        CHECK(imap_args_open_list(&args) && imap_args_take_astring(&args, &a) && !imap_args_list_ends(&args));
        CHECK(imap_args_open_list(&args) && imap_args_take_atom(&args, &b) && imap_args_list_ends(&args));
        CHECK(imap_args_close_list(&args) && imap_args_open_list(&args) && imap_args_close_list(&args));
        CHECK(imap_args_close_list(&args) && imap_args_at_end(&args));
        CHECK_TEXT(b, "b");

        memset(deep, '(', IMAP_NESTING_MAX + 1);
        args = args_of(deep);
        while (imap_args_open_list(&args))
                n++;
        CHECK_NUMBER(n, IMAP_NESTING_MAX);
        CHECK_TEXT(imap_args_error(&args), "More than 100 parentheses in each other");
}

TEST("the number of arguments is limited") {
        static const ImapLimits limits = { .line = 100, .argument_literal = 10, .command = 100, .arguments = 3 };
        ImapArgs args;
        int n = 0;

        imap_args_init(&args, "a b c d e", 9, &limits);
        for (char *atom; imap_args_take_atom(&args, &atom); n++)
                free(atom);
        CHECK_NUMBER(n, 3);
        CHECK_TEXT(imap_args_error(&args), "More than 3 arguments");
        imap_args_init(&args, "{11}\r\nhello world", 17, &limits);
        CHECK(!imap_args_take_string(&args, &(char *){ NULL }, NULL));
        CHECK_TEXT(imap_args_error(&args), "A literal is larger than 10 octets");
}

TEST("words are accepted whole, in any case of letters") {
        ImapArgs args = args_of("charset utf-8 CHARSETS");
        _cleanup_free_ char *charset = NULL, *rest = NULL;

        CHECK(!imap_args_accept_word(&args, "CHAR"));
        CHECK(imap_args_accept_word(&args, "CHARSET"));
        CHECK(imap_args_take_astring(&args, &charset));
        CHECK(!imap_args_accept_word(&args, "CHARSET"));
        CHECK(imap_args_take_atom(&args, &rest) && imap_args_at_end(&args));
}

TEST("nstrings are NIL or strings") {
        ImapArgs args = args_of("nil \"nil\" x");
        char *first = (char *) "", *second = NULL, *third = NULL;

        CHECK(imap_args_take_nstring(&args, &first) && !first);
        CHECK(imap_args_take_nstring(&args, &second));
        CHECK_TEXT(second, "nil");
        free(second);
        CHECK(!imap_args_take_nstring(&args, &third));
        CHECK_TEXT(imap_args_error(&args), "TEST wants a string, got 'x'");
}

TEST("the first mistake stays, and nothing is taken after it") {
        ImapArgs args = args_of("\"open");
        char *text = NULL;
        uint32_t number;

        CHECK(!imap_args_take_string(&args, &text, NULL));
        CHECK(!imap_args_take_number(&args, &number) && !imap_args_at_end(&args));
        CHECK(!imap_args_accept_word(&args, "x") && !imap_args_open_list(&args) && !imap_args_close_list(&args));
        CHECK_TEXT(imap_args_error(&args), "A quoted string does not end in its line");
}

TEST("mailboxes, sets and dates are arguments") {
        ImapArgs args = args_of("inbox.Sent \"INBOX.R&-D\" a/b 1:*,3 1-Feb-1994 \"17-Jul-1996 02:44:25 -0700\"");
        _cleanup_sequence_set_ SequenceSet set = { 0 };
        _cleanup_free_ char *sent = NULL, *research = NULL, *slash = NULL;
        int64_t day = 0, sec = 0;
        int16_t zone = 0;

        CHECK(imap_args_take_mailbox(&args, &sent) && imap_args_take_mailbox(&args, &research));
        CHECK_TEXT(sent, "INBOX/Sent");
        CHECK_TEXT(research, "INBOX/R&D");
        CHECK(imap_args_take_mailbox(&args, &slash));
        CHECK_TEXT(slash, "");
        CHECK(imap_args_take_sequence_set(&args, &set) && set.n_ranges == 2);
        CHECK(imap_args_take_date(&args, &day) && imap_args_take_date_time(&args, &sec, &zone));
        CHECK(imap_args_at_end(&args));
        CHECK_NUMBER(day, 8797);
        CHECK_NUMBER(sec, 837596665);
        CHECK_NUMBER(zone, -420);
}

TEST("wrong mailboxes, sets and dates say what is wrong") {
        ImapArgs args = args_of("\"INBOX.\xc3\xbc\"");
        SequenceSet set;
        char *name;
        int64_t day;

        CHECK(!imap_args_take_mailbox(&args, &name));
        CHECK_TEXT(args.error, "'INBOX.?" "?' is no mailbox name in modified UTF-7");
        args = args_of("");
        CHECK(!imap_args_take_mailbox(&args, &name));
        CHECK_TEXT(args.error, "TEST wants a mailbox name, got nothing");
        args = args_of("1:x");
        CHECK(!imap_args_take_sequence_set(&args, &set));
        CHECK_TEXT(args.error, "TEST wants a sequence set, got '1:x'");
        args = args_of("1:0");
        CHECK(!imap_args_take_sequence_set(&args, &set));
        CHECK_TEXT(args.error, "Malformed sequence set in '1:0'");
        args = args_of("30-Feb-2024");
        CHECK(!imap_args_take_date(&args, &day));
        CHECK_TEXT(args.error, "'30-Feb-2024' is no date such as 1-Feb-1994");
}

TEST("a literal that is still to come is taken as announcement") {
        static const struct {
                const char *text;
                uint64_t size;
                bool waits, binary;
        } examples[] = {
                { " {310}\r\n", 310, true, false },
                { " {310+}\n", 310, false, false },
                { "~{0}", 0, true, true },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                ImapArgs args = args_of(examples[i].text);
                ImapLiteral literal = { 0 };

                CHECK(imap_args_take_announcement(&args, &literal) && imap_args_at_end(&args));
                CHECK_NUMBER(literal.size, examples[i].size);
                CHECK_NUMBER(literal.waits, examples[i].waits);
                CHECK_NUMBER(literal.binary, examples[i].binary);
        }
        {
                ImapArgs args = args_of("{3}\r\nabc"), quoted = args_of("\"abc\"");
                ImapLiteral literal;

                CHECK(!imap_args_take_announcement(&args, &literal));
                CHECK(!imap_args_take_announcement(&quoted, &literal));
        }
}

TESTS_END
