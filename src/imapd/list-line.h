/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments and lines that LIST and LSUB have in common (RFC 9051, section 7.3.1). */
#pragma once

#include <stdbool.h>

#include "imap-proto/imap-args.h"
#include "imap-proto/imap-write.h"
#include "imap-proto/list-pattern.h"
#include "imapd/imap-reply.h"

/* In the order in which Courier writes them. */
typedef enum ListAttribute {
        LIST_NOSELECT = 1 << 0,
        LIST_UNMARKED = 1 << 1,
        LIST_MARKED = 1 << 2,
        LIST_HAS_NO_CHILDREN = 1 << 3,
        LIST_NO_INFERIORS = 1 << 4,
        LIST_HAS_CHILDREN = 1 << 5,
} ListAttribute;

/** list_attributes_of_children() - the attribute for a name with or without children */
unsigned list_attributes_of_children(bool has_children);

/** list_write_line() - "* LIST (\HasNoChildren) "." "INBOX.Work"" */
void list_write_line(ImapWriter *writer, const char *verb, unsigned attributes, const char *name);

/* What a client asks for. */
typedef struct ListRequest {
        enum {
                LIST_REQUEST_NAMES,
                LIST_REQUEST_ROOT,     /* the pattern is empty: tell the separator only */
                LIST_REQUEST_NOTHING,  /* no name of ours can match */
                LIST_REQUEST_TOO_MANY, /* wildcards: NO */
        } kind;
        ListPattern pattern; /* owned */
} ListRequest;

#define _cleanup_list_request_ _cleanup_(list_request_done)

void list_request_done(ListRequest *request);

/** list_request_take() - reference and pattern, to the end of the arguments */
[[nodiscard]] bool list_request_take(ImapArgs *args, ListRequest *ret_request);

/**
 * list_request_answers() - the answer that needs no name: root, nothing, too many wildcards
 *
 * Return: true when *ret_reply and the untagged line are all there is to say.
 */
bool list_request_answers(const ListRequest *request, ImapWriter *writer, const char *verb,
                          ImapReply *ret_reply);
