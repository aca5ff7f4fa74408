/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mailbox names: "INBOX.Entw&APw-rfe" on the wire (modified UTF-7, RFC 3501, section 5.1.3;
 * UTF-8 after ENABLE UTF8=ACCEPT), "INBOX/Entwürfe" in the program.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"

/* Outcomes of mailbox_name_from_wire(). */
enum {
        MAILBOX_NAME_DONE = 0,
        MAILBOX_NAME_BROKEN,   /* not modified UTF-7 or UTF-8, or a control character: BAD */
        MAILBOX_NAME_NOT_OURS, /* well-formed, but '/' or an empty level inside, or too long */
};

/**
 * mailbox_name_from_wire() - a client's name in the program's form
 * @utf8:      names are UTF-8 on the wire
 * @ret_name:  owned by the caller
 *
 * The first level is INBOX in any case of letters and becomes "INBOX"; other first levels stay
 * as they are. One trailing '.' is kept as '/'. The empty name is the empty name.
 */
int mailbox_name_from_wire(const char *wire, size_t size, bool utf8, char **ret_name);

/** mailbox_name_append_wire() - the opposite, without quotes; broken UTF-8 is U+FFFD or '?' */
void mailbox_name_append_wire(const char *name, bool utf8, Buffer *target);

/**
 * mailbox_name_may_be_made() - no control, line or paragraph separator (RFC 9755, section 3)
 *
 * Only of Unicode beyond ASCII; the others are no names at all.
 */
_pure_ bool mailbox_name_may_be_made(const char *name);
