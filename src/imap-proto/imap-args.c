/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments of a command: blanks, atoms, strings, numbers, lists (RFC 9051, section 9). */
#include "imap-proto/imap-args.h"

#include <stdio.h>

#include "basic/buffer.h"
#include "basic/text.h"
#include "imap-proto/imap-literal.h"

enum { SHOWN_MAX = 40 }; /* octets of a client's text in an error */

void imap_args_init(ImapArgs *args, const char *data, size_t size, const ImapLimits *limits) {
        if (size > 0 && data[size - 1] == '\n')
                size--;
        if (size > 0 && data[size - 1] == '\r')
                size--;
        *args = (ImapArgs){
                .at = data,
                .end = data + size,
                .limits = limits ? limits : &imap_limits_default,
        };
}

static size_t left(const ImapArgs *args) {
        return (size_t) (args->end - args->at);
}

static void skip_blanks(ImapArgs *args) {
        while (args->at < args->end && (*args->at == ' ' || *args->at == '\t'))
                args->at++;
}

ImapToken imap_args_peek(ImapArgs *args) {
        skip_blanks(args);
        if (args->at == args->end)
                return IMAP_TOKEN_END;

        switch (*args->at) {
        case '"':
                return IMAP_TOKEN_QUOTED;
        case '(':
                return IMAP_TOKEN_OPEN;
        case ')':
                return IMAP_TOKEN_CLOSE;
        case '{':
                return IMAP_TOKEN_LITERAL;
        case '~':
                return left(args) > 1 && args->at[1] == '{' ? IMAP_TOKEN_LITERAL : IMAP_TOKEN_ATOM;
        case '\\':
                return IMAP_TOKEN_ATOM; /* a flag */
        default:
                return imap_char_is(IMAP_CHARS_LIST, *args->at) ? IMAP_TOKEN_ATOM : IMAP_TOKEN_BAD;
        }
}

bool imap_args_fail(ImapArgs *args, const char *format, ...) {
        va_list list;

        if (args->error[0] != '\0')
                return false;
        va_start(list, format);
        (void) vsnprintf(args->error, sizeof(args->error), format, list); /* cut is fine */
        va_end(list);
        for (char *c = args->error; *c != '\0'; c++)
                if (*c < ' ' || *c >= 0x7f)
                        *c = '?';
        return false;
}

bool imap_args_allow_numbers(ImapArgs *args) {
        if (!args->uids_only)
                return true;
        if (args->error[0] == '\0')
                args->error_code = "UIDREQUIRED";
        return imap_args_fail(args, "Message numbers are switched off, use UIDs");
}

bool imap_args_wants(ImapArgs *args, const char *what) {
        const char *subject = args->verb ? args->verb : "The command";
        size_t n = 0;

        if (imap_args_peek(args) == IMAP_TOKEN_END)
                return imap_args_fail(args, "%s wants %s, got nothing", subject, what);
        while (n < left(args) && n < SHOWN_MAX && args->at[n] != ' ' && args->at[n] != '\0')
                n++;
        return imap_args_fail(args, "%s wants %s, got '%.*s'", subject, what, (int) MAX(n, 1u),
                              *args->at == '\0' ? "?" : args->at);
}

const char *imap_args_error(const ImapArgs *args) {
        return args->error[0] != '\0' ? args->error : "Syntax error";
}

bool imap_args_at_end(ImapArgs *args) {
        if (args->error[0] != '\0')
                return false;
        return imap_args_peek(args) == IMAP_TOKEN_END || imap_args_wants(args, "nothing more");
}

/* Every argument is counted here before anything is kept of it. */
static bool count(ImapArgs *args) {
        if (args->error[0] != '\0')
                return false;
        if (args->n_taken >= args->limits->arguments)
                return imap_args_fail(args, "More than %zu arguments", args->limits->arguments);
        args->n_taken++;
        return true;
}

/* The octet behind an atom or a string must not be part of another one. */
static bool ends_here(const ImapArgs *args, const char *at) {
        return at == args->end || *at == ' ' || *at == '\t' || *at == ')';
}

bool imap_args_take_run(ImapArgs *args, ImapCharSet set, const char *what, const char **ret_start,
                        size_t *ret_size) {
        size_t size;

        if (!count(args))
                return false;
        skip_blanks(args);
        size = imap_char_span(set, args->at, left(args));
        if (size == 0 || !ends_here(args, args->at + size))
                return imap_args_wants(args, what);
        *ret_start = args->at;
        *ret_size = size;
        args->at += size;
        return true;
}

bool imap_args_accept_word(ImapArgs *args, const char *word) {
        size_t size;

        if (args->error[0] != '\0')
                return false;
        skip_blanks(args);
        size = imap_char_span(IMAP_CHARS_ATOM, args->at, left(args));
        if (!text_equal_nocase_range(args->at, size, word) || !ends_here(args, args->at + size) ||
            !count(args))
                return false;
        args->at += size;
        return true;
}

bool imap_args_accept_nil(ImapArgs *args) {
        return imap_args_accept_word(args, "NIL");
}

bool imap_args_take_atom(ImapArgs *args, char **ret_atom) {
        const char *start;
        size_t size;

        if (!imap_args_take_run(args, IMAP_CHARS_ATOM, "an atom", &start, &size))
                return false;
        *ret_atom = text_dup_range(start, size);
        return true;
}

