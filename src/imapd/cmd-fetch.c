/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FETCH and UID FETCH (RFC 9051, sections 6.4.5 and 6.4.9), of all or of what has changed
 * (RFC 7162, sections 3.1.4.1 and 3.2.6).
 */
#include "imap-proto/modifiers.h"
#include "imapd/command-table.h"
#include "imapd/fetch-message.h"
#include "imapd/message-limit.h"
#include "imapd/message-set.h"
#include "imapd/modseq.h"
#include "imapd/progress.h"
#include "store/mailbox.h"

/* So many messages are marked \Seen in one go. More would be marked long before the client,
 * who may break off, has got them. */
enum { SEEN_BATCH = 32 };

/* Marks the messages first..last that are in the set. Return: 0, an outcome, negative errno. */
static int mark_seen(ImapSession *session, const NumberSet *numbers, uint32_t first,
                     uint32_t last, NumberSet *ret_changed) {
        _cleanup_number_set_ NumberSet batch = { 0 }, uids = { 0 };

        for (uint32_t number = first - 1; number_set_next(numbers, number + 1, &number);) {
                if (number > last)
                        break;
                number_set_add(&batch, number, number);
        }
        message_set_uids(session, &batch, &uids);
        return mailbox_store_flags(session->mailbox, &uids,
                                   &(FlagsWanted){ .change = FLAGS_ADD, .flags = FLAG_SEEN },
                                   ret_changed, NULL);
}

static bool has_changed(ImapSession *session, const NumberSet *changed, uint32_t number) {
        MessageRecord record;

        if (changed->n_ranges == 0)
                return false;
        mailbox_message_at(session->mailbox, number - 1, &record);
        return number_set_has(changed, record.uid);
}

/* The messages behind one, in the order in which they are fetched. */
static NumberRange next_batch(uint32_t number, bool downwards) {
        if (downwards)
                return (NumberRange){ number - MIN(number - 1, (uint32_t) SEEN_BATCH - 1), number };
        return (NumberRange){ number, number + SEEN_BATCH - 1 };
}

static int fetch_all(FetchRun *run, const NumberSet *numbers, bool downwards) {
        bool marks = run->program->sets_seen && !run->session->read_only;
        _cleanup_number_set_ NumberSet changed = { 0 };
        NumberRange marked = { 0 };

        progress_expect(run->session, number_set_count(numbers));
        for (uint32_t number = downwards ? UINT32_MAX : 0;
             downwards ? number_set_previous(numbers, number - 1, &number)
                       : number_set_next(numbers, number + 1, &number);) {
                int r = progress_step(run->session);

                if (r != 0)
                        return r;
                if (marks && (number < marked.first || number > marked.last)) {
                        marked = next_batch(number, downwards);
                        number_set_done(&changed);
                        changed = (NumberSet){ 0 };
                        /* Showing the mail matters more than the mark; a failure was reported. */
                        (void) mark_seen(run->session, numbers, marked.first, marked.last,
                                         &changed);
                }
                r = fetch_message_write(run, number - 1,
                                        has_changed(run->session, &changed, number));
                if (r != 0)
                        return r;
        }
        return 0;
}

static ImapReply reply_of(const FetchRun *run) {
        if (run->found_missing)
                return (ImapReply){ IMAP_NO, .code = "EXPUNGEISSUED",
                                    .text = "Some of the messages no longer exist." };
        if (run->found_damaged)
                return (ImapReply){ IMAP_NO, .code = "CORRUPTION",
                                    .text = "Some of the messages are damaged." };
        if (run->found_unreadable)
                return (ImapReply){ IMAP_NO, .code = "SERVERBUG",
                                    .text = "Some of the messages cannot be read." };
        if (run->found_undecodable)
                return (ImapReply){ IMAP_NO, .code = "UNKNOWN-CTE",
                                    .text = "The encoding of some parts is unknown." };
        return (ImapReply){ IMAP_OK, .text = "FETCH completed." };
}

