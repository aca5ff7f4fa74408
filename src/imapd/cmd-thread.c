/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * THREAD and UID THREAD (RFC 5256, section 3; REFS of draft-ietf-morg-inthread).
 */
#include "imap-proto/imap-limits.h"
#include "imapd/command-table.h"
#include "imapd/message-fields.h"
#include "imapd/message-limit.h"
#include "imapd/modseq.h"
#include "imapd/progress.h"
#include "imapd/search-run.h"
#include "imapd/sent-date.h"
#include "imapd/threading.h"
#include "store/mailbox.h"
#include "store/message-values.h"
#include "store/message.h"

/* Outcome: the headers are more than IMAP_SORT_OCTETS_MAX. */
enum { THREAD_TOO_LARGE = 1 };

static bool take_algorithm(ImapArgs *args, ThreadAlgorithm *ret_algorithm) {
        for (int i = 0; i < _THREAD_ALGORITHM_MAX; i++)
                if (imap_args_accept_word(args, thread_algorithm_to_name((ThreadAlgorithm) i))) {
                        *ret_algorithm = (ThreadAlgorithm) i;
                        return true;
                }
        return imap_args_wants(args, "an algorithm such as REFERENCES");
}

/* What is known of messages. */
typedef struct ThreadSource {
        ImapSession *session;
        CachedFields *fields; /* owned */
        MessageValues *kept;  /* owned */
        Buffer header, octets;
} ThreadSource;

static void source_done(ThreadSource *source) {
        (void) cached_fields_free(source->fields); /* return NULL */
        (void) message_values_free(source->kept);
        buffer_done(&source->header);
        buffer_done(&source->octets);
}

/* One that is gone or cannot be read is a thread of its own. */
static void work_out(ThreadSource *source, size_t position) {
        _cleanup_(message_closep) Message *message = NULL;

        if (message_fields_find(source->session, position, source->fields, &message,
                                &source->header) != STORE_DONE)
                buffer_clear(&source->header);
        buffer_clear(&source->octets);
        thread_value_build(source->header.data, source->header.size, &source->octets);
        message_values_put(source->kept, position, source->octets.data, source->octets.size);
}

static void add_message(ThreadSource *source, size_t position, Threading *threading) {
        ThreadValue value;
        const char *data;
        size_t size;

        if (!message_values_get(source->kept, position, &data, &size) ||
            !thread_value_read(data, size, &value)) {
                work_out(source, position);
                if (!thread_value_read(source->octets.data, source->octets.size, &value))
                        value = (ThreadValue){ 0 }; /* cannot be: it was built just now */
        }
        threading_add(threading, sent_date_or_arrival(source->session, position, value.has_date,
                                                      value.date_sec), &value);
}

static int gather(ImapSession *session, const SearchFound *found, Threading *threading) {
        static const char *const names[] = { "Message-ID", "References", "In-Reply-To", "Date",
                                             "Subject" };
        _cleanup_(source_done) ThreadSource source = {
                .session = session,
                .fields = cached_fields_new(session->store, names, ELEMENTSOF(names)),
                .kept = message_values_new(session->mailbox, MESSAGE_VALUE_THREAD),
        };

        for (size_t i = 0; i < found->n_numbers; i++) {
                int r = progress_step(session);

                if (r != 0)
                        return r;
                if (threading_octets(threading) > IMAP_SORT_OCTETS_MAX)
                        return THREAD_TOO_LARGE;
                add_message(&source, found->numbers[i] - 1, threading);
        }
        return 0;
}

typedef struct ThreadAnswer {
        ImapSession *session;
        const SearchFound *found;
} ThreadAnswer;

static uint32_t name_of(void *userdata, uint32_t node) {
        const ThreadAnswer *answer = userdata;
        uint32_t number = answer->found->numbers[node - 1];
        MessageRecord record;

        if (!answer->session->uid_command)
                return number;
        mailbox_message_at(answer->session->mailbox, number - 1, &record);
        return record.uid;
}

static int pause_writing(void *userdata) {
        const ThreadAnswer *answer = userdata;

        return imap_session_drain(answer->session);
}

static int tell(ImapSession *session, const SearchFound *found, const Threading *threading) {
        _cleanup_(thread_tree_done) ThreadTree tree = { 0 };
        ThreadAnswer answer = { session, found };
        ImapWriter writer = imap_session_writer(session);
        int r;

        threading_finish(threading, &tree);
        imap_write_raw(&writer, found->n_numbers > 0 ? "* THREAD " : "* THREAD");
        r = thread_tree_write(&tree, name_of, pause_writing, &answer, writer.out);
        imap_write_raw(&writer, "\r\n");
        return r;
}

static int thread_found(ImapSession *session, ThreadAlgorithm algorithm, const SearchFound *found,
                        ImapReply *ret_reply) {
        _cleanup_(threading_done) Threading threading = { 0 };
        int r;

        threading_init(&threading, algorithm);
        r = gather(session, found, &threading);
        if (r == THREAD_TOO_LARGE) {
                *ret_reply = (ImapReply){ IMAP_NO, .code = "LIMIT",
                                          .text = "Too much to thread at once, search for less" };
                return 0;
        }
        if (r == 0)
                r = tell(session, found, &threading);
        if (r != 0)
                return r;
        *ret_reply = (ImapReply){ IMAP_OK, .text = "THREAD done." };
        return 0;
}

int cmd_thread(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_search_program_ SearchProgram program = { 0 };
        _cleanup_search_found_ SearchFound found = { 0 };
        ThreadAlgorithm algorithm = THREAD_ORDEREDSUBJECT;
        int r;

        if (!take_algorithm(args, &algorithm) || !search_program_take_sorted(args, &program))
                return imap_reply_bad_args(args, ret_reply);
        if (search_is_disabled(ret_reply) || search_is_refused(&program, ret_reply))
                return 0;
        if (program.has_modseq)
                imap_session_use_modseqs(session);
        r = search_run_first(session, &program, &found);
        if (r == 0 && message_limit_was_met(session, ret_reply))
                return 0;
        return r != 0 ? r : thread_found(session, algorithm, &found, ret_reply);
}
