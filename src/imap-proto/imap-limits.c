/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits as they are when nobody moved them. */
#include "imap-proto/imap-limits.h"

#include "basic/setting.h"

const ImapLimits imap_limits_default = {
        .line = IMAP_LINE_MAX,
        .argument_literal = IMAP_ARGUMENT_LITERAL_MAX,
        .command = IMAP_COMMAND_MAX,
        .arguments = IMAP_ARGUMENTS_MAX,
};

uint64_t imap_append_limit(void) {
        /* RFC822.SIZE has 32 bits. */
        return setting_number("IMAP_APPENDLIMIT", UINT32_MAX, 1, UINT32_MAX);
}

uint64_t imap_message_limit(void) {
        return setting_number("IMAP_MESSAGELIMIT", 0, 0, UINT32_MAX);
}
