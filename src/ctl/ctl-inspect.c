/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `courierctl maildir verify`, `repair`, `status` and `dump`: looking at mail, and mending it. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "basic/text.h"
#include "ctl/ctl-exit.h"
#include "ctl/ctl-maildir.h"
#include "ipc/json-record.h"
#include "store/inspect.h"

enum { LINE_SHOWN_MAX = 16 * 1024 };

int ctl_maildir_verify(MaildirTask *task) {
        int status = CTL_DONE;

        if (task->whole)
                status = ctl_maildir_outcome(NULL, store_verify_account(task->store,
                                                                        &task->reporter));
        for (size_t i = 0; i < task->n_mailboxes; i++) {
                int r = store_verify_mailbox(task->store, task->mailboxes[i], &task->reporter);

                status = MAX(status, ctl_maildir_outcome(task->mailboxes[i], r));
        }
        return status == CTL_DONE && task->printer.n_findings > 0 ? CTL_NO : status;
}

int ctl_maildir_repair(MaildirTask *task) {
        int status = CTL_DONE;

        for (size_t i = 0; i < task->n_mailboxes; i++) {
                int r = store_repair_mailbox(task->store, task->mailboxes[i], &task->reporter);

                status = MAX(status, ctl_maildir_outcome(task->mailboxes[i], r));
        }
        return status;
}

static void print_time(const char *label, uint64_t octets, int64_t sec) {
        time_t time = (time_t) sec;
        char text[32] = "";
        struct tm parts;

        if (gmtime_r(&time, &parts))
                (void) strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &parts);
        if (octets == 0)
                printf("  %-12s none\n", label);
        else
                printf("  %-12s %" PRIu64 " octets, written %s\n", label, octets, text);
}

static void print_status_text(const char *mailbox, const MailboxInspection *found) {
        _cleanup_free_ char *shown = text_for_log(mailbox, LINE_SHOWN_MAX);

        printf("%s%s\n", shown, found->is_damaged ? " (damaged, see verify)" : "");
        if (found->has_index) {
                printf("  messages     %" PRIu32 ", %" PRIu32 " unseen, %" PRIu32 " deleted\n",
                       found->n_messages, found->n_unseen, found->n_deleted);
                printf("  numbers      UIDVALIDITY %" PRIu32 ", UIDNEXT %" PRIu32
                       ", HIGHESTMODSEQ %" PRIu64 ", %zu keywords\n", found->uidvalidity,
                       found->uidnext, found->highest_modseq, found->n_keywords);
                printf("  object id    %s\n", found->object_id);
        }
        print_time("index", found->index_octets, found->index_sec);
        print_time("log", found->log_octets, found->log_sec);
}

static void print_status_json(const char *mailbox, const MailboxInspection *found) {
        _cleanup_buffer_ Buffer line = { 0 };

        json_write_begin(&line, NULL);
        json_write_text(&line, "mailbox", mailbox);
        json_write_flag(&line, "damaged", found->is_damaged);
        if (found->has_index) {
                json_write_number(&line, "messages", found->n_messages);
                json_write_number(&line, "unseen", found->n_unseen);
                json_write_number(&line, "deleted", found->n_deleted);
                json_write_number(&line, "uidvalidity", found->uidvalidity);
                json_write_number(&line, "uidnext", found->uidnext);
                json_write_number(&line, "highestmodseq", found->highest_modseq);
                json_write_number(&line, "keywords", found->n_keywords);
                json_write_text(&line, "object_id", found->object_id);
        }
        json_write_number(&line, "index_octets", found->index_octets);
        json_write_number(&line, "index_sec", (uint64_t) MAX(found->index_sec, INT64_C(0)));
        json_write_number(&line, "log_octets", found->log_octets);
        json_write_number(&line, "log_sec", (uint64_t) MAX(found->log_sec, INT64_C(0)));
        json_write_number(&line, "listed_sec", (uint64_t) MAX(found->listed_sec, INT64_C(0)));
        json_write_end(&line);
        puts(line.data);
}

int ctl_maildir_status(MaildirTask *task) {
        int status = CTL_DONE;

        for (size_t i = 0; i < task->n_mailboxes; i++) {
                _cleanup_free_ char *mailbox = mailbox_shown(task->mailboxes[i]);
                MailboxInspection found;
                int r = store_inspect(task->store, task->mailboxes[i], &found);

                if (r == STORE_DONE && task->printer.as_json)
                        print_status_json(mailbox, &found);
                else if (r == STORE_DONE)
                        print_status_text(mailbox, &found);
                status = MAX(status, ctl_maildir_outcome(task->mailboxes[i], r));
        }
        return status;
}

static void print_line(void *userdata, const char *line) {
        _cleanup_free_ char *shown = text_for_log(line, LINE_SHOWN_MAX);

        puts(shown);
}

int ctl_maildir_dump(MaildirTask *task) {
        StoreDump which = task->log_only ? STORE_DUMP_LOG : STORE_DUMP_INDEX;
        int r;

        if (task->whole || task->n_mailboxes != 1) {
                fputs("courierctl: dump wants one mailbox, INBOX for example\n", stderr);
                return CTL_USAGE;
        }
        r = store_dump(task->store, task->mailboxes[0], which, print_line, NULL);
        return ctl_maildir_outcome(task->mailboxes[0], r);
}
