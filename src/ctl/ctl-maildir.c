/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verbs of `courierctl maildir`: options, the account, the mailboxes; then the verb. */
#include "ctl/ctl-maildir.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "basic/text.h"
#include "ctl/ctl-exit.h"
#include "ctl/maildir-owner.h"
#include "ctl/settings-file.h"
#include "store/inspect.h"

typedef struct Verb {
        const char *name;
        const char *options; /* letters of option_table that it takes */
        const char *usage;
        const char *help;
        int (*run)(MaildirTask *task);
} Verb;

static const Verb verbs[] = {
        { "convert-names", "jtnf",
          "[--to utf-8|modified-utf-7] [--dry-run] [--force] [--json] PATH",
          "Rename all folders from modified UTF-7, as Courier-IMAP before 5.0 and Dovecot write\n"
          "their names, to UTF-8, and the subscriptions with them; or back. It is done once and\n"
          "as a whole: if a name cannot be converted, or its new one is taken, nothing changes.\n\n"
          "  --to CODING    utf-8 (what this server reads; the default) or modified-utf-7\n"
          "  --dry-run, -n  say what would be renamed\n"
          "  --force, -f    convert although the names seem to have been converted already\n",
          ctl_maildir_convert_names },
        { "dump", "l", "[--log] PATH MAILBOX",
          "Print what the index of a mailbox holds, a line for each message.\n\n"
          "  --log, -l      only the log since the last snapshot, record by record\n",
          ctl_maildir_dump },
        { "export", "jtk", "--to courier|dovecot [--keep-names] [--json] PATH [MAILBOX...]",
          "Write the other server's files, so that it goes on where this one stopped:\n"
          "UIDVALIDITY, UIDs, flags, keywords and subscriptions stay as clients know them. Stop\n"
          "the other server first. Without MAILBOX all of them, and the subscriptions.\n\n"
          "  --to SERVER       courier or dovecot\n"
          "  --keep-names, -k  for dovecot: leave folder names in UTF-8 instead of converting\n"
          "                    them to modified UTF-7 (for a Dovecot that is set to UTF-8)\n",
          ctl_maildir_export },
        { "repair", "j", "[--json] PATH [MAILBOX...]",
          "Undo what verify finds, under each mailbox's lock, and say what was done. No UID\n"
          "changes that the index or another server's files still know. Without MAILBOX all of\n"
          "them.\n\n",
          ctl_maildir_repair },
        { "status", "j", "[--json] PATH [MAILBOX...]",
          "Print for each mailbox what its index knows, without looking at its messages.\n\n",
          ctl_maildir_status },
        { "verify", "j", "[--json] PATH [MAILBOX...]",
          "Look for faults and change nothing: directories that are missing, an index that is\n"
          "damaged or disagrees with the files or with other servers' UIDs, names that two\n"
          "messages have. Exit status 1 if there are any. Without MAILBOX the whole Maildir.\n\n",
          ctl_maildir_verify },
};

static const struct option option_table[] = {
        { "json",       no_argument,       NULL, 'j' },
        { "to",         required_argument, NULL, 't' },
        { "dry-run",    no_argument,       NULL, 'n' },
        { "force",      no_argument,       NULL, 'f' },
        { "keep-names", no_argument,       NULL, 'k' },
        { "log",        no_argument,       NULL, 'l' },
        { "help",       no_argument,       NULL, 'h' },
        { NULL,         0,                 NULL, 0 },
};

static int usage(FILE *stream) {
        for (size_t i = 0; i < ELEMENTSOF(verbs); i++)
                fprintf(stream, "%s courierctl maildir %s %s\n", i == 0 ? "usage:" : "      ",
                        verbs[i].name, verbs[i].usage);
        return CTL_USAGE;
}

static int verb_usage(const Verb *verb) {
        fprintf(stderr, "usage: courierctl maildir %s %s\n", verb->name, verb->usage);
        return CTL_USAGE;
}

static int verb_help(const Verb *verb) {
        printf("usage: courierctl maildir %s %s\n\n%s", verb->name, verb->usage, verb->help);
        if (strchr(verb->options, 'j'))
                puts("  --json, -j     one JSON object a line instead of lines to read");
        puts("\nAs root it works as the owner of PATH. See courierctl(1).");
        return CTL_DONE;
}

static const struct {
        int outcome;
        const char *text;
} outcome_texts[] = {
        { STORE_NO_SUCH_MAILBOX, "there is no such mailbox" },
        { STORE_EXISTS,          "this has been done already" },
        { STORE_INVALID_NAME,    "no mailbox can have this name" },
        { STORE_NAME_TOO_LONG,   "the name is too long" },
        { STORE_READ_ONLY,       "it cannot be written: look at owner, mode and file system" },
        { STORE_NO_SPACE,        "the disk is full" },
        { STORE_OVER_QUOTA,      "the account's quota is used up" },
        { STORE_MAILBOX_LOST,    "it was deleted or renumbered just now; try again" },
        { STORE_NO_MAILDIR,      "this is no Maildir" },
        { STORE_UNREADABLE,      "it cannot be read: look at owner and mode" },
        { STORE_IN_USE,          "another program holds its lock; try again" },
};

