/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands before their arguments are looked at: tag and verb, and whether a literal follows
 * the line (RFC 9051, sections 2.2.1 and 4.3).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "imap-proto/imap-args.h"

typedef struct ImapCommandLine {
        char tag[IMAP_TAG_MAX + 1];   /* "" when there is no usable one: answer "* BAD" */
        char verb[IMAP_VERB_MAX + 1]; /* in capitals; with UID as one: "UID FETCH" */
        size_t args_offset;           /* of what follows the verb */
        const char *error;            /* static sentence, set on false */
} ImapCommandLine;

/**
 * imap_command_line_split() - find tag and verb in the first line of a command
 * @ret_line:  always written; on false `error` is set and, when the tag was good, `tag`
 */
[[nodiscard]] bool imap_command_line_split(const char *data, size_t size,
                                           ImapCommandLine *ret_line);

typedef enum ImapGather {
        IMAP_GATHER_COMPLETE,  /* the command is whole: run it */
        IMAP_GATHER_LITERAL,   /* read literal.size octets, then another line, behind data */
        IMAP_GATHER_MESSAGE,   /* run it now; the handler reads this literal and the rest */
        IMAP_GATHER_TOO_LARGE, /* the literal is over a limit: refuse; if it does not wait, its
                                * octets and the rest of the command are coming nevertheless */
} ImapGather;

/**
 * imap_command_line_gather() - what to do after another line was read
 * @data:          the command so far: lines and literals, a line at its end
 * @line_offset:   where in it the last line starts
 * @n_literals:    how many literals were read before
 * @ret_literal:   written for LITERAL, MESSAGE and TOO_LARGE
 * @ret_error:     written for TOO_LARGE: static sentence that names the limit
 *
 * A line whose end looks like an announcement is one, even where the grammar has none: then
 * its octets cannot be taken for commands, and the arguments fail afterwards. Linear in the
 * last line, except that it looks at the whole command of an APPEND until its second literal.
 * @limits may be NULL, for imap_limits_default.
 */
ImapGather imap_command_line_gather(const char *data, size_t size, size_t line_offset,
                                    size_t n_literals, const ImapLimits *limits,
                                    ImapLiteral *ret_literal, const char **ret_error);

/** imap_command_line_announces() - the line ends with "{n}", "{n+}" or "~{n}" */
bool imap_command_line_announces(const char *line, size_t size, ImapLiteral *ret_literal);

/** imap_command_line_announces_url() - and what it announces is the URL of a part (CATENATE) */
_pure_ bool imap_command_line_announces_url(const char *line, size_t size);
