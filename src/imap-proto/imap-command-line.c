/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tag, verb, and what the end of a line announces. */
#include "imap-proto/imap-command-line.h"

#include "basic/text.h"
#include "imap-proto/imap-char.h"
#include "imap-proto/imap-literal.h"
#include "imap-proto/sequence-set.h"

typedef struct Scan {
        const char *at, *end;
} Scan;

static bool is_blank(char c) {
        return c == ' ' || c == '\t';
}

static void skip_blanks(Scan *scan) {
        while (scan->at < scan->end && is_blank(*scan->at))
                scan->at++;
}

/* A run of octets that a blank or the line's end follows, copied as text. */
static bool take_word(Scan *scan, ImapCharSet set, char *word, size_t max) {
        size_t size = imap_char_span(set, scan->at, (size_t) (scan->end - scan->at));
        const char *behind = scan->at + size;

        if (size == 0 || size > max)
                return false;
        if (behind < scan->end && !is_blank(*behind) && *behind != '\r' && *behind != '\n')
                return false;
        memcpy(word, scan->at, size);
        word[size] = '\0';
        scan->at = behind;
        return true;
}

/* "UID" and the word after it are one verb. */
static bool take_verb(Scan *scan, ImapCommandLine *line) {
        size_t used;

        if (!take_word(scan, IMAP_CHARS_ATOM, line->verb, IMAP_VERB_MAX))
                return false;
        text_to_upper(line->verb);
        if (!text_equal(line->verb, "UID"))
                return true;

        used = strlen(line->verb);
        line->verb[used++] = ' ';
        skip_blanks(scan);
        if (!take_word(scan, IMAP_CHARS_ATOM, line->verb + used, IMAP_VERB_MAX - used))
                return false;
        text_to_upper(line->verb);
        return true;
}

bool imap_command_line_split(const char *data, size_t size, ImapCommandLine *ret_line) {
        Scan scan = { data, data + size };

        *ret_line = (ImapCommandLine){ 0 };
        if (!take_word(&scan, IMAP_CHARS_TAG, ret_line->tag, IMAP_TAG_MAX)) {
                ret_line->error = "A command starts with a tag";
                return false;
        }
        skip_blanks(&scan);
        if (!take_verb(&scan, ret_line)) {
                ret_line->verb[0] = '\0';
                ret_line->error = "No command behind the tag";
                return false;
        }
        ret_line->args_offset = (size_t) (scan.at - data);
        return true;
}

static const char *without_line_end(const char *line, size_t size) {
        if (size > 0 && line[size - 1] == '\n')
                size--;
        if (size > 0 && line[size - 1] == '\r')
                size--;
        return line + size;
}

bool imap_command_line_announces(const char *line, size_t size, ImapLiteral *ret_literal) {
        const char *end = without_line_end(line, size), *at = end;

        if (at == line || *--at != '}')
                return false;
        if (at > line && at[-1] == '+')
                at--;
        while (at > line && char_is_digit(at[-1]))
                at--;
        if (at == line || *--at != '{')
                return false;
        if (at > line && at[-1] == '~')
                at--;
        return imap_literal_scan(&at, end, ret_literal) && at == end;
}

/* Flags are no strings: up to the parenthesis, which APPEND does not nest. */
static bool skip_flags(ImapArgs *args) {
        while (args->at < args->end && *args->at != ')' && *args->at != '"' && *args->at != '{')
                args->at++;
        return imap_args_close_list(args);
}

/* "[(flags)] [date]", with NIL for what is left out, as Courier takes it. */
static bool skip_head(ImapArgs *args) {
        _cleanup_free_ char *date = NULL;

        if (imap_args_peek(args) == IMAP_TOKEN_OPEN) {
                if (!imap_args_open_list(args) || !skip_flags(args))
                        return false;
        } else {
                (void) imap_args_accept_nil(args); /* absent is as good */
        }
        if (imap_args_peek(args) == IMAP_TOKEN_QUOTED)
                return imap_args_take_string(args, &date, NULL);
        (void) imap_args_accept_nil(args); /* absent is as good */
        return true;
}

