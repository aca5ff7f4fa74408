/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/imap-command-line.h"

TEST("tag and verb are found") {
        static const struct {
                const char *line, *tag, *verb, *rest;
        } examples[] = {
                { "a1 NOOP\r\n", "a1", "NOOP", "\r\n" },
                { "a1 noop\n", "a1", "NOOP", "\n" },
                { "A.2/x  login  ann secret\r\n", "A.2/x", "LOGIN", "  ann secret\r\n" },
                { "1 uid  fetch 1:* FLAGS\r\n", "1", "UID FETCH", " 1:* FLAGS\r\n" },
                { "]x NOOP", "]x", "NOOP", "" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                ImapCommandLine line;

                CHECK(imap_command_line_split(examples[i].line, strlen(examples[i].line), &line));
                CHECK_TEXT(line.tag, examples[i].tag);
                CHECK_TEXT(line.verb, examples[i].verb);
                CHECK_TEXT(examples[i].line + line.args_offset, examples[i].rest);
        }
}

TEST("a line without them says so, with the tag if it was good") {
        static const struct {
                const char *line, *tag, *error;
        } examples[] = {
                { "", "", "A command starts with a tag" },
                { "\r\n", "", "A command starts with a tag" },
                { " a NOOP\r\n", "", "A command starts with a tag" },
                { "+ NOOP\r\n", "", "A command starts with a tag" },
                { "a+b NOOP\r\n", "", "A command starts with a tag" },
                { "* NOOP\r\n", "", "A command starts with a tag" },
                { "\xc3\xa9 NOOP\r\n", "", "A command starts with a tag" },
                { "a1\r\n", "a1", "No command behind the tag" },
                { "a1 \r\n", "a1", "No command behind the tag" },
                { "a1 (\r\n", "a1", "No command behind the tag" },
                { "a1 UID\r\n", "a1", "No command behind the tag" },
                { "a1 NOOP\"\r\n", "a1", "No command behind the tag" },
                { "a1 AVERBTHATISLONGERTHANANYOFTHEVERBSOFIMAP\r\n", "a1", "No command behind the tag" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                ImapCommandLine line;

                CHECK(!imap_command_line_split(examples[i].line, strlen(examples[i].line), &line));
                CHECK_TEXT(line.tag, examples[i].tag);
                CHECK_TEXT(line.verb, "");
                CHECK_TEXT(line.error, examples[i].error);
        }
        {
                _cleanup_free_ char *text = make_array(char, IMAP_TAG_MAX + 8);
                ImapCommandLine line;

                memset(text, 't', IMAP_TAG_MAX + 1);
                memcpy(text + IMAP_TAG_MAX + 1, " NOOP", 5);
                CHECK(!imap_command_line_split(text, strlen(text), &line));
                CHECK(imap_command_line_split(text + 1, strlen(text + 1), &line));
        }
}

TEST("the end of a line announces a literal") {
        static const struct {
                const char *line;
                bool is_one;
                uint64_t size;
                bool waits, binary;
        } examples[] = {
                { "a LOGIN {3}\r\n", true, 3, true, false },
                { "a LOGIN {3+}\n", true, 3, false, false },
                { "a APPEND x ~{12}\r\n", true, 12, true, true },
                { "a APPEND x (~{12+}", true, 12, false, true },
                { "{0}\r\n", true, 0, true, false },
                { "a {99999999999999999999999}\r\n", true, UINT64_MAX, true, false },
                { "a \"{5}\r\n", true, 5, true, false }, /* refused later, its octets are no command */
                { "a {}\r\n", false }, { "a {+}\r\n", false }, { "a {3-}\r\n", false }, { "a {3} \r\n", false },
                { "a 3}\r\n", false }, { "}", false }, { "+}", false },
                { "3}", false }, { "", false }, { "\r\n", false },
                { "a {-3}\r\n", false }, { "a {3++}\r\n", false },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                ImapLiteral literal = { 0 };
                bool is_one = imap_command_line_announces(examples[i].line, strlen(examples[i].line), &literal);

                if (is_one != examples[i].is_one)
                        printf("# '%s'\n", examples[i].line);
                CHECK_NUMBER(is_one, examples[i].is_one);
                if (!is_one)
                        continue;
                CHECK(literal.size == examples[i].size);
                CHECK_NUMBER(literal.waits, examples[i].waits);
                CHECK_NUMBER(literal.binary, examples[i].binary);
        }
}

TEST("the message of an APPEND is told from an argument") {
        static const struct {
                const char *command;
                size_t n_literals;
                ImapGather want;
        } examples[] = {
                { "a NOOP\r\n", 0, IMAP_GATHER_COMPLETE },
                { "a APPEND INBOX {100000}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a append \"INBOX\" (\\Seen) {100000+}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX () \"17-Jul-1996 02:44:25 -0700\" {1}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX NIL NIL {1}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX \"17-Jul-1996 02:44:25 -0700\" ~{1}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX UTF8 (~{77777777}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a REPLACE 4 INBOX (\\Seen) {100000}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a UID REPLACE 4 INBOX {100000}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a UID REPLACE 4 {5}\r\nINBOX {99999}\r\n", 1, IMAP_GATHER_MESSAGE },
                { "a REPLACE INBOX {99999}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a APPEND {5}\r\n", 0, IMAP_GATHER_LITERAL },
                { "a APPEND {5}\r\nINBOX {99999}\r\n", 1, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX (x {5}\r\n", 0, IMAP_GATHER_LITERAL },
                { "a APPEND INBOX x {99999}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a APPEND INBOX CATENATE (TEXT {99999}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX CATENATE (URL x text ~{99999+}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX CATENATE (URL {5}\r\n", 0, IMAP_GATHER_LITERAL },
                { "a APPEND INBOX CATENATE (URL {1}\r\n/ TEXT {99999}\r\n", 1, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX CATENATE (URL /x) CATENATE (URL \"/y\") (\\Seen) {99999}\r\n", 0,
                  IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX CATENATE (FILE /x) {99999}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a APPEND INBOX CATENATE (URL {1}\r\n", 2, IMAP_GATHER_LITERAL },
                { "a APPEND INBOX {99999}\r\n", 2, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX CATENATE (URL /x UTF8 (~{99999}\r\n", 0, IMAP_GATHER_MESSAGE },
                { "a APPEND INBOX CATENATE (XUTF8 ({99999}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a APPEND INBOX CATENATE (UTF8({99999}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a APPEND INBOX CATENATE (XTEXT {99999}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a APPEND INBOX CATENATE (TEXT{99999}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a SEARCH TEXT {99999}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a LOGIN {5}\r\n", 0, IMAP_GATHER_LITERAL },
                { "a LOGIN {8192}\r\n", 0, IMAP_GATHER_LITERAL },
                { "a LOGIN {8193}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a LOGIN {99999999999999999999+}\r\n", 0, IMAP_GATHER_TOO_LARGE },
                { "a LOGIN {1}\r\n", IMAP_COMMAND_LITERALS_MAX, IMAP_GATHER_TOO_LARGE },
                { "{1}\r\n", 0, IMAP_GATHER_LITERAL },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                const char *command = examples[i].command, *error = NULL, *line = strchr(command, '\n');
                size_t offset = examples[i].n_literals == 1 ? (size_t) (line + 1 - command) : 0;
                ImapLiteral literal = { 0 };
                ImapGather got = imap_command_line_gather(command, strlen(command), offset,
                                                          examples[i].n_literals, NULL, &literal, &error);

                if (got != examples[i].want)
                        printf("# '%s'\n", command);
                CHECK_NUMBER(got, examples[i].want);
                CHECK((error != NULL) == (got == IMAP_GATHER_TOO_LARGE));
        }
}

TEST("a URL that is a literal is told from octets of mail") {
        static const struct {
                const char *line;
                bool is_url;
        } examples[] = {
                { " URL {5}\r\n", true }, { "url ~{5+}\r\n", true }, { "x (URL\t {5}\n", true },
                { "TEXT {5}\r\n", false }, { "XURL {5}\r\n", false }, { "URL{5}\r\n", false },
                { "{5}\r\n", false }, { " {5}\r\n", false }, { "RL {5}\r\n", false },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                CHECK_NUMBER(imap_command_line_announces_url(examples[i].line, strlen(examples[i].line)),
                             examples[i].is_url);
}

TEST("a whole command has a limit") {
        static const ImapLimits limits = { .line = 100, .argument_literal = 1000, .command = 1000, .arguments = 10 };
        const char *error = NULL;
        ImapLiteral literal;

        CHECK_NUMBER(imap_command_line_gather("a X {800}\r\n", 11, 0, 0, &limits, &literal, &error),
                     IMAP_GATHER_LITERAL);
        CHECK_NUMBER(imap_command_line_gather("a X {900}\r\n", 11, 0, 0, &limits, &literal, &error),
                     IMAP_GATHER_TOO_LARGE);
        CHECK_TEXT(error, "The command is too long");
}

TESTS_END
