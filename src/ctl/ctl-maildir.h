/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `courierctl maildir`: looking after the mail of one account. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "ctl/finding-print.h"
#include "store/store.h"

/* What every verb is given: an account's mail, opened, and what it is to do with it. */
typedef struct MaildirTask {
        MailStore *store;
        char **mailboxes; /* "INBOX/Work"; owned */
        size_t n_mailboxes;
        bool whole;       /* no mailbox was named: these are all */
        FindingPrinter printer;
        StoreReporter reporter; /* prints */
        const char *target;     /* --to */
        bool dry_run, force, keep_names, log_only;
} MaildirTask;

/** ctl_maildir() - @argv begins with "maildir". Return: the program's exit status, ctl-exit.h */
int ctl_maildir(int argc, char **argv);

/** ctl_maildir_outcome() - say on standard error why it cannot be done. Return: exit status */
int ctl_maildir_outcome(const char *mailbox, int store_outcome);

/* The verbs; each returns an exit status. */
int ctl_maildir_convert_names(MaildirTask *task);
int ctl_maildir_dump(MaildirTask *task);
int ctl_maildir_export(MaildirTask *task);
int ctl_maildir_repair(MaildirTask *task);
int ctl_maildir_status(MaildirTask *task);
int ctl_maildir_verify(MaildirTask *task);
