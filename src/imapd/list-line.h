/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments and lines that LIST and LSUB have in common (RFC 9051, section 7.3.1). */
#pragma once

#include <stdbool.h>

#include "imap-proto/imap-args.h"
#include "imap-proto/imap-write.h"
#include "imap-proto/list-request.h"
#include "imapd/imap-reply.h"

/* In the order in which Courier writes them. */
typedef enum ListAttribute {
        LIST_NOSELECT = 1 << 0,
        LIST_UNMARKED = 1 << 1,
        LIST_MARKED = 1 << 2,
        LIST_HAS_NO_CHILDREN = 1 << 3,
        LIST_NO_INFERIORS = 1 << 4,
        LIST_HAS_CHILDREN = 1 << 5,
        LIST_NON_EXISTENT = 1 << 6, /* RFC 5258 */
        LIST_SUBSCRIBED = 1 << 7,
        LIST_ARCHIVE = 1 << 8, /* RFC 6154 */
        LIST_DRAFTS = 1 << 9,
        LIST_JUNK = 1 << 10,
        LIST_SENT = 1 << 11,
        LIST_TRASH = 1 << 12,
        LIST_XLIST_INBOX = 1 << 13, /* XLIST has its own words for two of them */
        LIST_XLIST_SPAM = 1 << 14,
} ListAttribute;

/** list_request_add_forms() - patterns match names in their normal form, too (RFC 9051, 5.1) */
void list_request_add_forms(ListRequest *request);

/** list_attributes_of_children() - the attribute for a name with or without children */
unsigned list_attributes_of_children(bool has_children);

/** list_attributes_of_use() - one bit for each SPECIAL_USE_… bit */
unsigned list_attributes_of_use(unsigned uses);

/** list_write_line() - "* LIST (\HasNoChildren) "." "INBOX.Work"" */
void list_write_line(ImapWriter *writer, const char *verb, unsigned attributes, const char *name);

/**
 * list_write_line_renamed() - the same with OLDNAME (RFC 9051, section 6.3.9.7)
 * @old_name:  NULL for none
 */
void list_write_line_renamed(ImapWriter *writer, unsigned attributes, const char *name,
                             const char *old_name);

/**
 * list_write_line_of_parent() - the same with CHILDINFO (RFC 5258, section 3.5)
 * @select:  the criteria that something below it fulfils; bits of ListSelect
 */
void list_write_line_of_parent(ImapWriter *writer, const char *verb, unsigned attributes,
                               const char *name, unsigned select);

/**
 * list_request_answers() - the answer that needs no name: root, nothing, too many wildcards
 *
 * Return: true when *ret_reply and the untagged line are all there is to say.
 */
bool list_request_answers(const ListRequest *request, ImapWriter *writer, const char *verb,
                          ImapReply *ret_reply);
