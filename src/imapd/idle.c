/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IDLE (RFC 2177). */
#include "imapd/idle.h"

#include <errno.h>

#include "basic/clock.h"
#include "basic/setting.h"
#include "basic/text.h"
#include "imap-proto/imap-limits.h"
#include "imapd/modseq.h"
#include "imapd/updates.h"
#include "store/mailbox.h"
#include "stream/client-stream.h"

enum {
        IDLE_MAX_SEC = 30 * 60,
        POLL_DEFAULT_SEC = 60,      /* IMAP_IDLE_TIMEOUT */
        WATCHED_POLL_SEC = 15 * 60, /* a watch that went deaf is found out so much later */
        BURST_MSEC = 200,           /* the first event at once, those right behind it together */
};

typedef struct Idling {
        ImapSession *session;
        int watch_fd;        /* borrowed from the mailbox; -EBADF: poll */
        uint64_t end_usec;   /* when the client is taken for dead */
        uint64_t poll_usec;  /* time between two looks without an event */
        uint64_t quiet_usec; /* until then an event only counts later: it belongs to a burst */
} Idling;

static int look(Idling *idling) {
        int r = imap_session_report(idling->session, true);

        imap_session_tell_modseq(idling->session, NULL);
        idling->quiet_usec = clock_deadline_usec(BURST_MSEC * USEC_PER_MSEC);
        return r;
}

static int begin(Idling *idling, ImapSession *session) {
        uint64_t poll_sec = setting_number("IMAP_IDLE_TIMEOUT", POLL_DEFAULT_SEC, 1, IDLE_MAX_SEC);
        ImapWriter writer = imap_session_writer(session);

        *idling = (Idling){
                .session = session,
                .watch_fd = session->mailbox ? mailbox_watch(session->mailbox) : -EBADF,
                .end_usec = clock_deadline_usec(IDLE_MAX_SEC * USEC_PER_SEC),
        };
        idling->poll_usec = (idling->watch_fd < 0 ? poll_sec : WATCHED_POLL_SEC) * USEC_PER_SEC;
        imap_write_continuation(&writer, idling->watch_fd < 0 ? "entering idle mode"
                                                              : "entering ENHANCED idle mode");
        return look(idling);
}

/* Waits for input, an event, the next look, or the end. Return: 0 or SESSION_GONE. */
static int wait_once(Idling *idling, bool *ret_input) {
        ImapSession *session = idling->session;
        uint64_t burst_usec = clock_left_usec(idling->quiet_usec);
        uint64_t proof_usec = session->mailbox ? mailbox_proof_wait_usec(session->mailbox)
                                               : USEC_INFINITY;
        uint64_t wait_usec = burst_usec > 0 ? burst_usec : MIN(idling->poll_usec, proof_usec);
        unsigned ready = 0;
        int r;

        if (clock_left_usec(idling->end_usec) == 0)
                return imap_session_gone(session, STREAM_TIMEOUT);
        r = client_stream_wait(session->stream, burst_usec > 0 ? -EBADF : idling->watch_fd,
                               MIN(wait_usec, clock_left_usec(idling->end_usec)), &ready);
        if (r != STREAM_DONE && (r != STREAM_TIMEOUT || client_stream_has_output(session->stream)))
                return imap_session_gone(session, r); /* closed, stopped, or it does not read */
        *ret_input = ready & STREAM_INPUT_READY;
        if (ready & STREAM_EXTRA_READY)
                mailbox_watch_clear(session->mailbox);
        else if (r == STREAM_DONE || burst_usec > 0)
                return 0;
        else if (proof_usec < USEC_INFINITY)
                mailbox_prove(session->mailbox);
        return look(idling);
}

static int read_done(ImapSession *session, ImapReply *ret_reply) {
        _cleanup_buffer_ Buffer line = { 0 };
        int r;

        r = client_stream_read_line(session->stream, IMAP_LINE_MAX, &line);
        if (r == STREAM_TOO_LONG)
                r = client_stream_skip_line(session->stream);
        if (r != STREAM_DONE)
                return imap_session_gone(session, r);
        if (text_equal_nocase(line.data, "DONE\r\n") || text_equal_nocase(line.data, "DONE\n"))
                *ret_reply = (ImapReply){ .text = "IDLE completed" };
        else
                *ret_reply = imap_reply_bad("IDLE ends with DONE");
        return 0;
}

int imap_session_idle(ImapSession *session, ImapReply *ret_reply) {
        bool has_input = false;
        Idling idling;
        int r;

        r = begin(&idling, session);
        while (r == 0 && !has_input)
                r = wait_once(&idling, &has_input);
        session->in_idle = false;
        if (r != 0)
                return r;
        imap_session_show_status(session);
        return read_done(session, ret_reply);
}