/* "(URL …)": with a TEXT it would not have come to this. */
static bool skip_urls(ImapArgs *args) {
        if (!imap_args_open_list(args))
                return false;
        while (!imap_args_list_ends(args)) {
                _cleanup_free_ char *url = NULL;

                if (!imap_args_accept_word(args, "URL") || !imap_args_take_astring(args, &url))
                        return false;
        }
        return imap_args_close_list(args);
}

/*
 * "mailbox", and of REPLACE a message number, stand before the first message, and messages that
 * are all URLs before this one, whose announcement is at the end. Whether they are right is the
 * handler's business.
 */
static bool is_before_message(ImapArgs *args, bool replaces) {
        _cleanup_sequence_set_ SequenceSet set = { 0 };
        _cleanup_free_ char *mailbox = NULL;
        ImapLiteral literal;

        if (replaces && !imap_args_take_sequence_set(args, &set))
                return false;
        if (!imap_args_take_astring(args, &mailbox) || !skip_head(args))
                return false;
        while (imap_args_accept_word(args, "CATENATE"))
                if (!skip_urls(args) || !skip_head(args))
                        return false;
        return imap_args_take_announcement(args, &literal);
}

static const char *before_announcement(const char *line, size_t size) {
        const char *at = line + size;

        while (at > line && *--at != '{')
                ;
        return at - (at > line && at[-1] == '~');
}

/* A word, alone or behind a blank or a parenthesis, and then a blank. */
static bool ends_with_word(const char *line, const char *end, const char *word) {
        size_t word_size = strlen(word);
        const char *at = end;

        if (at == line || !is_blank(at[-1]))
                return false;
        while (at > line && is_blank(at[-1]))
                at--;
        if ((size_t) (at - line) < word_size)
                return false;
        at -= word_size;
        return text_equal_nocase_range(at, word_size, word) &&
               (at == line || is_blank(at[-1]) || at[-1] == '(');
}

/* "TEXT {n}" or "UTF8 (~{n}" */
static bool announces_text(const char *line, size_t size) {
        const char *at = before_announcement(line, size);

        return ends_with_word(line, at, "TEXT") ||
               (at > line && at[-1] == '(' && ends_with_word(line, at - 1, "UTF8"));
}

bool imap_command_line_announces_url(const char *line, size_t size) {
        return ends_with_word(line, before_announcement(line, size), "URL");
}

static bool announces_message(const char *data, size_t size, size_t line_offset,
                              size_t n_literals, const ImapLimits *limits) {
        ImapCommandLine line;
        ImapArgs args;
        bool replaces;

        if (!imap_command_line_split(data, size, &line))
                return false;
        replaces = text_equal(line.verb, "REPLACE") || text_equal(line.verb, "UID REPLACE");
        if (!replaces && !text_equal(line.verb, "APPEND"))
                return false;
        /* Of literals, the mailbox can come before the octets of mail, and the URLs of parts
         * (CATENATE). Where that makes it sure nothing is read: if it is wrong the handler says. */
        if (announces_text(data + line_offset, size - line_offset))
                return true;
        if (n_literals > 1)
                return !imap_command_line_announces_url(data + line_offset, size - line_offset);
        imap_args_init(&args, data + line.args_offset, size - line.args_offset, limits);
        return is_before_message(&args, replaces);
}

ImapGather imap_command_line_gather(const char *data, size_t size, size_t line_offset,
                                    size_t n_literals, const ImapLimits *limits,
                                    ImapLiteral *ret_literal, const char **ret_error) {
        if (!limits)
                limits = &imap_limits_default;
        if (!imap_command_line_announces(data + line_offset, size - line_offset, ret_literal))
                return IMAP_GATHER_COMPLETE;
        if (announces_message(data, size, line_offset, n_literals, limits))
                return IMAP_GATHER_MESSAGE;

        if (ret_literal->size > limits->argument_literal)
                *ret_error = "A literal is longer than an argument may be";
        else if (n_literals >= IMAP_COMMAND_LITERALS_MAX)
                *ret_error = "Too many literals in one command";
        else if (size + ret_literal->size + limits->line > limits->command)
                *ret_error = "The command is too long";
        else
                return IMAP_GATHER_LITERAL;
        return IMAP_GATHER_TOO_LARGE;
}
