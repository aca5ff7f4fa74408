/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store returned, as protocol text: the one table of it (RFC 5530 for the codes). */
#include "basic/memory.h"
#include "imapd/imap-reply.h"
#include "store/outcome.h"

static const struct {
        const char *code, *text;
} outcomes[_STORE_OUTCOME_MAX] = {
        [STORE_NO_SUCH_MAILBOX]   = { "NONEXISTENT",   "Mailbox does not exist, or must be "
                                                       "subscribed to." },
        [STORE_EXISTS]            = { "ALREADYEXISTS", "Mailbox exists already." },
        [STORE_INVALID_NAME]      = { "CANNOT",        "Invalid mailbox name." },
        [STORE_NAME_TOO_LONG]     = { "CANNOT",        "Mailbox name is too long." },
        [STORE_RESERVED]          = { "CANNOT",        "Reserved mailbox name." },
        [STORE_READ_ONLY]         = { "NOPERM",        "Mailbox is read-only." },
        [STORE_EXPUNGED]          = { "EXPUNGEISSUED", "Some of the messages no longer exist." },
        [STORE_NO_SPACE]          = { "OVERQUOTA",     "The server is out of disk space." },
        [STORE_OVER_QUOTA]        = { "OVERQUOTA",     "You exceeded your mail quota." },
        [STORE_TOO_MANY_KEYWORDS] = { "LIMIT",         "Too many different keywords." },
        [STORE_MAILBOX_LOST]      = { "NONEXISTENT",   "The mailbox was deleted." },
        [STORE_NO_MAILDIR]        = { "UNAVAILABLE",   "There is no Maildir." },
        [STORE_UNREADABLE]        = { "NOPERM",        "Unable to open this mailbox." },
        [STORE_IN_USE]            = { "INUSE",         "Another program has locked the mailbox, "
                                                       "try again later." },
        [STORE_DAMAGED]           = { "CORRUPTION",    "A compressed message is damaged." },
        [STORE_COMPRESSED]        = { "CANNOT",        "A message that is compressed cannot be "
                                                       "stored." },
        [STORE_UNKNOWN_ENCODING]  = { "UNKNOWN-CTE",   "A binary part has no Content-Transfer-"
                                                       "Encoding that can be changed." },
        [STORE_NEWER_INDEX]       = { "CONTACTADMIN",  "This mailbox has an index of a newer "
                                                       "version of the server." },
};

ImapReply imap_reply_from_outcome(int outcome, const char *done_text) {
        if (outcome == STORE_DONE)
                return (ImapReply){ .text = done_text };
        if (outcome < 0 || outcome >= _STORE_OUTCOME_MAX || !outcomes[outcome].text)
                return (ImapReply){ IMAP_NO, .code = "SERVERBUG", .text = "Unknown outcome" };
        return (ImapReply){ IMAP_NO, .code = outcomes[outcome].code,
                            .text = outcomes[outcome].text };
}
