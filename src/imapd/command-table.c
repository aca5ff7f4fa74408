/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verbs of the authenticated and the selected state (RFC 9051, sections 6.1, 6.3, 6.4). */
#include "imapd/command-table.h"

#include "basic/text.h"

static const Command commands[] = {
        { "APPEND",      cmd_append,      0                                             },
        { "CAPABILITY",  cmd_capability,  0                                             },
        { "CHECK",       cmd_noop,        COMMAND_SELECTED_ONLY                         },
        { "CLOSE",       cmd_close,       COMMAND_SELECTED_ONLY | COMMAND_NO_REPORT     },
        { "COMPRESS",    cmd_compress,    0                                             },
        { "COPY",        cmd_copy,        COMMAND_BY_NUMBER                             },
        { "CREATE",      cmd_create,      0                                             },
        { "DELETE",      cmd_delete,      0                                             },
        { "ENABLE",      cmd_enable,      0                                             },
        { "ESEARCH",     cmd_esearch,     0                                             },
        { "EXAMINE",     cmd_examine,     COMMAND_NO_REPORT                             },
        { "EXPUNGE",     cmd_expunge,     COMMAND_SELECTED_ONLY                         },
        { "FETCH",       cmd_fetch,       COMMAND_BY_NUMBER | COMMAND_KEEPS_NUMBERS     },
        { "ID",          cmd_id,          0                                             },
        { "IDLE",        cmd_idle,        0                                             },
        { "LIST",        cmd_list,        0                                             },
        { "LOGOUT",      cmd_logout,      COMMAND_NO_REPORT                             },
        { "LSUB",        cmd_lsub,        0                                             },
        { "MOVE",        cmd_move,        COMMAND_BY_NUMBER                             },
        { "NAMESPACE",   cmd_namespace,   0                                             },
        { "NOOP",        cmd_noop,        0                                             },
        { "RENAME",      cmd_rename,      0                                             },
        { "REPLACE",     cmd_replace,     COMMAND_BY_NUMBER                             },
        { "SEARCH",      cmd_search,      COMMAND_BY_NUMBER | COMMAND_KEEPS_NUMBERS     },
        { "SELECT",      cmd_select,      COMMAND_NO_REPORT                             },
        { "SORT",        cmd_sort,        COMMAND_BY_NUMBER | COMMAND_KEEPS_NUMBERS     },
        { "STATUS",      cmd_status,      0                                             },
        { "STORE",       cmd_store,       COMMAND_BY_NUMBER | COMMAND_KEEPS_NUMBERS     },
        { "SUBSCRIBE",   cmd_subscribe,   0                                             },
        { "THREAD",      cmd_thread,      COMMAND_BY_NUMBER | COMMAND_KEEPS_NUMBERS     },
        { "UID COPY",    cmd_copy,        COMMAND_SELECTED_ONLY                         },
        { "UID EXPUNGE", cmd_uid_expunge, COMMAND_SELECTED_ONLY                         },
        { "UID FETCH",   cmd_fetch,       COMMAND_SELECTED_ONLY                         },
        { "UID MOVE",    cmd_move,        COMMAND_SELECTED_ONLY                         },
        { "UID REPLACE", cmd_replace,     COMMAND_SELECTED_ONLY                         },
        { "UID SEARCH",  cmd_search,      COMMAND_SELECTED_ONLY                         },
        { "UID SORT",    cmd_sort,        COMMAND_SELECTED_ONLY                         },
        { "UID STORE",   cmd_store,       COMMAND_SELECTED_ONLY                         },
        { "UID THREAD",  cmd_thread,      COMMAND_SELECTED_ONLY                         },
        { "UIDBATCHES",  cmd_uidbatches,  COMMAND_SELECTED_ONLY                         },
        { "UNSELECT",    cmd_unselect,    COMMAND_SELECTED_ONLY | COMMAND_NO_REPORT     },
        { "UNSUBSCRIBE", cmd_unsubscribe, 0                                             },
        { "XLIST",       cmd_xlist,       0                                             },
};

const Command *command_find(const char *verb) {
        for (size_t i = 0; i < ELEMENTSOF(commands); i++)
                if (text_equal_nocase(verb, commands[i].verb))
                        return &commands[i];
        return NULL;
}
