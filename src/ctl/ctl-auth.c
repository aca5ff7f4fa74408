/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks as the login program does: the same settings, the same modules, the same refusals. */
#include "ctl/ctl-auth.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/setting.h"
#include "basic/text.h"
#include "ctl/ctl-exit.h"
#include "ctl/settings-file.h"
#include "ipc/auth-client.h"

#define ASK_USEC (60 * USEC_PER_SEC)

enum { PASSWORD_MAX = 1024 };

/* Return: owned by the caller, who wipes it; NULL at the end of input. */
static char *read_line(void) {
        char line[PASSWORD_MAX + 2];
        char *copy = NULL;

        if (fgets(line, sizeof(line), stdin)) {
                line[strcspn(line, "\n")] = '\0';
                copy = text_dup(line);
        }
        memory_wipe(line, sizeof(line));
        return copy;
}

/* On a terminal with a prompt and without echo, else one line of standard input. */
static char *read_password(void) {
        struct termios shown, hidden;
        char *password;

        setvbuf(stdin, NULL, _IONBF, 0); /* no copy of it stays in a buffer */
        if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &shown) < 0)
                return read_line();
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t) ECHO;
        fputs("Password: ", stderr);
        /* If this fails the password is seen, as with any other program. */
        (void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
        password = read_line();
        (void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
        return password;
}

static void print_line(const char *label, const char *text) {
        _cleanup_free_ char *shown = text ? text_for_log(text, 1024) : NULL;

        printf("%18s: %s\n", label, shown ? shown : "(none)");
}

/* The form of Courier's authtest, which scripts know. */
static void print_account(const AuthAnswer *answer) {
        const AuthAccount *account = &answer->account;
        _cleanup_free_ char *who = NULL;

        if (account->system_user)
                who = text_printf("%s  (system username: %s)", account->address,
                                  account->system_user);
        else
                who = text_printf("%s  (uid %" PRIu32 ", gid %" PRIu32 ")", account->address,
                                  (uint32_t) account->uid, (uint32_t) account->gid);
        print_line("Authenticated", who);
        print_line("Home Directory", account->home);
        print_line("Maildir", account->maildir);
        print_line("Quota", account->quota);
        print_line("Name", account->name);
        print_line("Options", account->options);
        print_line("Module", answer->module);
}

static int report(const AuthAnswer *answer) {
        _cleanup_free_ char *reason =
                text_for_log(answer->message ? answer->message : "Operation not permitted", 1024);

        switch (answer->result) {
        case AUTH_OK:
                puts("Authentication succeeded.\n");
                print_account(answer);
                return CTL_DONE;
        case AUTH_FAIL:
                fprintf(stderr, "Authentication FAILED: %s\n", reason);
                return CTL_NO;
        default:
                fprintf(stderr, "Authentication cannot be decided now: %s\n", reason);
                return CTL_UNAVAILABLE;
        }
}

static int ask(AuthRequest *request) {
        _cleanup_(auth_answer_freep) AuthAnswer *answer = NULL;
        _cleanup_free_ char *modules = setting_text("AUTHMODULES", "pam");
        _cleanup_wiped_ char *password = NULL;

        if (request->method == AUTH_LOGIN) {
                password = read_password();
                if (!password) {
                        fputs("courierctl: no password on standard input\n", stderr);
                        return CTL_USAGE;
                }
                request->password = password;
        }
        if (auth_client_ask(modules, request, clock_deadline_usec(ASK_USEC), &answer) < 0)
                return CTL_UNAVAILABLE; /* reported */
        return report(answer);
}

/* The order of the units: what is in the environment already wins, then imapd, then imapd-ssl. */
static void load_settings(void) {
        static const char *const files[] = { "/etc/courier/imapd", "/etc/courier/imapd-ssl" };

        for (size_t i = 0; i < ELEMENTSOF(files); i++)
                (void) settings_file_load(files[i]); /* reported; the defaults remain */
}

static int test(int argc, char **argv) {
        static const struct option options[] = {
                { "service", required_argument, NULL, 's' },
                { "lookup",  no_argument,       NULL, 'l' },
                { NULL,      0,                 NULL, 0 },
        };
        AuthRequest request = { .service = "imap", .method = AUTH_LOGIN };
        int option;

        while ((option = getopt_long(argc, argv, "s:l", options, NULL)) != -1) {
                if (option == 's')
                        request.service = optarg;
                else if (option == 'l')
                        request.method = AUTH_LOOKUP;
                else
                        return ctl_usage();
        }
        if (optind != argc - 1)
                return ctl_usage();
        request.user = argv[optind];
        load_settings();
        return ask(&request);
}

int ctl_auth(int argc, char **argv) {
        if (argc < 2 || !text_equal(argv[1], "test"))
                return ctl_usage();
        return test(argc - 1, argv + 1);
}
