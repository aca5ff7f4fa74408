/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The arguments of one complete command, taken off from left to right (RFC 9051, section 9).
 *
 * Each take skips blanks, consumes what it names and is linear in it. On false, nothing was
 * written to the output, and imap_args_error() is a sentence for "tag BAD": the first mistake
 * stays. Returned texts are owned by the caller and NUL-terminated; none has a NUL inside.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"
#include "imap-proto/imap-char.h"
#include "imap-proto/imap-limits.h"

typedef struct FlagList FlagList;
typedef struct SequenceSet SequenceSet;

typedef struct ImapArgs {
        const char *at, *end; /* borrowed: what is left */
        const ImapLimits *limits;
        const char *verb; /* borrowed, for errors: "FETCH wants a number"; NULL for none */
        size_t n_taken;
        unsigned depth;  /* of open lists */
        bool takes_bare_names; /* patterns may leave "INBOX." away (bare-name.h) */
        bool uids_only;  /* message numbers are refused (RFC 9586, section 3) */
        const char *error_code; /* static: of the mistake, for "BAD [code]"; NULL for none */
        bool utf8;       /* names are UTF-8 on the wire (UTF8=ACCEPT or IMAP4rev2) */
        bool only_utf8;  /* so is all else: a search may have no other charset (UTF8=ACCEPT) */
        char error[IMAP_ERROR_MAX];
} ImapArgs;

typedef enum ImapToken {
        IMAP_TOKEN_END,
        IMAP_TOKEN_ATOM,
        IMAP_TOKEN_QUOTED,
        IMAP_TOKEN_LITERAL,
        IMAP_TOKEN_OPEN,
        IMAP_TOKEN_CLOSE,
        IMAP_TOKEN_BAD, /* an octet that starts nothing */
} ImapToken;

/* A literal announced and not yet read. */
typedef struct ImapLiteral {
        uint64_t size;
        bool waits;  /* "{n}": the client waits for "+ "; "{n+}" does not (LITERAL+) */
        bool binary; /* "~{n}" */
} ImapLiteral;

/**
 * imap_args_init() - start behind the verb
 * @data:    borrowed: all lines with their literals inline ("{5}\r\nhello foo\r\n"); a line
 *           end at the very end is ignored
 * @limits:  borrowed; NULL for imap_limits_default
 */
void imap_args_init(ImapArgs *args, const char *data, size_t size, const ImapLimits *limits);

/** imap_args_peek() - what comes next, without taking it; cannot fail */
ImapToken imap_args_peek(ImapArgs *args);

/** imap_args_at_end() - nothing is left; false is an error already ("unexpected argument") */
[[nodiscard]] bool imap_args_at_end(ImapArgs *args);

/** imap_args_accept_word() - take the next atom if it is this word; case ignored, no error */
bool imap_args_accept_word(ImapArgs *args, const char *word);

/** imap_args_accept_nil() - take NIL if it comes next; no error */
bool imap_args_accept_nil(ImapArgs *args);

/**
 * imap_args_take_run() - the next argument, if all its octets belong to a set
 * @what:       for the error: "a sequence set"
 * @ret_start:  borrowed from the command
 */
[[nodiscard]] bool imap_args_take_run(ImapArgs *args, ImapCharSet set, const char *what,
                                      const char **ret_start, size_t *ret_size);

[[nodiscard]] bool imap_args_take_atom(ImapArgs *args, char **ret_atom);
[[nodiscard]] bool imap_args_take_number(ImapArgs *args, uint32_t *ret_number);
[[nodiscard]] bool imap_args_take_number64(ImapArgs *args, uint64_t *ret_number);

/** imap_args_take_string() - quoted or literal; ret_size may be NULL */
[[nodiscard]] bool imap_args_take_string(ImapArgs *args, char **ret_text, size_t *ret_size);

/** imap_args_take_astring() - atom, quoted or literal; octets above 127 only in strings */
[[nodiscard]] bool imap_args_take_astring(ImapArgs *args, char **ret_text);

/** imap_args_take_nstring() - a string, or NIL, which gives NULL */
[[nodiscard]] bool imap_args_take_nstring(ImapArgs *args, char **ret_text);

/** imap_args_take_list_pattern() - as astring, where an atom may hold % and *; wire text */
[[nodiscard]] bool imap_args_take_list_pattern(ImapArgs *args, char **ret_pattern);

/**
 * imap_args_take_mailbox() - a mailbox name, in the program's form ("INBOX/Work")
 *
 * A trailing separator stays as '/'. A well-formed name that no mailbox can have ('/' or an
 * empty level inside) gives "": the store knows no such mailbox. Broken modified UTF-7,
 * control characters and bare 8-bit octets are errors.
 */
[[nodiscard]] bool imap_args_take_mailbox(ImapArgs *args, char **ret_name);

/**
 * imap_args_open_list(), imap_args_close_list() - parentheses
 *
 * `if (!imap_args_open_list(args)) …; while (!imap_args_list_ends(args)) take…; close`
 * imap_args_list_ends() is also true at the end of the command, where closing then fails.
 */
[[nodiscard]] bool imap_args_open_list(ImapArgs *args);
bool imap_args_list_ends(ImapArgs *args);
[[nodiscard]] bool imap_args_close_list(ImapArgs *args);

/** imap_args_allow_numbers() - fail with UIDREQUIRED where only UIDs may name messages */
[[nodiscard]] bool imap_args_allow_numbers(ImapArgs *args);

/** imap_args_take_sequence_set() - released by sequence_set_done() */
[[nodiscard]] bool imap_args_take_sequence_set(ImapArgs *args, SequenceSet *ret_set);

/** imap_args_take_flag_list() - "(\Seen work)" or bare flags to the end; flag_list_done() */
[[nodiscard]] bool imap_args_take_flag_list(ImapArgs *args, FlagList *ret_flags);

/** imap_args_take_attribute() - "\\Sent": an atom behind a backslash, which is kept */
[[nodiscard]] bool imap_args_take_attribute(ImapArgs *args, char **ret_attribute);

/** imap_args_take_date() - "1-Feb-1994", quoted or not: days since 1970 */
[[nodiscard]] bool imap_args_take_date(ImapArgs *args, int64_t *ret_day);

/** imap_args_take_date_time() - "17-Jul-1996 02:44:25 -0700" in quotes: UTC and the zone */
[[nodiscard]] bool imap_args_take_date_time(ImapArgs *args, int64_t *ret_sec,
                                            int16_t *ret_zone_minutes);

/** imap_args_take_announcement() - the literal at the end of what is there, not yet read */
[[nodiscard]] bool imap_args_take_announcement(ImapArgs *args, ImapLiteral *ret_literal);

/** imap_args_fail() - set the error unless there is one; always false */
bool imap_args_fail(ImapArgs *args, const char *format, ...) _printf_(2, 3);

/** imap_args_wants() - fail with "FETCH wants <what>, got '…'", showing what comes next */
bool imap_args_wants(ImapArgs *args, const char *what);

/** imap_args_error() - one short line of ASCII; never empty after a failure */
const char *imap_args_error(const ImapArgs *args);