bool imap_args_take_number64(ImapArgs *args, uint64_t *ret_number) {
        const char *before, *start, *end;
        uint64_t number;
        size_t size;

        if (imap_args_peek(args) != IMAP_TOKEN_ATOM)
                return imap_args_wants(args, "a number");
        before = args->at;
        if (!imap_args_take_run(args, IMAP_CHARS_ATOM, "a number", &start, &size))
                return false;

        _cleanup_free_ char *digits = text_dup_range(start, size);
        if (!text_parse_u64_prefix(digits, &end, &number) || *end != '\0' || number > INT64_MAX) {
                args->at = before;
                return imap_args_wants(args, "a number");
        }
        *ret_number = number;
        return true;
}

bool imap_args_take_number(ImapArgs *args, uint32_t *ret_number) {
        uint64_t number;

        if (!imap_args_take_number64(args, &number))
                return false;
        if (number > UINT32_MAX)
                return imap_args_fail(args, "A number is larger than %u", UINT32_MAX);
        *ret_number = (uint32_t) number;
        return true;
}

/* Backslash takes the next octet as it is: RFC 9051 knows only \" and \\, Courier any. */
static bool take_quoted(ImapArgs *args, char **ret_text, size_t *ret_size) {
        const char *at = args->at + 1;
        _cleanup_buffer_ Buffer text = { 0 };

        for (; at < args->end && *at != '"'; at++) {
                if (*at == '\\')
                        at++;
                if (at == args->end || *at == '\0' || *at == '\r' || *at == '\n')
                        break;
                buffer_append_char(&text, *at);
        }
        if (at == args->end || *at != '"')
                return imap_args_fail(args, "A quoted string does not end in its line");
        if (!ends_here(args, at + 1))
                return imap_args_fail(args, "No space behind a quoted string");
        if (!text_is_utf8(text.data ? text.data : "", text.size))
                return imap_args_fail(args, "A quoted string is not UTF-8; send it as a literal");

        args->at = at + 1;
        *ret_size = text.size;
        *ret_text = buffer_take_text(&text);
        return true;
}

static bool take_literal(ImapArgs *args, char **ret_text, size_t *ret_size) {
        const char *at = args->at;
        ImapLiteral literal;

        if (!imap_literal_scan(&at, args->end, &literal))
                return imap_args_fail(args, "A literal is not announced as {size}");
        if (literal.size > args->limits->argument_literal)
                return imap_args_fail(args, "A literal is larger than %zu octets",
                                      args->limits->argument_literal);
        if (at < args->end && *at == '\r')
                at++;
        if (at == args->end || *at++ != '\n' || (uint64_t) (args->end - at) < literal.size)
                return imap_args_fail(args, "A literal is cut off");
        if (literal.size > 0 && memchr(at, '\0', literal.size))
                return imap_args_fail(args, "NUL in a literal");
        if (!ends_here(args, at + literal.size))
                return imap_args_fail(args, "No space behind a literal");

        *ret_text = text_dup_range(at, literal.size);
        *ret_size = literal.size;
        args->at = at + literal.size;
        return true;
}

bool imap_args_take_string(ImapArgs *args, char **ret_text, size_t *ret_size) {
        size_t size;

        if (!count(args))
                return false;
        switch (imap_args_peek(args)) {
        case IMAP_TOKEN_QUOTED:
                return take_quoted(args, ret_text, ret_size ? ret_size : &size);
        case IMAP_TOKEN_LITERAL:
                return take_literal(args, ret_text, ret_size ? ret_size : &size);
        default:
                return imap_args_wants(args, "a string");
        }
}

static bool is_string_next(ImapArgs *args) {
        ImapToken token = imap_args_peek(args);

        return token == IMAP_TOKEN_QUOTED || token == IMAP_TOKEN_LITERAL;
}

static bool take_run_or_string(ImapArgs *args, ImapCharSet set, const char *what,
                               char **ret_text) {
        const char *start;
        size_t size;

        if (is_string_next(args))
                return imap_args_take_string(args, ret_text, NULL);
        if (!imap_args_take_run(args, set, what, &start, &size))
                return false;
        *ret_text = text_dup_range(start, size);
        return true;
}

bool imap_args_take_astring(ImapArgs *args, char **ret_text) {
        return take_run_or_string(args, IMAP_CHARS_ASTRING, "an atom or string", ret_text);
}

bool imap_args_take_list_pattern(ImapArgs *args, char **ret_pattern) {
        return take_run_or_string(args, IMAP_CHARS_LIST, "a mailbox pattern", ret_pattern);
}

bool imap_args_take_nstring(ImapArgs *args, char **ret_text) {
        if (!imap_args_accept_nil(args))
                return imap_args_take_string(args, ret_text, NULL);
        *ret_text = NULL;
        return true;
}

bool imap_args_open_list(ImapArgs *args) {
        if (!count(args))
                return false;
        if (imap_args_peek(args) != IMAP_TOKEN_OPEN)
                return imap_args_wants(args, "a list in parentheses");
        if (args->depth >= IMAP_NESTING_MAX)
                return imap_args_fail(args, "More than %d parentheses in each other",
                                      IMAP_NESTING_MAX);
        args->depth++;
        args->at++;
        return true;
}

bool imap_args_list_ends(ImapArgs *args) {
        ImapToken token = imap_args_peek(args);

        return token == IMAP_TOKEN_CLOSE || token == IMAP_TOKEN_END;
}

bool imap_args_close_list(ImapArgs *args) {
        if (args->error[0] != '\0')
                return false;
        if (imap_args_peek(args) != IMAP_TOKEN_CLOSE)
                return imap_args_wants(args, "a closing parenthesis");
        if (args->depth > 0)
                args->depth--;
        args->at++;
        return true;
}