int ctl_maildir_outcome(const char *mailbox, int store_outcome) {
        _cleanup_free_ char *shown = mailbox ? mailbox_shown(mailbox) : NULL;
        const char *text = store_outcome < 0 ? strerror(-store_outcome) : "it failed";

        if (store_outcome == STORE_DONE)
                return CTL_DONE;
        for (size_t i = 0; i < ELEMENTSOF(outcome_texts); i++)
                if (outcome_texts[i].outcome == store_outcome)
                        text = outcome_texts[i].text;
        fprintf(stderr, "courierctl: %s%s%s\n", shown ? shown : "", shown ? ": " : "", text);
        return store_outcome == STORE_NO_SUCH_MAILBOX || store_outcome == STORE_INVALID_NAME ||
                               store_outcome == STORE_EXISTS
                       ? CTL_NO : CTL_UNAVAILABLE;
}

static int open_store(MailStore **ret_store) {
        StoreSettings settings;

        store_settings_read(&settings);
        return ctl_maildir_outcome(NULL, store_open(".", &settings, ret_store));
}

static int take_all(MaildirTask *task) {
        _cleanup_store_list_ StoreList list = { 0 };
        int r = store_list(task->store, &list);

        if (r != STORE_DONE)
                return ctl_maildir_outcome(NULL, r);
        task->whole = true;
        task->mailboxes = make_array(char *, list.n_entries + 1);
        for (size_t i = 0; i < list.n_entries; i++)
                if (list.entries[i].exists)
                        task->mailboxes[task->n_mailboxes++] = text_dup(list.entries[i].name);
        return CTL_DONE;
}

/* "INBOX.Work" as it is shown, or "INBOX/Work". */
static int take_named(MaildirTask *task, char *const *names, size_t n_names) {
        task->mailboxes = make_array(char *, n_names + 1);
        for (size_t i = 0; i < n_names; i++) {
                char *name = text_dup(names[i]);
                int r;

                task->mailboxes[task->n_mailboxes++] = name;
                for (char *c = name; *c; c++)
                        if (*c == '.')
                                *c = '/';
                r = store_has_directory(task->store, name);
                if (r != STORE_DONE)
                        return ctl_maildir_outcome(name, r);
        }
        return CTL_DONE;
}

static void task_done(MaildirTask *task) {
        for (size_t i = 0; i < task->n_mailboxes; i++)
                free(task->mailboxes[i]);
        free(task->mailboxes);
        task->store = store_close(task->store);
}

static int run(const Verb *verb, MaildirTask *task, char *const *arguments, size_t n_arguments) {
        int r;

        task->reporter = (StoreReporter){ finding_print, &task->printer };
        (void) settings_file_load("/etc/courier/imapd"); /* reported; the defaults remain */
        r = maildir_enter(arguments[0]);
        if (r == CTL_DONE)
                r = open_store(&task->store);
        if (r == CTL_DONE)
                r = n_arguments > 1 ? take_named(task, arguments + 1, n_arguments - 1)
                                    : take_all(task);
        return r == CTL_DONE ? verb->run(task) : r;
}

static bool take_option(int option, MaildirTask *task) {
        switch (option) {
        case 'j':
                task->printer.as_json = true;
                return true;
        case 't':
                task->target = optarg;
                return true;
        case 'n':
                task->dry_run = true;
                return true;
        case 'f':
                task->force = true;
                return true;
        case 'k':
                task->keep_names = true;
                return true;
        case 'l':
                task->log_only = true;
                return true;
        default:
                return false;
        }
}

static int run_verb(const Verb *verb, int argc, char **argv) {
        _cleanup_(task_done) MaildirTask task = { 0 };
        int option;

        while ((option = getopt_long(argc, argv, "jt:nfklh", option_table, NULL)) != -1) {
                if (option == 'h')
                        return verb_help(verb);
                if (!strchr(verb->options, option) || !take_option(option, &task))
                        return verb_usage(verb);
        }
        if (optind >= argc || argv[optind][0] == '\0')
                return verb_usage(verb);
        return run(verb, &task, argv + optind, (size_t) (argc - optind));
}

int ctl_maildir(int argc, char **argv) {
        for (size_t i = 0; argc > 1 && i < ELEMENTSOF(verbs); i++)
                if (text_equal(argv[1], verbs[i].name))
                        return run_verb(&verbs[i], argc - 1, argv + 1);
        if (argc > 1 && text_equal(argv[1], "--help")) {
                (void) usage(stdout);
                puts("\nEach of them has --help. See courierctl(1).");
                return CTL_DONE;
        }
        return usage(stderr);
}
