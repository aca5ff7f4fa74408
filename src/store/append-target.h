/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mailbox of the last APPEND stays open for the next one: a client that appends has more. */
#pragma once

#include "store/mailbox.h"

/**
 * append_target_take() - open a mailbox to add messages to it
 * @ret_box:  the caller's until append_target_keep() or mailbox_close()
 *
 * Return: as mailbox_open().
 */
[[nodiscard]] int append_target_take(MailStore *store, const char *name, Mailbox **ret_box);

/** append_target_keep() - give it back, open until the next command that is no APPEND */
void append_target_keep(MailStore *store, Mailbox *box);

/** append_target_rest() - a command is over */
void append_target_rest(MailStore *store);

/** append_target_done() - for the end of the store */
void append_target_done(MailStore *store);
