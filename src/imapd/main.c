/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd(8): the IMAP session of one logged-in account, on standard input and output. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "imap-proto/imap-write.h"
#include "imapd/imap-session.h"
#include "session/birth.h"
#include "stream/client-stream.h"
#include "stream/stop-signal.h"

enum { PENDING_MAX = 64 * 1024 };

static const struct {
        const char *code, *text;
        int status;
} refusals[] = {
        [SESSION_NO_USER]     = { NULL, "AUTHENTICATED environment variable not set.", 0 },
        [SESSION_NO_ADDRESS]  = { NULL, "TCPREMOTEIP or TCPREMOTEPORT is not set.", 0 },
        [SESSION_LOCKED]      = { NULL, "Your account is temporarily unavailable "
                                        "(+t bit set on home directory).", 0 },
        [SESSION_WRONG_OWNER] = { "ALERT", "Account's mailbox directory is not owned by the "
                                           "correct uid or gid", 1 },
        [SESSION_NO_MAILDIR]  = { "ALERT", "This account's path leads to no Maildir", 1 },
};

/* What the client hears when there will be no session. */
static int refuse(const char *code, const char *text, int status) {
        _cleanup_buffer_ Buffer output = { 0 };
        ImapWriter writer = { .out = &output };

        imap_write_untagged(&writer, "BYE", code, text);
        (void) fd_write_all(STDOUT_FILENO, output.data, output.size); /* nobody else to tell */
        return status;
}

static int refuse_birth(int outcome) {
        if (outcome < 0) {
                _cleanup_free_ char *text = text_printf("Your mailbox cannot be opened: %s",
                                                        strerrordesc_np(-outcome));

                return refuse("ALERT", text, EXIT_FAILURE);
        }
        log_report(LOG_ERR, "No session: %s", refusals[outcome].text);
        return refuse(refusals[outcome].code, refusals[outcome].text, refusals[outcome].status);
}

/* The octets that the client sent behind its LOGIN, in one breath with it. */
static void preload(Session *birth, ClientStream *stream) {
        _cleanup_free_ char *data = NULL;
        size_t size;
        int r;

        if (birth->facts.pending_fd < 0)
                return;
        r = fd_read_file(birth->facts.pending_fd, PENDING_MAX, &data, &size);
        birth->facts.pending_fd = fd_close(birth->facts.pending_fd);
        if (r < 0)
                (void) failed(r, "read what the login program left"); /* the session goes on */
        else
                client_stream_preload(stream, data, size);
}

static int talk(Session *birth) {
        _cleanup_close_ int stop_fd = stop_signal_open();
        _cleanup_(client_stream_freep) ClientStream *stream = NULL;
        ImapSession session;
        SessionEnd end;

        if (stop_fd < 0 || session_fence(birth) < 0)
                return refuse("ALERT", "The server cannot start a session", EXIT_FAILURE);
        stream = client_stream_new(STDIN_FILENO, STDOUT_FILENO, stop_fd);
        preload(birth, stream);

        imap_session_init(&session, birth, stream);
        end = imap_session_run(&session);
        imap_session_done(&session);
        session_log_end(&birth->facts, end, client_stream_n_received(stream),
                        client_stream_n_sent(stream));
        return EXIT_SUCCESS;
}

static int help(void) {
        puts("usage: imapd [MAILDIR]\n"
             "Talks IMAP on standard input and output about MAILDIR (or $MAILDIR, or ./Maildir),\n"
             "as the user who starts it. --version shows the version. See imapd(8).");
        return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
        _cleanup_(session_done) Session birth = { .facts = { .pending_fd = -EBADF },
                                                  .maildir_fd = -EBADF, .status_fd = -EBADF };
        int r;

        if (argc > 1 && text_equal(argv[1], "--version"))
                return puts("Courier-IMAP " PROJECT_VERSION) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        if (argc > 1 && (text_equal(argv[1], "--help") || text_equal(argv[1], "-h")))
                return help();

        log_open("imapd");
        r = session_birth(argc > 1 ? argv[1] : NULL, &birth);
        return r == SESSION_BORN ? talk(&birth) : refuse_birth(r);
}
