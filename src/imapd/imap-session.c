/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One IMAP session from its greeting to its end (RFC 9051, section 3). */
#include "imapd/imap-session.h"

#include "basic/clock.h"
#include "basic/setting.h"
#include "basic/text.h"
#include "imap-proto/capability.h"
#include "imap-proto/mailbox-name.h"
#include "imapd/command-loop.h"
#include "imapd/updates.h"
#include "session/birth.h"
#include "session/status.h"
#include "store/mailbox.h"
#include "store/purge.h"
#include "stream/client-stream.h"

enum { FAREWELL_SEC = 2 }; /* for a client that does not read its BYE */

/* What the client is told is on disk when it hears of it. */
static int settle(void *userdata) {
        ImapSession *session = userdata;

        return session->mailbox ? mailbox_settle(session->mailbox) : 0;
}

void imap_session_init(ImapSession *session, Session *birth, ClientStream *stream) {
        *session = (ImapSession){
                .birth = birth,
                .facts = &birth->facts,
                .store = birth->store,
                .stream = stream,
                .takes_bare_names = setting_flag("IMAP_ALIAS_PREFIX", true),
        };
        client_stream_set_before_write(stream, settle, session);
}

void imap_session_done(ImapSession *session) {
        client_stream_set_before_write(session->stream, NULL, NULL);
        imap_session_unselect(session);
}

Buffer *imap_session_output(ImapSession *session) {
        return client_stream_output(session->stream);
}

ImapWriter imap_session_writer(ImapSession *session) {
        return (ImapWriter){ .out = client_stream_output(session->stream), .utf8 = session->utf8 };
}

/*
 * A silent client and one that does not read both end in a timeout; the first still gets its
 * BYE, to the second nothing can be said.
 */
static SessionEnd end_of_timeout(ImapSession *session) {
        ImapWriter writer = imap_session_writer(session);

        if (client_stream_has_output(session->stream))
                return SESSION_END_DISCONNECTED;
        imap_write_untagged(&writer, "BYE", NULL, "Disconnected for inactivity.");
        return SESSION_END_TIMEOUT;
}

/* In the middle of an answer, perhaps of a literal, a BYE would be taken for a part of it. */
static SessionEnd end_of_stop(ImapSession *session) {
        ImapWriter writer = imap_session_writer(session);

        if (!session->in_handler || !client_stream_has_output(session->stream))
                imap_write_untagged(&writer, "BYE", NULL,
                                    "Courier-IMAP server shut down by signal.");
        return SESSION_END_SHUTDOWN;
}

int imap_session_gone(ImapSession *session, int stream_outcome) {
        switch (stream_outcome) {
        case STREAM_DONE:
                return 0;
        case STREAM_TIMEOUT:
                session->end = end_of_timeout(session);
                return SESSION_GONE;
        case STREAM_STOPPED:
                session->end = end_of_stop(session);
                return SESSION_GONE;
        default:
                session->end = SESSION_END_DISCONNECTED;
                return SESSION_GONE;
        }
}

int imap_session_drain(ImapSession *session) {
        return imap_session_gone(session, client_stream_flush_large(session->stream));
}

void imap_session_show_status(const ImapSession *session) {
        _cleanup_buffer_ Buffer name = { 0 };

        if (session->mailbox_name) {
                mailbox_name_append_wire(session->mailbox_name, true, &name);
                status_send(session->birth->status_fd, "%s from %s: %s %s", session->facts->user,
                            session->facts->remote_ip,
                            session->in_idle ? "waiting in" : "selected", name.data);
        } else
                status_send(session->birth->status_fd, "%s from %s: %s", session->facts->user,
                            session->facts->remote_ip,
                            session->in_idle ? "waiting" : "logged in");
}

static void greet(ImapSession *session) {
        _cleanup_free_ char *configured = imap_capability_setting(session->facts->tls);
        _cleanup_free_ char *words = imap_capability_text(
                &(CapabilityFacts){ .configured = configured, .authenticated = true });
        _cleanup_free_ char *code = text_printf("CAPABILITY %s", words);
        ImapWriter writer = imap_session_writer(session);

        if (session->facts->login_tag)
                imap_write_tagged(&writer, session->facts->login_tag, "OK", code, "LOGIN Ok.");
        else
                imap_write_untagged(&writer, "PREAUTH", code, "Ready.");
}

/* The account's options may close IMAP to it; Courier says so after the answer to LOGIN. */
static const char *refusal_of_options(const SessionFacts *facts) {
        if (session_has_option(facts, "disableimap"))
                return "IMAP access disabled for this account.";
        if (session_has_option(facts, "disableinsecureimap") && !facts->tls)
                return "IMAP access disabled via insecure connection.";
        return NULL;
}

/* At the start, and at an end in order, as Courier does; nobody waits for it. */
static int empty_trash(ImapSession *session) {
        _cleanup_free_ char *text = setting_text("IMAP_EMPTYTRASH", NULL);
        _cleanup_purge_rules_ PurgeRules rules = { 0 };
        _cleanup_free_ char *trash = setting_text("IMAP_TRASHFOLDERNAME", "Trash");
        int r;

        if (!text)
                return 0;
        r = imap_session_gone(session, client_stream_flush(session->stream));
        if (r != 0)
                return r;
        purge_rules_parse(text, trash, &rules);
        store_purge(session->store, &rules, (int64_t) (clock_realtime_usec() / USEC_PER_SEC));
        return 0;
}

SessionEnd imap_session_run(ImapSession *session) {
        const char *refusal = refusal_of_options(session->facts);
        int r = 0;

        greet(session);
        if (refusal) {
                ImapWriter writer = imap_session_writer(session);

                imap_write_untagged(&writer, "BYE", NULL, refusal);
                session->end = SESSION_END_LOGOUT;
                r = SESSION_GONE;
        } else {
                session_log_login(session->facts, "IMAP");
                imap_session_show_status(session);
                r = empty_trash(session);
        }
        while (r == 0)
                r = imap_session_answer_command(session);

        client_stream_set_write_timeout(session->stream, FAREWELL_SEC * USEC_PER_SEC);
        (void) client_stream_flush(session->stream); /* if that fails nobody is left to tell */
        if (session->end == SESSION_END_LOGOUT && !refusal)
                (void) empty_trash(session); /* whether the client has gone or not */
        return session->end;
}
