/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits as they are when nobody moved them. */
#include "imap-proto/imap-limits.h"

const ImapLimits imap_limits_default = {
        .line = IMAP_LINE_MAX,
        .argument_literal = IMAP_ARGUMENT_LITERAL_MAX,
        .command = IMAP_COMMAND_MAX,
        .arguments = IMAP_ARGUMENTS_MAX,
};
