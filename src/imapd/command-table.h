/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All verbs: who handles them and in which state they are allowed. */
#pragma once

#include <stddef.h>

#include "basic/memory.h"
#include "imapd/imap-session.h"

typedef int (*CommandHandler)(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);

typedef enum CommandFlags {
        COMMAND_SELECTED_ONLY = 1 << 0,  /* BAD when no mailbox is selected */
        COMMAND_KEEPS_NUMBERS = 1 << 1,  /* FETCH, STORE, SEARCH: no EXPUNGE before its answer */
        COMMAND_NO_REPORT = 1 << 2,      /* changes of the mailbox are not looked for after it */
        COMMAND_TAKES_NUMBERS = 1 << 3,  /* of messages, or answers with them (RFC 9586) */
        COMMAND_BY_NUMBER = COMMAND_SELECTED_ONLY | COMMAND_TAKES_NUMBERS,
} CommandFlags;

typedef struct Command {
        const char *verb; /* in capitals; "UID FETCH" sets session->uid_command */
        CommandHandler handler;
        CommandFlags flags;
} Command;

/** command_find() - the row of a verb, ASCII case ignored; NULL when there is none */
_pure_ const Command *command_find(const char *verb);

int cmd_append(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_capability(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_close(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_compress(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_copy(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_create(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_delete(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_enable(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_esearch(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_examine(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_expunge(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_fetch(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_id(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_idle(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_list(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_logout(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_lsub(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_move(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_namespace(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_noop(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_rename(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_replace(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_search(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_select(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_sort(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_status(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_store(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_subscribe(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_thread(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_uid_expunge(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_uidbatches(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_unselect(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_unsubscribe(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
int cmd_xlist(ImapSession *session, ImapArgs *args, ImapReply *ret_reply);
