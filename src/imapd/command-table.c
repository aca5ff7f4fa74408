/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verbs of the authenticated and the selected state (RFC 9051, sections 6.1, 6.3, 6.4). */
#include "imapd/command-table.h"

#include "basic/text.h"

static const Command commands[] = {
        { "CAPABILITY", cmd_capability, 0 },
        { "NOOP",       cmd_noop,       0 },
};

const Command *command_find(const char *verb, size_t size) {
        for (size_t i = 0; i < ELEMENTSOF(commands); i++)
                if (text_equal_nocase_range(verb, size, commands[i].verb))
                        return &commands[i];
        return NULL;
}
