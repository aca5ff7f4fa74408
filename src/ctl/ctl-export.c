/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `courierctl maildir export` and `convert-names`: the way back, and names of folders. */
#include <stdio.h>

#include "basic/text.h"
#include "ctl/ctl-exit.h"
#include "ctl/ctl-maildir.h"
#include "store/convert-names.h"
#include "store/export.h"

static int convert(MaildirTask *task, NamesCoding coding) {
        unsigned options = (task->dry_run ? CONVERT_DRY_RUN : 0u) |
                           (task->force ? CONVERT_FORCE : 0u);
        int r = store_convert_names(task->store, coding, options, &task->reporter);

        if (r == STORE_INVALID_NAME) {
                fputs("courierctl: nothing was changed\n", stderr);
                return CTL_NO;
        }
        if (r == STORE_EXISTS) {
                fputs("courierctl: the names are converted already; a second time would damage "
                      "names such as 'A&-B' (--force converts all the same)\n", stderr);
                return CTL_NO;
        }
        return ctl_maildir_outcome(NULL, r);
}

int ctl_maildir_convert_names(MaildirTask *task) {
        if (!task->whole) {
                fputs("courierctl: names are converted for the whole Maildir only\n", stderr);
                return CTL_USAGE;
        }
        if (!task->target || text_equal(task->target, "utf-8"))
                return convert(task, NAMES_UTF8);
        if (text_equal(task->target, "modified-utf-7"))
                return convert(task, NAMES_UTF7);
        fputs("courierctl: --to wants 'utf-8' or 'modified-utf-7'\n", stderr);
        return CTL_USAGE;
}

/* Last, when every mailbox has its files: the names we know the mailboxes by are gone then. */
static int export_account(MaildirTask *task, ExportTarget target) {
        int r = STORE_DONE;

        if (target == EXPORT_DOVECOT && !task->keep_names)
                r = store_convert_names(task->store, NAMES_UTF7, 0, &task->reporter);
        if (r == STORE_INVALID_NAME) {
                fputs("courierctl: the folders keep their names, and Dovecot will show some "
                      "differently\n", stderr);
                return CTL_NO;
        }
        if (r == STORE_DONE || r == STORE_EXISTS) /* converted already is fine */
                r = store_export_subscriptions(task->store, target, &task->reporter);
        return ctl_maildir_outcome(NULL, r);
}

static int export(MaildirTask *task, ExportTarget target) {
        int status = CTL_DONE;

        for (size_t i = 0; i < task->n_mailboxes; i++) {
                int r = store_export_mailbox(task->store, task->mailboxes[i], target,
                                             &task->reporter);

                status = MAX(status, ctl_maildir_outcome(task->mailboxes[i], r));
        }
        return task->whole && status == CTL_DONE ? export_account(task, target) : status;
}

int ctl_maildir_export(MaildirTask *task) {
        if (task->target && text_equal(task->target, "courier"))
                return export(task, EXPORT_COURIER);
        if (task->target && text_equal(task->target, "dovecot"))
                return export(task, EXPORT_DOVECOT);
        fputs("courierctl: --to wants 'courier' or 'dovecot'\n", stderr);
        return CTL_USAGE;
}
