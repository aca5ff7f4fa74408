/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ESEARCH: a search in several mailboxes, without selecting them (RFC 7377). One after the other
 * is opened, searched and closed; what is selected stays as it is.
 */
#include "basic/text.h"
#include "imap-proto/mailbox-filter.h"
#include "imapd/command-table.h"
#include "imapd/mailbox-argument.h"
#include "imapd/message-limit.h"
#include "imapd/modseq.h"
#include "imapd/progress.h"
#include "imapd/search-result.h"
#include "imapd/search-run.h"
#include "imapd/search-sources.h"
#include "store/mailbox.h"
#include "stream/client-stream.h"

typedef struct SearchRequest {
        MailboxFilters filters;
        SearchReturn wanted;
        SearchProgram program;
} SearchRequest;

static void request_done(SearchRequest *request) {
        mailbox_filters_done(&request->filters);
        search_program_done(&request->program);
}

static bool take_request(ImapArgs *args, SearchRequest *request) {
        if (!mailbox_filters_take(args, &request->filters) ||
            !search_return_take(args, &request->wanted) ||
            !search_program_take(args, &request->program))
                return false;
        if (request->wanted.options & SEARCH_RETURN_SAVE &&
            !mailbox_filters_only_selected(&request->filters))
                return imap_args_fail(args, "SAVE is for the selected mailbox alone");
        if (!request->wanted.is_extended)
                request->wanted = (SearchReturn){ .is_extended = true,
                                                  .options = SEARCH_RETURN_ALL };
        return true;
}

static void normalize_names(ImapSession *session, MailboxFilters *filters) {
        for (size_t i = 0; i < filters->n_filters; i++)
                if (filters->filters[i].name)
                        mailbox_argument_normalize(session, &filters->filters[i].name);
}

/* A mailbox in which nothing matches is not told of. */
static int search_selected(ImapSession *session, const SearchRequest *request, const char *name) {
        _cleanup_search_found_ SearchFound found = { 0 };
        int r = search_run(session, &request->program, search_return_reach(&request->wanted),
                           &found);

        if (r != 0)
                return r;
        if (found.n_numbers > 0 || found.n_last > 0)
                return search_result_tell_mailbox(session, name, &request->wanted,
                                                  request->program.has_modseq, &found);
        search_result_forget(session, &request->wanted);
        return 0;
}

/*
 * As if it were selected, for as long as that takes. "$" is nothing there. What was done in the
 * mailbox that is selected has to be on disk before, for the client may be told of it meanwhile.
 */
static int search_other(ImapSession *session, const SearchRequest *request, const char *name) {
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        Mailbox *selected = session->mailbox;
        NumberSet saved_uids = session->saved_uids;
        int r = imap_session_gone(session, client_stream_flush(session->stream));

        if (r != 0)
                return r;
        r = mailbox_open(session->store, name, MAILBOX_READ_ONLY, &box);
        if (r != STORE_DONE)
                return MIN(r, 0); /* gone meanwhile, or closed to us: as if it were not there */
        session->mailbox = box;
        session->saved_uids = (NumberSet){ 0 };
        r = search_selected(session, request, name);
        session->mailbox = selected;
        session->saved_uids = saved_uids;
        return r;
}

static int search_all(ImapSession *session, const SearchRequest *request, const StoreList *list,
                      const bool *chosen, ImapReply *ret_reply) {
        *ret_reply = (ImapReply){ IMAP_OK, .text = "ESEARCH done." };
        progress_expect(session, PROGRESS_UNKNOWN);
        for (size_t i = 0; i < list->n_entries; i++) {
                const char *name = list->entries[i].name;
                int r;

                if (!chosen[i])
                        continue;
                r = progress_step(session); /* of mailboxes without a message, too */
                if (r == 0)
                        r = imap_session_drain(session);
                if (r == 0)
                        r = session->mailbox && text_equal(name, session->mailbox_name)
                                    ? search_selected(session, request, name)
                                    : search_other(session, request, name);
                if (r != 0 || message_limit_was_met(session, ret_reply))
                        return r;
        }
        return 0;
}

static int run(ImapSession *session, const SearchRequest *request, ImapReply *ret_reply) {
        _cleanup_store_list_ StoreList list = { 0 };
        _cleanup_free_ bool *chosen = NULL;
        int r = search_sources_gather(session->store, &request->filters, session->mailbox_name,
                                      &list, &chosen);

        if (r < 0)
                return r;
        if (r != STORE_DONE) {
                *ret_reply = imap_reply_from_outcome(r, NULL);
                return 0;
        }
        return search_all(session, request, &list, chosen, ret_reply);
}

int cmd_esearch(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_(request_done) SearchRequest request = { 0 };

        if (!take_request(args, &request))
                return imap_reply_bad_args(args, ret_reply);
        if (mailbox_filters_has(&request.filters, FILTER_SELECTED) && !session->mailbox) {
                *ret_reply = imap_reply_bad("No mailbox is selected");
                return 0;
        }
        if (search_is_refused(&request.program, ret_reply)) {
                if (ret_reply->status == IMAP_NO)
                        search_result_forget(session, &request.wanted);
                return 0;
        }
        normalize_names(session, &request.filters);
        if (request.program.has_modseq)
                imap_session_use_modseqs(session);
        session->uid_command = true; /* message numbers mean nothing where nobody has selected */
        if (mailbox_filters_only_selected(&request.filters)) {
                *ret_reply = (ImapReply){ IMAP_OK, .text = "ESEARCH done." };
                return search_selected(session, &request, session->mailbox_name);
        }
        return run(session, &request, ret_reply);
}