/* Leaves only a page of the messages in the set (RFC 9394, section 3.3). */
static void keep_page(const PartialRange *partial, NumberSet *numbers) {
        _cleanup_number_set_ NumberSet all = *numbers;
        size_t start, end, at = 0;

        *numbers = (NumberSet){ 0 };
        partial_range_slice(partial, (size_t) number_set_count(&all), &start, &end);
        for (size_t i = 0; i < all.n_ranges; i++) {
                const NumberRange *range = &all.ranges[i];
                size_t n = (size_t) range->last - range->first + 1;
                size_t from = MAX(start, at), to = MIN(end, at + n);

                if (from < to)
                        number_set_add(numbers, range->first + (uint32_t) (from - at),
                                       range->first + (uint32_t) (to - 1 - at));
                at += n;
        }
}

/* What FETCH is asked for. */
typedef struct FetchRequest {
        SequenceSet set;
        FetchProgram program;
        FetchModifiers modifiers;
} FetchRequest;

static void request_done(FetchRequest *request) {
        sequence_set_done(&request->set);
        fetch_program_done(&request->program);
}

static bool take_request(ImapSession *session, ImapArgs *args, FetchRequest *request) {
        if (!imap_args_take_sequence_set(args, &request->set) ||
            !fetch_program_take(args, &request->program) ||
            !fetch_modifiers_take(args, &request->modifiers) || !imap_args_at_end(args))
                return false;
        if (request->modifiers.vanished && !session->uid_command)
                return imap_args_fail(args, "VANISHED is for UID FETCH only");
        if (request->modifiers.vanished && !session->qresync)
                return imap_args_fail(args, "QRESYNC has to be switched on with ENABLE before");
        return !request->modifiers.has_changed_since ||
               fetch_program_add(args, &request->program, FETCH_MODSEQ);
}

/* Leaves those that have changed since. */
static void choose_changed(ImapSession *session, uint64_t modseq, NumberSet *numbers) {
        _cleanup_number_set_ NumberSet changed = { 0 };

        for (uint32_t number = 0; number_set_next(numbers, number + 1, &number);) {
                MessageRecord record;

                mailbox_message_at(session->mailbox, number - 1, &record);
                if (record.modseq > modseq)
                        number_set_add(&changed, number, number);
        }
        number_set_done(numbers);
        *numbers = changed;
        changed = (NumberSet){ 0 };
}

static int write_vanished(ImapSession *session, const FetchRequest *request) {
        _cleanup_number_set_ NumberSet uids = { 0 };

        message_set_all_uids(session, &request->set, &uids);
        return imap_session_write_earlier(session, &uids, request->modifiers.changed_since);
}

int cmd_fetch(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_(request_done) FetchRequest request = { 0 };
        _cleanup_number_set_ NumberSet numbers = { 0 };
        bool downwards;
        FetchRun run;
        int r = 0;

        if (!take_request(session, args, &request))
                return imap_reply_bad_args(args, ret_reply);
        if (!message_set_choose(session, &request.set, &numbers, ret_reply) ||
            (request.modifiers.has_partial &&
             message_limit_refuses(partial_range_size(&request.modifiers.partial), ret_reply)))
                return 0;
        if (fetch_program_has(&request.program, FETCH_MODSEQ))
                imap_session_use_modseqs(session);
        if (request.modifiers.vanished)
                r = write_vanished(session, &request);
        if (r != 0)
                return r;
        if (request.modifiers.has_changed_since)
                choose_changed(session, request.modifiers.changed_since, &numbers);
        if (request.modifiers.has_partial)
                keep_page(&request.modifiers.partial, &numbers);

        downwards = message_limit_keep(session, &numbers);
        fetch_run_init(&run, session, &request.program);
        r = fetch_all(&run, &numbers, downwards);
        fetch_run_done(&run);
        if (r != 0)
                return r;
        *ret_reply = reply_of(&run);
        return 0;
}
