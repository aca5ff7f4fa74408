/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the functions of the store return besides a negative errno, which is reported already. */
#pragma once

enum {
        STORE_DONE = 0,
        STORE_NO_SUCH_MAILBOX,  /* also a parent that exists only in the names of its children */
        STORE_EXISTS,           /* a mailbox of that name is there already */
        STORE_INVALID_NAME,     /* '.', control character, empty level, not UTF-8, not in INBOX */
        STORE_NAME_TOO_LONG,    /* the directory's name would be over 255 octets */
        STORE_RESERVED,         /* INBOX cannot be deleted, Trash cannot be deleted or renamed */
        STORE_READ_ONLY,        /* the mailbox, or the file system, cannot be written */
        STORE_EXPUNGED,         /* the message's file is gone */
        STORE_NO_SPACE,         /* disk full, or the file system's quota: nothing was left behind */
        STORE_OVER_QUOTA,       /* the account's own quota */
        STORE_TOO_MANY_KEYWORDS, /* MAILBOX_KEYWORDS_MAX */
        STORE_MAILBOX_LOST,     /* deleted or renumbered behind us: only closing it helps */
        STORE_NO_MAILDIR,       /* the path exists and is no directory */
        STORE_UNREADABLE,       /* the directory's permissions forbid it (logged) */
        STORE_IN_USE,           /* another program holds the mailbox's lock, and does not let go */
        STORE_DAMAGED,          /* a compressed message does not expand (reported) */
        STORE_COMPRESSED,       /* a message that a client has compressed is not stored */
        STORE_UNKNOWN_ENCODING, /* binary octets where none can be kept as they are (RFC 3516) */
        STORE_NEWER_INDEX,      /* the index was written by a later version (reported) */
        _STORE_OUTCOME_MAX,
};
