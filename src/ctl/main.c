/* SPDX-License-Identifier: GPL-3.0-or-later */
/* courierctl(1): what an administrator asks the server. */
#include <stdio.h>

#include "basic/log.h"
#include "basic/text.h"
#include "ctl/ctl-auth.h"
#include "ctl/ctl-exit.h"
#include "ctl/ctl-maildir.h"

static const char usage[] =
        "usage: courierctl auth test [--service NAME] [--lookup] USER\n"
        "       courierctl maildir VERB [OPTION...] PATH [MAILBOX...]\n"
        "       courierctl --help | --version\n";

int ctl_usage(void) {
        fputs(usage, stderr);
        return CTL_USAGE;
}

static int help(int argc, char **argv) {
        fputs(usage, stdout);
        puts("\nauth test   check a user's password (asked for, or one line of standard input)\n"
             "            as a login does, and print the account; --lookup needs no password\n"
             "maildir     look after an account's mail; see 'courierctl maildir --help'\n\n"
             "See courierctl(1).");
        return CTL_DONE;
}

static int version(int argc, char **argv) {
        puts("courierctl " PROJECT_VERSION);
        return CTL_DONE;
}

int main(int argc, char **argv) {
        static const struct {
                const char *name;
                int (*run)(int argc, char **argv);
        } commands[] = {
                { "auth",      ctl_auth },
                { "maildir",   ctl_maildir },
                { "--help",    help },
                { "--version", version },
        };

        log_open("courierctl");
        for (size_t i = 0; i < ELEMENTSOF(commands); i++)
                if (argc > 1 && text_equal(argv[1], commands[i].name))
                        return commands[i].run(argc - 1, argv + 1);
        return ctl_usage();
}
