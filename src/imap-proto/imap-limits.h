/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every limit on what a client may make us read or remember (imapd-limits(7)). What is over
 * one of them is an error that names it, before memory is taken.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
        IMAP_LINE_MAX = 64 * 1024,            /* octets of one line, with its end */
        IMAP_ARGUMENT_LITERAL_MAX = 8 * 1024, /* octets of a literal that is not a message */
        IMAP_COMMAND_MAX = 1024 * 1024,       /* octets of one command with its literals */
        IMAP_COMMAND_LITERALS_MAX = 1000,     /* literals in one command */
        IMAP_TAG_MAX = 128,                   /* octets of a tag */
        IMAP_VERB_MAX = 32,                   /* octets of a command's name */
        IMAP_APPEND_MESSAGES_MAX = 10000,     /* messages in one APPEND */
        IMAP_CATENATE_PARTS_MAX = 1000,       /* texts and URLs of one message */
        IMAP_URL_MAX = 4096,                  /* octets of an IMAP URL */
        IMAP_ARGUMENTS_MAX = 20000,           /* atoms, strings and lists in one command */
        IMAP_NESTING_MAX = 100,               /* parentheses in parentheses */
        IMAP_SET_RANGES_MAX = 16384,          /* ranges in one sequence set */
        IMAP_SEARCH_NODES_MAX = 1000,         /* keys in one search program */
        IMAP_UID_BATCH_MIN = 500,             /* messages of a batch, at least (RFC 10022) */
        IMAP_SEARCH_SOURCES_MAX = 1000,       /* mailboxes that one ESEARCH names */
        IMAP_SORT_TEXT_MAX = 1024,            /* octets of a text that SORT, THREAD compare */
        IMAP_SORT_OCTETS_MAX = 128 * 1024 * 1024, /* octets of all texts of one of them */
        IMAP_FETCH_ITEMS_MAX = 500,           /* items of one FETCH */
        IMAP_PART_PATH_MAX = 60,              /* numbers in a part path, "1.2.3" */
        IMAP_HEADER_FIELDS_MAX = 500,         /* names in all HEADER.FIELDS of one FETCH */
        IMAP_HEADER_NAME_MAX = 256,           /* octets of a header field's name */
        IMAP_FLAGS_MAX = 250,                 /* flags and keywords in one list */
        IMAP_OBJECT_ID_MAX = 255,             /* octets of an EMAILID or THREADID */
        IMAP_KEYWORD_MAX = 255,               /* octets of a keyword */
        IMAP_MAILBOX_NAME_MAX = 1024,         /* octets of a mailbox name in UTF-8 */
        IMAP_LIST_WILDCARDS_MAX = 10,         /* wildcards in one pattern, as Courier has it */
        IMAP_LIST_PATTERNS_MAX = 100,         /* patterns in one LIST */
        IMAP_STATUS_ITEMS_MAX = 20,           /* items of one STATUS */
        IMAP_QUOTED_MAX = 1000,               /* longer strings are written as literals */
        IMAP_ERROR_MAX = 200,                 /* octets of an error sentence */
};

/* The limits an administrator may move; imap_limits_default has the numbers above. */
typedef struct ImapLimits {
        size_t line;
        size_t argument_literal;
        size_t command;
        size_t arguments;
} ImapLimits;

extern const ImapLimits imap_limits_default;

/** imap_message_limit() - messages of one command: IMAP_MESSAGELIMIT (RFC 9738); 0 for no limit */
uint64_t imap_message_limit(void);

/** imap_append_limit() - octets of one message that a client sends: IMAP_APPENDLIMIT (RFC 7889) */
uint64_t imap_append_limit(void);
