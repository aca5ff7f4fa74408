/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The environment contract between the login program and the session. */
#include "session/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/setting.h"
#include "basic/text.h"

static char *environment(const char *name) {
        const char *value = getenv(name);

        return value && value[0] != '\0' ? text_dup(value) : NULL;
}

static char *name_of_user(void) {
        const struct passwd *entry = getpwuid(getuid());

        return entry ? text_dup(entry->pw_name) : text_printf("uid-%u", (unsigned) getuid());
}

/* The memfd of the octets pipelined behind the login; our own mark on it is close-on-exec. */
static int pending_fd(void) {
        const char *text = getenv("IMAP_PENDING_FD");
        uint32_t fd;

        if (!text || !text_parse_u32(text, &fd) || fd <= STDERR_FILENO || fd > INT16_MAX)
                return -EBADF;
        return fcntl((int) fd, F_SETFD, FD_CLOEXEC) < 0 ? -EBADF : (int) fd;
}

static void read_login(SessionFacts *facts) {
        facts->user = environment("AUTHENTICATED");
        facts->remote_ip = environment("TCPREMOTEIP");
        facts->remote_port = environment("TCPREMOTEPORT");
        facts->tls = setting_flag("IMAP_TLS", false);
}

static void read_shell(SessionFacts *facts) {
        facts->user = environment("AUTHENTICATED");
        if (!facts->user)
                facts->user = name_of_user();
        facts->remote_ip = text_dup("127.0.0.1");
        facts->remote_port = text_dup("0");
}

int session_facts_read(const char *maildir_argument, SessionFacts *ret_facts) {
        SessionFacts facts = {
                .login_tag = environment("IMAPLOGINTAG"),
                .session_id = environment("IMAP_SESSION"),
                .options = environment("OPTIONS"),
                .pending_fd = pending_fd(),
                .born_usec = clock_monotonic_usec(),
        };

        facts.maildir_path = maildir_argument ? text_dup(maildir_argument) : environment("MAILDIR");
        if (!facts.maildir_path)
                facts.maildir_path = text_dup("./Maildir");
        if (!facts.session_id)
                facts.session_id = text_dup("");
        if (!facts.options)
                facts.options = text_dup("");
        if (facts.login_tag)
                read_login(&facts);
        else
                read_shell(&facts);
        (void) unsetenv("IMAPLOGINTAG");    /* fails only for a name with '=' */
        (void) unsetenv("IMAP_PENDING_FD"); /* the same */

        if (!facts.user || !facts.remote_ip || !facts.remote_port) {
                int outcome = facts.user ? SESSION_FACTS_NO_ADDRESS : SESSION_FACTS_NO_USER;

                session_facts_done(&facts);
                return outcome;
        }
        *ret_facts = facts;
        return SESSION_FACTS_DONE;
}

void session_facts_done(SessionFacts *facts) {
        free(facts->user);
        free(facts->remote_ip);
        free(facts->remote_port);
        free(facts->session_id);
        free(facts->login_tag);
        free(facts->options);
        free(facts->maildir_path);
        facts->pending_fd = fd_close(facts->pending_fd);
        *facts = (SessionFacts){ .pending_fd = -EBADF };
}

/* "opt", "opt=", a value starting with t, T, y, Y, or a number that is not 0. */
static bool value_is_true(const char *value, size_t size) {
        if (size == 0)
                return true;
        return strchr("tTyY", value[0]) || strtol(value, NULL, 10) != 0;
}

bool session_has_option(const SessionFacts *facts, const char *name) {
        size_t name_size = strlen(name);

        for (const char *at = facts->options; *at != '\0';) {
                size_t size = strcspn(at, ",");
                size_t n = strcspn(at, "=,");

                if (n == name_size && memcmp(at, name, n) == 0)
                        return n == size || value_is_true(at + n + 1, size - n - 1);
                at += size;
                at += strspn(at, ",");
        }
        return false;
}
