/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INPROGRESS, and the end of a command that nobody waits for. */
#include "imapd/progress.h"

#include <inttypes.h>

#include "basic/clock.h"
#include "basic/setting.h"
#include "basic/text.h"
#include "stream/client-stream.h"

enum { PROGRESS_MSEC = 10 * 1000 };

void progress_start(Progress *progress) {
        *progress = (Progress){ 0 };
}

void progress_expect(ImapSession *session, uint64_t n_steps) {
        if (session->progress.n_all == 0)
                session->progress.n_all = n_steps;
}

void progress_reach(ImapSession *session, uint64_t n_steps) {
        session->progress.n_done = MAX(session->progress.n_done, n_steps);
}

static uint64_t interval_usec(void) {
        return setting_number("IMAP_PROGRESS_MSEC", PROGRESS_MSEC, 0, UINT32_MAX) *
               (USEC_PER_SEC / 1000);
}

/* A tag may have what ends a code; then the numbers are for people only. */
static char *code_of(const char *tag, uint64_t n_done, uint64_t n_all) {
        if (strpbrk(tag, "]\"\\"))
                return text_dup("INPROGRESS");
        return n_all > 0 ? text_printf("INPROGRESS (\"%s\" %" PRIu64 " %" PRIu64 ")", tag, n_done,
                                       n_all)
                         : text_printf("INPROGRESS (\"%s\" %" PRIu64 " NIL)", tag, n_done);
}

/* The goal is not passed, though a search from both ends may see a message twice. */
static int tell(ImapSession *session) {
        const Progress *progress = &session->progress;
        uint64_t n_all = progress->n_all == PROGRESS_UNKNOWN
                                 ? 0 : MIN(progress->n_all, (uint64_t) UINT32_MAX);
        uint64_t n_done = MIN(progress->n_done, n_all > 0 ? n_all : UINT32_MAX);
        _cleanup_free_ char *code = code_of(session->tag, n_done, n_all), *text = NULL;
        ImapWriter writer = imap_session_writer(session);

        text = n_all > 0 ? text_printf("Processed %" PRIu64 " of %" PRIu64, n_done, n_all)
                         : text_printf("Processed %" PRIu64, n_done);
        imap_write_untagged(&writer, "OK", code, text);
        return imap_session_gone(session, client_stream_flush(session->stream));
}

int progress_step(ImapSession *session) {
        Progress *progress = &session->progress;
        uint64_t now = clock_monotonic_usec();
        int r = 0;

        if (progress->due_usec == 0)
                progress->due_usec = now + interval_usec();
        if (now >= progress->due_usec && progress->n_done > 0) {
                r = tell(session);
                progress->due_usec = now + interval_usec();
        }
        progress->n_done++;
        if (r != 0)
                return r;
        r = client_stream_look(session->stream, now);
        if (r == STREAM_STOPPED)
                session->in_handler = false; /* no response is half written: a BYE is in place */
        return imap_session_gone(session, r);
}
